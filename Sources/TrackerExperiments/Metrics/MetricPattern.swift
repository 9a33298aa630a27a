/// A form of lines that are not JSON, chosen by the user.
package enum MetricPattern: Hashable, Sendable {
  /// The progress of Keras' `fit`.
  case keras
  /// `loss=0.5 acc=93.1%`: words with their numbers behind this sign.
  case pairs(sign: UInt8)
  /// A text with places for numbers, `Epoch {epoch}: loss {loss}`.
  case template(LineTemplate)

  /// The names of the forms that are known, for help and messages.
  package static let presets = ["keras", "key=value", "key:value"]

  /// Reads the name of a known form, or a text with places for numbers.
  ///
  /// - Throws: ``InputError`` for a text without a place, or with one that is not closed
  package init(_ text: String) throws {
    switch text {
    case "keras": self = .keras
    case "key=value": self = .pairs(sign: UInt8(ascii: "="))
    case "key:value": self = .pairs(sign: UInt8(ascii: ":"))
    default: self = .template(try LineTemplate(text))
    }
  }
}

/// A text with places for numbers: `Epoch {epoch}: loss {loss}`.
///
/// The text may stand anywhere in a line; spaces stand for any number of spaces, `...` for anything, `{_}` for a number that is not kept. Each part between
/// `...` is looked for where it first fits, so that a line is read in one go.
package struct LineTemplate: Hashable, Sendable {
  private enum Token: Hashable {
    case byte(UInt8)
    case space
    case number(String)
  }

  private let parts: [[Token]]

  init(_ text: String) throws {
    func mistake(_ what: String) -> InputError {
      InputError(
        .malformed, "--pattern: \(what)",
        advice:
          "It is \(MetricPattern.presets.joined(separator: ", ")), or a text such as 'Epoch {epoch}: loss {loss}'."
      )
    }
    var parts: [[Token]] = [[]]
    var rest = Substring(text)
    while let character = rest.first {
      if rest.hasPrefix("...") {
        parts.append([])
        rest = rest.dropFirst(3)
      } else if character == "{" {
        guard let end = rest.firstIndex(of: "}") else { throw mistake("a { is not closed") }
        let name = rest[rest.index(after: rest.startIndex)..<end]
        guard !name.isEmpty, !name.contains("{") else {
          throw mistake("there is no name between { and }")
        }
        parts[parts.count - 1].append(.number(String(name)))
        rest = rest[rest.index(after: end)...]
      } else if character.isWhitespace {
        if parts[parts.count - 1].last != .space { parts[parts.count - 1].append(.space) }
        rest = rest.dropFirst()
      } else {
        parts[parts.count - 1] += character.utf8.map(Token.byte)
        rest = rest.dropFirst()
      }
    }
    self.parts = parts.filter { !$0.isEmpty }
    let hasPlace = parts.joined().contains {
      if case .number(let key) = $0 { key != "_" } else { false }
    }
    guard hasPlace else {
      throw mistake("\"\(text)\" is not a known form and has no place for a number")
    }
  }

  /// The numbers of a line, if it fits.
  func members(of line: [UInt8]) -> [PrintedObject.Member] {
    var all: [PrintedObject.Member] = []
    var start = 0
    for part in parts {
      var found: (members: [PrintedObject.Member], end: Int)?
      while found == nil, start < line.count {
        found = Self.match(part, line, start)
        start += 1
      }
      guard let found else { return [] }
      all += found.members
      start = found.end
    }
    return all
  }

  private static func match(
    _ part: [Token], _ line: [UInt8], _ start: Int
  ) -> (members: [PrintedObject.Member], end: Int)? {
    var members: [PrintedObject.Member] = []
    var position = start
    for (index, token) in part.enumerated() {
      switch token {
      case .byte(let byte):
        guard position < line.count, line[position] == byte else { return nil }
        position += 1
      case .space:
        let first = position
        while position < line.count, line[position] == 0x20 || line[position] == 0x09 {
          position += 1
        }
        guard first < position else { return nil }
      case .number(let key):
        // A number does not begin within a word or a number.
        if index == 0, position > 0, PrintedNumber.isWordByte(line[position - 1]) { return nil }
        guard let number = PrintedNumber.read(line, at: position) else { return nil }
        if key != "_" {
          members.append(.init(key, number.value, whole: Int64(exactly: number.value)))
        }
        position = number.end
      }
    }
    return (members, position)
  }
}
