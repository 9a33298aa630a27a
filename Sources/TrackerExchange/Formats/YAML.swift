import TrackerJSON

/// The part of YAML that trackers write: nested mappings, lists, plain and quoted scalars, literal and
/// folded blocks, and flow collections that are JSON or plain words. Anchors, tags and several documents are not read.
struct YAML {
  private struct Line {
    var indent: Int
    var text: Substring
    var number: Int
  }

  private var lines: [Line]
  private let raw: [Substring]
  private var next = 0
  private let path: String
  /// Mappings nest at most so deep, so that no file exhausts the stack.
  private static let depthLimit = 128

  /// Reads a file as one value; members keep their order.
  ///
  /// - Throws: ``ForeignError`` with file and line
  static func read(_ path: String) throws -> JSONValue {
    var reader = YAML(try SourceFile.text(path), path: path)
    return try reader.document()
  }

  private init(_ text: String, path: String) {
    self.path = path
    raw = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasSuffix("\r") ? $0.dropLast() : $0
    }
    lines = []
    for (index, line) in raw.enumerated() {
      let content = line.drop { $0 == " " }
      if content.isEmpty || content.hasPrefix("#") || line.hasPrefix("---") { continue }
      lines.append(Line(indent: line.count - content.count, text: content, number: index + 1))
    }
  }

  private func malformed(_ what: String, _ line: Int) -> ForeignError {
    ForeignError.malformed("reading \(path), line \(line): \(what)")
  }

  private mutating func document() throws -> JSONValue {
    guard !lines.isEmpty else { return .object([]) }
    let value = try block(indent: lines[0].indent, depth: 0)
    guard next == lines.count else {
      throw malformed("its indentation fits nothing above it", lines[next].number)
    }
    return value
  }

  private mutating func block(indent: Int, depth: Int) throws -> JSONValue {
    guard depth < Self.depthLimit else {
      throw malformed("it nests too deeply", lines[next].number)
    }
    let first = lines[next]
    if first.text == "-" || first.text.hasPrefix("- ") {
      return try list(indent: indent, depth: depth)
    }
    if Self.key(first.text) != nil { return try mapping(indent: indent, depth: depth) }
    next += 1
    return try scalar(first.text, first.number)
  }

  private mutating func mapping(indent: Int, depth: Int) throws -> JSONValue {
    var members: [JSONValue.Member] = []
    while next < lines.count, lines[next].indent == indent {
      let line = lines[next]
      guard let (key, rest) = Self.key(line.text) else {
        throw malformed("a key and a colon are expected", line.number)
      }
      next += 1
      members.append(
        JSONValue.Member(
          key: key, value: try value(rest, line, indent: indent, isList: false, depth: depth)))
    }
    return .object(members)
  }

  private mutating func list(indent: Int, depth: Int) throws -> JSONValue {
    var values: [JSONValue] = []
    while next < lines.count, lines[next].indent == indent,
      lines[next].text == "-" || lines[next].text.hasPrefix("- ")
    {
      let line = lines[next]
      let rest = line.text.dropFirst().drop { $0 == " " }
      if !rest.isEmpty, Self.key(rest) != nil || rest.hasPrefix("- ") {
        // The item is a block that begins on the line of its dash.
        lines[next] = Line(
          indent: indent + line.text.count - rest.count, text: rest, number: line.number)
        values.append(try block(indent: lines[next].indent, depth: depth + 1))
      } else {
        next += 1
        values.append(try value(rest, line, indent: indent, isList: true, depth: depth))
      }
    }
    return .array(values)
  }

  /// What follows a key or a dash: on its line, or in the lines below it.
  private mutating func value(
    _ text: Substring, _ line: Line, indent: Int, isList: Bool, depth: Int
  ) throws -> JSONValue {
    if let first = text.first, first == "|" || first == ">" {
      return .string(literal(below: line, isFolded: first == ">", header: text))
    }
    guard text.isEmpty || text.hasPrefix("#") else {
      var text = String(text)
      // A long scalar or a flow collection goes on in deeper lines.
      while next < lines.count, lines[next].indent > indent {
        text += " " + lines[next].text
        next += 1
      }
      return try scalar(text[...], line.number)
    }
    guard next < lines.count else { return .null }
    let below = lines[next]
    let isListBelow =
      !isList && below.indent == indent && (below.text == "-" || below.text.hasPrefix("- "))
    guard below.indent > indent || isListBelow else { return .null }
    return try block(indent: below.indent, depth: depth + 1)
  }

  /// The raw lines of a literal block.
  private mutating func literal(below line: Line, isFolded: Bool, header: Substring) -> String {
    let end = raw[line.number...].firstIndex { text in
      let content = text.drop { $0 == " " }
      return !content.isEmpty && text.count - content.count <= line.indent
    }
    let part = raw[line.number..<(end ?? raw.count)]
    let indent =
      part.first { !$0.allSatisfy { $0 == " " } }.map { $0.count - $0.drop { $0 == " " }.count }
      ?? 0
    while next < lines.count, lines[next].number <= line.number + part.count { next += 1 }
    var texts = part.map { String($0.dropFirst(min(indent, $0.count))) }
    while texts.last?.isEmpty == true { texts.removeLast() }
    let text = texts.joined(separator: isFolded ? " " : "\n")
    return header.contains("-") || text.isEmpty ? text : text + "\n"
  }

  /// The key of a mapping's line, and what follows its colon.
  private static func key(_ text: Substring) -> (String, Substring)? {
    if let quote = text.first, quote == "\"" || quote == "'" {
      guard let (key, rest) = quoted(text), rest.hasPrefix(":") else { return nil }
      return (key, rest.dropFirst().drop { $0 == " " })
    }
    guard let first = text.first, !"[{&*!|>%@`".contains(first) else { return nil }
    var index = text.startIndex
    while let colon = text[index...].firstIndex(of: ":") {
      let after = text.index(after: colon)
      if after == text.endIndex || text[after] == " " {
        return (String(text[..<colon]), text[after...].drop { $0 == " " })
      }
      index = after
    }
    return nil
  }

  /// A quoted text at the start, and what follows it.
  private static func quoted(_ text: Substring) -> (String, Substring)? {
    guard let quote = text.first else { return nil }
    var index = text.index(after: text.startIndex)
    var result = ""
    while index < text.endIndex {
      let character = text[index]
      let after = text.index(after: index)
      if character == quote {
        if quote == "'", after < text.endIndex, text[after] == "'" {
          result.append("'")
          index = text.index(after: after)
          continue
        }
        let inside = text[..<after]
        let value = quote == "\"" ? (try? JSONValue(parsing: inside)) : .string(result)
        guard case .string(let string)? = value else { return (result, text[after...]) }
        return (string, text[after...])
      }
      if character == "\\", quote == "\"", after < text.endIndex {
        result.append(text[after])
        index = text.index(after: after)
        continue
      }
      result.append(character)
      index = after
    }
    return nil
  }

  private func scalar(_ text: Substring, _ line: Int) throws -> JSONValue {
    if let first = text.first, first == "\"" || first == "'" {
      guard let (value, rest) = Self.quoted(text),
        rest.drop(while: { $0 == " " }).first ?? "#" == "#"
      else { throw malformed("a quote is not closed", line) }
      return .string(value)
    }
    if text.hasPrefix("[") || text.hasPrefix("{") {
      return (try? JSONValue(parsing: text)) ?? flowList(text) ?? .string(String(text))
    }
    var plain = text
    if let comment = plain.range(of: " #") { plain = plain[..<comment.lowerBound] }
    while plain.last == " " { plain.removeLast() }
    return Self.plain(plain)
  }

  /// `[a, b]` of plain words.
  private func flowList(_ text: Substring) -> JSONValue? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    let inside = text.dropFirst().dropLast()
    guard !inside.contains(where: { "[]{}\"'".contains($0) }) else { return nil }
    return .array(
      inside.split(separator: ",").map { word in
        var word = word.drop { $0 == " " }
        while word.last == " " { word.removeLast() }
        return Self.plain(word)
      })
  }

  /// The value of a plain scalar, by YAML's core schema (1.2, section 10.3).
  private static func plain(_ text: Substring) -> JSONValue {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    case ".inf", ".Inf", ".INF", "+.inf": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    default: break
    }
    let isNumber = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0)
    }
    guard isNumber, text.utf8.contains(where: { (0x30...0x39).contains($0) }) else {
      return .string(String(text))
    }
    if let value = Int64(text) { return .integer(value) }
    if let value = Double(text) { return .number(value) }
    return .string(String(text))
  }
}

extension Substring {
  /// The place of the first occurrence of a short ASCII text.
  fileprivate func range(of text: String) -> Range<Index>? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
      index = self.index(after: index)
    }
    return nil
  }
}
