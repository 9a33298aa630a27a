/// Reads a template, byte by byte: tags are ASCII, and what stands between them is passed on as it is.
struct TemplateParser {
  private let bytes: [UInt8]
  private var place = 0
  private var opening = Array("{{".utf8)
  private var closing = Array("}}".utf8)
  /// The sections that are open, with their nodes so far; the last is the innermost.
  private var open: [OpenSection] = []

  /// Deeper sections are a mistake, and would overflow the stack when they are filled.
  private static let depthLimit = 100

  private struct OpenSection {
    var name = ""
    var isInverted = false
    var line = 0
    var nodes: [Template.Node] = []
  }

  private struct Tag {
    var kind: UInt8
    var content: Substring
    var start: Int
    var end: Int
  }

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func nodes() throws(TemplateError) -> [Template.Node] {
    open = [OpenSection()]
    while let start = find(opening, from: place) {
      var tag = try tag(at: start)
      // A variable is part of its line; everything else leaves no empty line behind.
      var indentation = ""
      if !Self.areVariables.contains(tag.kind), let line = standaloneLine(around: tag) {
        indentation = text(line.lowerBound..<tag.start)
        tag.start = line.lowerBound
        tag.end = line.upperBound
      }
      append(text(place..<tag.start))
      place = tag.end
      try take(tag, indentation: indentation)
    }
    append(text(place..<bytes.count))
    guard open.count == 1 else {
      throw TemplateError(
        message:
          "line \(open[open.count - 1].line): the section \"\(open[open.count - 1].name)\" is not closed"
      )
    }
    return open[0].nodes
  }

  // MARK: Tags

  private static let areVariables: Set<UInt8> = [0, UInt8(ascii: "{"), UInt8(ascii: "&")]

  private func tag(at start: Int) throws(TemplateError) -> Tag {
    var from = start + opening.count
    var kind: UInt8 = 0
    if from < bytes.count, "#^/>!={&".utf8.contains(bytes[from]) {
      kind = bytes[from]
      from += 1
    }
    let ending =
      switch kind {
      case UInt8(ascii: "{"): [UInt8(ascii: "}")] + closing
      case UInt8(ascii: "="): [UInt8(ascii: "=")] + closing
      default: closing
      }
    guard let end = find(ending, from: from) else {
      throw TemplateError(message: "line \(line(of: start)): a tag is not closed")
    }
    let content = trimmed(text(from..<end))
    if content.isEmpty, kind != UInt8(ascii: "!") {
      throw TemplateError(message: "line \(line(of: start)): a tag is empty")
    }
    return Tag(kind: kind, content: content, start: start, end: end + ending.count)
  }

  private mutating func take(_ tag: Tag, indentation: String) throws(TemplateError) {
    switch tag.kind {
    case UInt8(ascii: "#"), UInt8(ascii: "^"):
      guard open.count < Self.depthLimit else {
        throw TemplateError(
          message: "line \(line(of: tag.start)): sections nest deeper than \(Self.depthLimit)")
      }
      open.append(
        OpenSection(
          name: String(tag.content), isInverted: tag.kind == UInt8(ascii: "^"),
          line: line(of: tag.start)))
    case UInt8(ascii: "/"):
      guard open.count > 1, let section = open.popLast(), section.name == tag.content else {
        throw TemplateError(
          message:
            "line \(line(of: tag.start)): there is no section \"\(tag.content)\" to close here")
      }
      open[open.count - 1].nodes.append(
        .section(.init(Substring(section.name)), isInverted: section.isInverted, section.nodes))
    case UInt8(ascii: ">"):
      let isDynamic = tag.content.first == "*"
      let name = isDynamic ? trimmed(String(tag.content.dropFirst())) : tag.content
      open[open.count - 1].nodes.append(
        .partial(.init(name: String(name), isDynamic: isDynamic, indentation: indentation)))
    case UInt8(ascii: "!"): break
    case UInt8(ascii: "="):
      let delimiters = tag.content.split { $0 == " " || $0 == "\t" || $0 == "\n" }
      guard delimiters.count == 2 else {
        throw TemplateError(
          message: "line \(line(of: tag.start)): delimiters are two, such as {{=<% %>=}}")
      }
      (opening, closing) = (Array(delimiters[0].utf8), Array(delimiters[1].utf8))
    default:
      open[open.count - 1].nodes.append(
        .variable(.init(tag.content), isEscaped: tag.kind == 0))
    }
  }

  private mutating func append(_ text: String) {
    if !text.isEmpty { open[open.count - 1].nodes.append(.text(text)) }
  }

  // MARK: Bytes

  /// The whole line, its end included, that holds nothing but the tag; `nil` if there is more in it.
  private func standaloneLine(around tag: Tag) -> Range<Int>? {
    var start = tag.start
    while start > place, isBlank(bytes[start - 1]) { start -= 1 }
    guard start == 0 || bytes[start - 1] == UInt8(ascii: "\n") else { return nil }
    var end = tag.end
    while end < bytes.count, isBlank(bytes[end]) { end += 1 }
    if end == bytes.count { return start..<end }
    if bytes[end] == UInt8(ascii: "\r"), end + 1 < bytes.count { end += 1 }
    return bytes[end] == UInt8(ascii: "\n") ? start..<end + 1 : nil
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private func find(_ pattern: [UInt8], from start: Int) -> Int? {
    guard start + pattern.count <= bytes.count else { return nil }
    return (start...bytes.count - pattern.count).first { at in
      pattern.indices.allSatisfy { bytes[at + $0] == pattern[$0] }
    }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func trimmed(_ text: String) -> Substring {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  private func line(of place: Int) -> Int {
    bytes[..<place].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
  }
}
