/// A comparison of MLflow's search language, such as ``metrics.`my key` >= 0.5``.
struct SearchClause: Hashable {
  /// `metric`, `parameter`, `tag`, `attribute`, `dataset`; `nil` where none was written.
  var entity: String?
  var key: String
  var comparison: Comparison
  var value: Value

  enum Comparison: String {
    case equal = "="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case like = "LIKE"
    case iLike = "ILIKE"
    case isIn = "IN"
    case isNotIn = "NOT IN"
    case isNull = "IS NULL"
    case isNotNull = "IS NOT NULL"

    var isOrder: Bool {
      switch self {
      case .less, .lessOrEqual, .greater, .greaterOrEqual: true
      default: false
      }
    }
  }

  enum Value: Hashable {
    case none
    case number(Double)
    case text(String)
    case texts([String])
  }
}

/// Reads MLflow's search language: comparisons that are joined by AND.
struct SearchParser {
  private enum Token: Hashable {
    /// A bare word, such as `metrics.loss` or `AND`, with the quoted part that may follow its dot.
    case word(String)
    /// A text in single or double quotes, without them.
    case quoted(String)
    /// A name in backticks, without them.
    case name(String)
    case number(Double, String)
    case sign(String)
  }

  private let text: String
  private var tokens: ArraySlice<Token>

  /// The comparisons of a condition, all of which must be true; none for an empty one.
  static func clauses(_ text: String) throws -> [SearchClause] {
    var parser = SearchParser(text: text, tokens: try SearchParser.tokens(text)[...])
    var clauses: [SearchClause] = []
    while !parser.tokens.isEmpty {
      if !clauses.isEmpty {
        guard parser.take(word: "AND") else {
          throw MLflowError.invalid(
            "Invalid clause(s) in filter string: '\(text)'. Provide AND-ed expression list.")
        }
      }
      clauses.append(try parser.clause())
      guard clauses.count <= 1000 else {
        throw MLflowError.invalid("Invalid filter string: it has more than 1000 clauses.")
      }
    }
    return clauses
  }

  /// A field to order by, such as ``metrics.`my key` DESC``.
  static func order(_ text: String) throws -> (
    entity: String?, key: String, isAscending: Bool
  ) {
    var parser = SearchParser(text: text, tokens: try SearchParser.tokens(text)[...])
    var (entity, key) = try parser.identifier()
    // Two words without a dot are an older name, such as `Run name`.
    if entity == nil, key.lowercased() == "run", parser.take(word: "NAME") { key = "run name" }
    var isAscending = true
    if parser.take(word: "DESC") { isAscending = false } else { _ = parser.take(word: "ASC") }
    guard parser.tokens.isEmpty else {
      throw MLflowError.invalid(
        "Invalid ordering key in order_by clause '\(text)'. Could not be parsed.")
    }
    return (entity, key, isAscending)
  }

  private init(text: String, tokens: ArraySlice<Token>) {
    self.text = text
    self.tokens = tokens
  }

  private func invalid(_ what: String) -> MLflowError {
    .invalid("Invalid comparison clause. \(what) in filter string '\(text)'")
  }

  private mutating func take(word: String) -> Bool {
    guard case .word(let found)? = tokens.first, found.uppercased() == word else { return false }
    tokens.removeFirst()
    return true
  }

  private mutating func take(sign: String) -> Bool {
    guard tokens.first == .sign(sign) else { return false }
    tokens.removeFirst()
    return true
  }

  private mutating func identifier() throws -> (entity: String?, key: String) {
    switch tokens.popFirst() {
    case .word(let word):
      guard let dot = word.firstIndex(of: ".") else { return (nil, word) }
      let entity = String(word[..<dot])
      let key = String(word[word.index(after: dot)...])
      if !key.isEmpty { return (entity, key) }
      // The key is in quotes of its own.
      switch tokens.popFirst() {
      case .quoted(let key), .name(let key): return (entity, key)
      default: throw invalid("Expected a key after '\(word)'")
      }
    case .name(let key), .quoted(let key):
      guard take(sign: ".") else { return (nil, key) }
      return (key, try identifier().key)
    default: throw invalid("Expected 'Identifier'")
    }
  }

  private mutating func clause() throws -> SearchClause {
    let (entity, key) = try identifier()
    func clause(_ comparison: SearchClause.Comparison, _ value: SearchClause.Value) -> SearchClause
    {
      SearchClause(entity: entity, key: key, comparison: comparison, value: value)
    }
    if take(word: "IS") {
      let isNegated = take(word: "NOT")
      guard take(word: "NULL") else { throw invalid("Expected NULL after IS") }
      return clause(isNegated ? .isNotNull : .isNull, .none)
    }
    if take(word: "NOT") {
      guard take(word: "IN") else { throw invalid("Expected IN after NOT") }
      return clause(.isNotIn, .texts(try list()))
    }
    if take(word: "IN") { return clause(.isIn, .texts(try list())) }
    if take(word: "LIKE") { return clause(.like, try value()) }
    if take(word: "ILIKE") { return clause(.iLike, try value()) }
    guard case .sign(let sign)? = tokens.popFirst(),
      let comparison = SearchClause.Comparison(rawValue: sign == "==" ? "=" : sign)
    else { throw invalid("Expected comparison") }
    return clause(comparison, try value())
  }

  private mutating func value() throws -> SearchClause.Value {
    switch tokens.popFirst() {
    case .number(let number, _): return .number(number)
    case .quoted(let text): return .text(text)
    default: throw invalid("Expected a number, or a text in quotes")
    }
  }

  private mutating func list() throws -> [String] {
    guard take(sign: "(") else {
      throw invalid("Expected a non-empty list of string values")
    }
    var texts: [String] = []
    repeat {
      if tokens.first == .sign(")"), !texts.isEmpty { break }
      guard case .quoted(let text)? = tokens.popFirst() else {
        throw invalid("Expected a non-empty list of string values")
      }
      texts.append(text)
    } while take(sign: ",")
    guard take(sign: ")") else { throw invalid("Expected the end of the list") }
    return texts
  }

  // MARK: Tokens

  private static func tokens(_ text: String) throws -> [Token] {
    var tokens: [Token] = []
    var rest = Array(text.unicodeScalars)[...]
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "_./:-@".unicodeScalars.contains(scalar)
    }
    while let first = rest.first {
      if first.properties.isWhitespace {
        rest.removeFirst()
      } else if first == "'" || first == "\"" || first == "`" {
        rest.removeFirst()
        var content = String.UnicodeScalarView()
        while let next = rest.popFirst() {
          // A quote that is doubled is one.
          if next == first {
            guard first != "`", rest.first == first else { break }
            rest.removeFirst()
          } else if rest.isEmpty {
            throw MLflowError.invalid("Invalid filter '\(text)'. A quote has no end.")
          }
          content.append(next)
        }
        tokens.append(first == "`" ? .name(String(content)) : .quoted(String(content)))
      } else if let number = number(&rest) {
        tokens.append(number)
      } else if isWord(first), first != ".", first != "-" {
        var word = String.UnicodeScalarView()
        while let next = rest.first, isWord(next) {
          word.append(next)
          rest.removeFirst()
        }
        tokens.append(.word(String(word)))
      } else {
        rest.removeFirst()
        var sign = String(first)
        if let next = rest.first, next == "=", "<>!=".unicodeScalars.contains(first) {
          sign += "="
          rest.removeFirst()
        }
        tokens.append(.sign(sign))
      }
    }
    return tokens
  }

  private static func number(_ rest: inout ArraySlice<Unicode.Scalar>) -> Token? {
    let digits = "0123456789".unicodeScalars
    var text = String.UnicodeScalarView()
    var scan = rest
    while let next = scan.first {
      let isExponentSign =
        (next == "-" || next == "+") && (text.isEmpty || text.last == "e" || text.last == "E")
      guard digits.contains(next) || next == "." || next == "e" || next == "E" || isExponentSign
      else { break }
      text.append(next)
      scan.removeFirst()
    }
    // A word that begins with a digit, such as a run's id, is not a number.
    if let next = scan.first, next.properties.isAlphabetic || next == "_" { return nil }
    guard let first = text.first,
      digits.contains(first) || first == "-" || first == "+" || first == ".",
      let number = Double(String(text))
    else { return nil }
    rest = scan
    return .number(number, String(text))
  }
}
