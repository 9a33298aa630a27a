/// Reads an alert's condition by recursive descent.
struct AlertParser {
  private(set) var keys: [String] = []
  private let text: String
  private let tokens: [FilterLexer.Token]
  private var index = 0
  private var depth = 0
  private static let depthLimit = 12

  init(_ text: String) throws(FilterSyntaxError) {
    self.text = text
    tokens = try FilterLexer.tokens(of: text, signs: "*/+-")
  }

  private var current: FilterLexer.Token { tokens[index] }

  private func unexpected(_ expectation: String) -> FilterSyntaxError {
    let found =
      current.kind == .end
      ? tokens.count == 1 ? "the condition is empty" : "the condition ends here"
      : "\"\(String(Array(text)[current.range]))\" is unexpected"
    return FilterSyntaxError(
      text: text, range: current.range, message: "\(found); expected \(expectation)",
      suggestion: "such as isnan(cost), cost > 3 * min(cost), or no point for 10m")
  }

  private mutating func take(_ word: String) -> Bool {
    guard case .word(let found) = current.kind, found.lowercased() == word else { return false }
    index += 1
    return true
  }

  private mutating func take(sign: String) -> Bool {
    guard current.kind == .sign(sign) else { return false }
    index += 1
    return true
  }

  func requireEnd() throws(FilterSyntaxError) {
    guard current.kind == .end else { throw unexpected("and, or, or the end of the condition") }
  }

  private mutating func nested<R>(
    _ body: (inout AlertParser) throws(FilterSyntaxError) -> R
  ) throws(FilterSyntaxError) -> R {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw FilterSyntaxError(
        text: text, range: current.range, message: "the condition is nested too deeply",
        suggestion: nil)
    }
    return try body(&self)
  }

  mutating func condition() throws(FilterSyntaxError) -> AlertCondition.Node {
    try nested { (parser: inout AlertParser) throws(FilterSyntaxError) in
      var node = try parser.conjunction()
      while parser.take("or") { node = .or(node, try parser.conjunction()) }
      return node
    }
  }

  private mutating func conjunction() throws(FilterSyntaxError) -> AlertCondition.Node {
    var node = try negation()
    while take("and") { node = .and(node, try negation()) }
    return node
  }

  private mutating func negation() throws(FilterSyntaxError) -> AlertCondition.Node {
    var isNegated = false
    while take("not") { isNegated.toggle() }
    let node = try statement()
    return isNegated ? .not(node) : node
  }

  private mutating func statement() throws(FilterSyntaxError) -> AlertCondition.Node {
    if case .word(let word) = current.kind, word.lowercased() == "isnan",
      tokens[index + 1].kind == .sign("(")
    {
      index += 2
      let value = try sum()
      guard take(sign: ")") else { throw unexpected("a closing parenthesis") }
      return .isNaN(value)
    }
    if case .word(let word) = current.kind, word.lowercased() == "no",
      case .word(let next) = tokens[index + 1].kind, next.lowercased() == "point"
    {
      index += 2
      guard take("for"), case .duration(let seconds) = current.kind else {
        throw unexpected("for and a duration")
      }
      index += 1
      return .noPoint(seconds: seconds)
    }
    // A parenthesis opens a condition or a sum: what stands after it tells.
    if current.kind == .sign("(") {
      var parser = self
      parser.index += 1
      if let node = try? parser.condition(), parser.take(sign: ")"), !parser.isBeforeOperator {
        self = parser
        return node
      }
    }
    let left = try sum()
    guard case .sign(let sign) = current.kind, let comparison = FilterOperator(rawValue: sign)
    else {
      throw unexpected("=, !=, <, <=, > or >=")
    }
    index += 1
    return .compare(left, comparison, try sum())
  }

  private var isBeforeOperator: Bool {
    guard case .sign(let sign) = current.kind else { return false }
    return FilterOperator(rawValue: sign) != nil || ["+", "-", "*", "/"].contains(sign)
  }

  private mutating func sum() throws(FilterSyntaxError) -> AlertCondition.Expression {
    var value = try product()
    while true {
      if take(sign: "+") {
        value = .binary(value, "+", try product())
      } else if take(sign: "-") {
        value = .binary(value, "-", try product())
      } else {
        return value
      }
    }
  }

  private mutating func product() throws(FilterSyntaxError) -> AlertCondition.Expression {
    var value = try factor()
    while true {
      if take(sign: "*") {
        value = .binary(value, "*", try factor())
      } else if take(sign: "/") {
        value = .binary(value, "/", try factor())
      } else {
        return value
      }
    }
  }

  private mutating func factor() throws(FilterSyntaxError) -> AlertCondition.Expression {
    try nested { (parser: inout AlertParser) throws(FilterSyntaxError) in
      try parser.unnestedFactor()
    }
  }

  private mutating func unnestedFactor() throws(FilterSyntaxError) -> AlertCondition.Expression {
    if take(sign: "-") { return .negative(try factor()) }
    if take(sign: "(") {
      let value = try sum()
      guard take(sign: ")") else { throw unexpected("a closing parenthesis") }
      return value
    }
    switch current.kind {
    case .number(let number):
      index += 1
      return .number(number)
    case .duration(let seconds):
      index += 1
      return .number(seconds)
    case .quotedWord("", let key):
      index += 1
      return metric(key, .last)
    case .word(let word):
      switch word.lowercased() {
      case "inf", "infinity":
        index += 1
        return .number(.infinity)
      case "and", "or", "not": throw unexpected("a metric or a number")
      default: break
      }
      if tokens[index + 1].kind == .sign("(") { return try aggregate(word) }
      index += 1
      return metric(word, .last)
    default: throw unexpected("a metric or a number")
    }
  }

  private mutating func aggregate(_ word: String) throws(FilterSyntaxError)
    -> AlertCondition.Expression
  {
    guard let aggregate = FilterField.Aggregate(rawValue: word.lowercased()) else {
      throw FilterSyntaxError(
        text: text, range: current.range, message: "\"\(word)\" is not an aggregate",
        suggestion: "use first, last, min, max, best or isnan")
    }
    index += 2
    let key: String
    switch current.kind {
    case .word(let word), .quotedWord("", let word): key = word
    default: throw unexpected("the name of a metric")
    }
    index += 1
    guard take(sign: ")") else { throw unexpected("a closing parenthesis") }
    return metric(key, aggregate)
  }

  private mutating func metric(
    _ written: String, _ aggregate: FilterField.Aggregate
  ) -> AlertCondition.Expression {
    let key = written.hasPrefix("metrics.") ? String(written.dropFirst("metrics.".count)) : written
    if !keys.contains(key) { keys.append(key) }
    return .metric(key, aggregate)
  }
}
