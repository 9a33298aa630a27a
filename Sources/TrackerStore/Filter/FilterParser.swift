/// Reads a condition by recursive descent.
///
///     condition  = conjunction { "or" conjunction }
///     conjunction = negation { "and" negation }
///     negation   = "not" negation | "(" condition ")" | comparison
///     comparison = field ( sign value | [ "not" ] "in" "(" value { "," value } ")"
///                        | [ "not" ] "like" text | "is" [ "not" ] "null" )
///     field      = [ "params." | "metrics." | "tags." ] key | aggregate "(" field ")"
///
/// Documentation/query-language.md has the whole grammar.
struct FilterParser {
  /// Conditions nest at most this deep: SQLite's own parser has a stack of 100 symbols.
  static let depthLimit = 12

  private let text: String
  private let tokens: [FilterLexer.Token]
  /// What the text is, in messages.
  private let noun: String
  private var index = 0
  private var depth = 0

  static func parse(_ text: String) throws(FilterSyntaxError) -> FilterExpression {
    var parser = FilterParser(
      text: text, tokens: try FilterLexer.tokens(of: text), noun: "condition")
    let expression = try parser.condition()
    guard parser.current.kind == .end else {
      throw parser.unexpected("and, or, or the end of the condition")
    }
    return expression
  }

  /// Reads the fields that runs are ordered by: `-best(testAccuracy),lambda`.
  static func parseSort(_ text: String) throws(FilterSyntaxError) -> [FilterSortKey] {
    var parser = FilterParser(text: text, tokens: try FilterLexer.tokens(of: text), noun: "order")
    var keys: [FilterSortKey] = []
    repeat {
      let isDescending = parser.takeSign("-")
      keys.append(FilterSortKey(field: try parser.field(), isDescending: isDescending))
    } while parser.takeSign(",")
    guard parser.current.kind == .end else { throw parser.unexpected("a comma, or nothing more") }
    return keys
  }

  private init(text: String, tokens: [FilterLexer.Token], noun: String) {
    self.text = text
    self.tokens = tokens
    self.noun = noun
  }

  private var current: FilterLexer.Token { tokens[index] }

  private func unexpected(_ expectation: String) -> FilterSyntaxError {
    let found =
      tokens.count == 1
      ? "the \(noun) is empty"
      : current.kind == .end
        ? "the \(noun) ends here" : "\(quotedOnce(current)) is unexpected"
    return FilterSyntaxError(
      text: text, range: current.range, message: "\(found); expected \(expectation)",
      suggestion: nil)
  }

  private func quotedOnce(_ token: FilterLexer.Token) -> String {
    let written = String(Array(text)[token.range])
    if case .text = token.kind { return written }
    return "\"\(written)\""
  }

  private func isKeyword(_ keyword: String) -> Bool {
    if case .word(let word) = current.kind { return word.lowercased() == keyword }
    return false
  }

  private mutating func take(_ keyword: String) -> Bool {
    guard isKeyword(keyword) else { return false }
    index += 1
    return true
  }

  private mutating func takeSign(_ sign: String) -> Bool {
    guard current.kind == .sign(sign) else { return false }
    index += 1
    return true
  }

  private mutating func condition() throws(FilterSyntaxError) -> FilterExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw FilterSyntaxError(
        text: text, range: current.range, message: "the condition is nested too deeply",
        suggestion: nil)
    }
    var terms = [try conjunction()]
    while take("or") { terms.append(try conjunction()) }
    return terms.count == 1 ? terms[0] : .or(terms)
  }

  private mutating func conjunction() throws(FilterSyntaxError) -> FilterExpression {
    var terms = [try negation()]
    while take("and") { terms.append(try negation()) }
    return terms.count == 1 ? terms[0] : .and(terms)
  }

  private mutating func negation() throws(FilterSyntaxError) -> FilterExpression {
    var isNegated = false
    while take("not") { isNegated.toggle() }
    let expression: FilterExpression
    if takeSign("(") {
      expression = try condition()
      guard takeSign(")") else { throw unexpected("and, or, or a closing parenthesis") }
    } else {
      expression = try comparison()
    }
    return isNegated ? .not(expression) : expression
  }

  private mutating func comparison() throws(FilterSyntaxError) -> FilterExpression {
    let field = try field()
    if take("is") {
      let isNegated = take("not")
      guard take("null") else { throw unexpected(isNegated ? "null" : "null or not null") }
      return isNegated ? .not(.isNull(field)) : .isNull(field)
    }
    let isNegated = take("not")
    if take("in") {
      let expression = FilterExpression.isIn(field, try list())
      return isNegated ? .not(expression) : expression
    }
    if take("like") {
      let literal = try literal()
      guard case .text(let pattern) = literal.value else {
        throw FilterSyntaxError(
          text: text, range: literal.range, message: "like takes a text",
          suggestion: "such as name like \"tnc%\"")
      }
      return isNegated ? .not(.like(field, pattern: pattern)) : .like(field, pattern: pattern)
    }
    guard !isNegated, case .sign(let sign) = current.kind,
      let comparison = FilterOperator(rawValue: sign)
    else {
      throw unexpected(isNegated ? "in or like" : "=, !=, <, <=, >, >=, in, like or is null")
    }
    index += 1
    return .compare(field, comparison, try literal())
  }

  private mutating func list() throws(FilterSyntaxError) -> [FilterLiteral] {
    guard takeSign("(") else { throw unexpected("an opening parenthesis") }
    var literals = [try literal()]
    while takeSign(",") { literals.append(try literal()) }
    guard takeSign(")") else { throw unexpected("a comma or a closing parenthesis") }
    return literals
  }

  private mutating func field() throws(FilterSyntaxError) -> FilterField {
    let token = current
    guard case .word(let word) = token.kind, tokens[index + 1].kind == .sign("(") else {
      return try key()
    }
    guard let aggregate = FilterField.Aggregate(rawValue: word.lowercased()) else {
      throw FilterSyntaxError(
        text: text, range: token.range, message: "\"\(word)\" is not an aggregate",
        suggestion: "use best, first, last, min or max")
    }
    index += 2
    var field = try key()
    guard takeSign(")") else { throw unexpected("a closing parenthesis") }
    field.aggregate = aggregate
    return field
  }

  /// Words that are not keys and no values unless they are quoted.
  private static let keywords: Set<String> = ["and", "or", "not", "in", "like", "is"]

  private mutating func key() throws(FilterSyntaxError) -> FilterField {
    let token = current
    switch token.kind {
    case .quotedWord(let scope, let key):
      index += 1
      guard let found = FilterField.Scope(written: scope.dropLast()) else {
        return FilterField(scope: nil, key: scope + key, aggregate: nil, range: token.range)
      }
      return FilterField(scope: found, key: key, aggregate: nil, range: token.range)
    case .word(let word) where !Self.keywords.contains(word.lowercased()):
      index += 1
      return Self.field(word, range: token.range)
    case .text(let key):
      throw FilterSyntaxError(
        text: text, range: token.range,
        message: "\(quotedOnce(token)) is a text; expected the name of what it is compared with",
        suggestion: "a name with spaces stands between backquotes: `\(key)`")
    default: throw unexpected("the name of a parameter, metric, tag or column")
    }
  }

  private static func field(_ word: String, range: Range<Int>) -> FilterField {
    if let dot = word.firstIndex(of: "."), let scope = FilterField.Scope(written: word[..<dot]) {
      let key = String(word[word.index(after: dot)...])
      return FilterField(scope: scope, key: key, aggregate: nil, range: range)
    }
    return FilterField(scope: nil, key: word, aggregate: nil, range: range)
  }

  private mutating func literal() throws(FilterSyntaxError) -> FilterLiteral {
    let token = current
    let value: FilterLiteral.Value
    switch token.kind {
    case .number(let number): value = .number(number)
    case .duration(let seconds): value = .duration(seconds: seconds)
    case .text(let text): value = .text(text)
    case .word(let word) where !Self.keywords.contains(word.lowercased()):
      switch word.lowercased() {
      case "true": value = .boolean(true)
      case "false": value = .boolean(false)
      case "nan": value = .number(.nan)
      case "inf", "infinity": value = .number(.infinity)
      case "null":
        throw FilterSyntaxError(
          text: text, range: token.range, message: "null is not compared with",
          suggestion: "use is null or is not null")
      default: value = .text(word)
      }
    default: throw unexpected("a number, a text or a date")
    }
    index += 1
    return FilterLiteral(value: value, range: token.range)
  }
}
