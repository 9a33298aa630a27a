/// Cuts a condition into words, values and signs.
struct FilterLexer {
  struct Token: Hashable {
    enum Kind: Hashable {
      /// A name or keyword, dots included: `lambda`, `metrics.saturated.1`, `and`.
      case word(String)
      /// A key between backquotes, taken as it is, and what stands before it, such as `tags.`.
      case quotedWord(scope: String, String)
      case text(String)
      case number(Double)
      case duration(seconds: Double)
      case sign(String)
      case end
    }
    var kind: Kind
    var range: Range<Int>
  }

  private let characters: [Character]
  private let text: String
  /// Characters that are signs of arithmetic where they stand alone.
  private let arithmetic: String
  private var position = 0

  static func tokens(
    of text: String, signs arithmetic: String = ""
  ) throws(FilterSyntaxError) -> [Token] {
    var lexer = FilterLexer(text, arithmetic)
    var tokens: [Token] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private init(_ text: String, _ arithmetic: String) {
    self.text = text
    self.arithmetic = arithmetic
    characters = Array(text)
  }

  private mutating func next() throws(FilterSyntaxError) -> Token {
    while position < characters.count, characters[position].isWhitespace { position += 1 }
    guard position < characters.count else {
      return Token(kind: .end, range: characters.count..<characters.count)
    }
    let start = position
    let character = characters[position]
    let kind: Token.Kind
    switch character {
    case "\"", "'": kind = .text(try quoted(by: character))
    case "`": kind = .quotedWord(scope: "", try quoted(by: "`"))
    case "(", ")", ",": kind = advance(.sign(String(character)))
    case "=", "!", "<", ">": kind = try comparison()
    case _ where arithmetic.contains(character) && standsAlone:
      kind = advance(.sign(String(character)))
    case "-" where isBeforeName: kind = advance(.sign("-"))
    case _ where character.isNumber || "+-.".contains(character): kind = try value()
    case _ where Self.isWordStart(character): kind = try word()
    default:
      throw FilterSyntaxError(
        text: text, range: start..<start + 1, message: "\"\(character)\" means nothing here",
        suggestion: character == "&"
          ? "write and" : character == "|" ? "write or" : "put a text between quotes")
    }
    return Token(kind: kind, range: start..<position)
  }

  private mutating func advance(_ kind: Token.Kind) -> Token.Kind {
    position += 1
    return kind
  }

  /// Whether no number begins here.
  private var standsAlone: Bool {
    guard "+-".contains(characters[position]), position + 1 < characters.count else { return true }
    let next = characters[position + 1]
    return !next.isNumber && next != "." && !next.isLetter
  }

  /// Whether a name follows, and no number such as `-inf`: then the minus is an order's.
  private var isBeforeName: Bool {
    let rest = characters[(position + 1)...]
    guard let first = rest.first, Self.isWordStart(first) || first == "`" else { return false }
    return Double(String(rest.prefix { $0.isLetter })) == nil
  }

  private static func isWordStart(_ character: Character) -> Bool {
    character.isLetter || character == "_"
  }

  private static func isWordPart(_ character: Character) -> Bool {
    isWordStart(character) || character.isNumber || ".-/:~".contains(character)
  }

  private mutating func word() throws(FilterSyntaxError) -> Token.Kind {
    let start = position
    while position < characters.count, Self.isWordPart(characters[position]) { position += 1 }
    // `tags.` goes on with a key between quotes, where the key has other characters.
    if position < characters.count, "`\"'".contains(characters[position]),
      characters[position - 1] == "."
    {
      let scope = String(characters[start..<position])
      return .quotedWord(scope: scope, try quoted(by: characters[position]))
    }
    return .word(String(characters[start..<position]))
  }

  /// A text between quotes; a doubled quote stands for itself.
  private mutating func quoted(by quote: Character) throws(FilterSyntaxError) -> String {
    let start = position
    var result = ""
    position += 1
    while position < characters.count {
      if characters[position] == quote {
        position += 1
        guard position < characters.count, characters[position] == quote else { return result }
      }
      result.append(characters[position])
      position += 1
    }
    throw FilterSyntaxError(
      text: text, range: start..<characters.count, message: "the quote is not closed",
      suggestion: "end the text with \(quote)")
  }

  private mutating func comparison() throws(FilterSyntaxError) -> Token.Kind {
    let start = position
    let pair = String(characters[position..<min(position + 2, characters.count)])
    switch pair {
    case "==", "!=", "<=", ">=", "<>":
      position += 2
      return .sign(pair == "==" ? "=" : pair == "<>" ? "!=" : pair)
    default: break
    }
    guard characters[position] != "!" else {
      throw FilterSyntaxError(
        text: text, range: start..<start + 1, message: "\"!\" alone is not an operator",
        suggestion: "use != or not")
    }
    return advance(.sign(String(characters[position])))
  }

  /// A number, a duration such as `5m`, or a date, which stays a text.
  private mutating func value() throws(FilterSyntaxError) -> Token.Kind {
    let start = position
    while position < characters.count,
      characters[position].isLetter || characters[position].isNumber
        || "+-.:".contains(characters[position])
    {
      position += 1
    }
    let written = String(characters[start..<position])
    if let number = Double(written) { return .number(number) }
    let units = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604_800]
    let unit = String(written.reversed().prefix { $0.isLetter }.reversed())
    if let seconds = units[unit], let count = Double(written.dropLast(unit.count)) {
      return .duration(seconds: count * seconds)
    }
    if written.first?.isNumber == true, written.contains("-") { return .text(written) }
    throw FilterSyntaxError(
      text: text, range: start..<position,
      message: "\"\(written)\" is not a number, a duration or a date",
      suggestion: "write 0.5, 5m, 2h or 2026-11-01; put a text between quotes")
  }
}

extension FilterField {
  /// A metric as a condition names it: between backquotes where its key is not read as one word.
  package static func word(forMetric key: String) -> String {
    if (try? FilterLexer.tokens(of: key))?.map(\.kind) == [.word(key), .end] {
      return "metrics.\(key)"
    }
    return "metrics.`\(String(key.flatMap { $0 == "`" ? ["`", "`"] : [$0] }))`"
  }
}
