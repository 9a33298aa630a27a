import TrackerStore

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

/// Words with their numbers: `step=3 loss=0.5, acc=93.1%`.
enum KeyValuePairs {
  /// The pairs of a line whose value is a number alone, or one of a known total (`epoch=3/10`; right answers, as of
  /// `Accuracy: 9839/10000`, are told as their share) or hundred (`93.1%`).
  ///
  /// A line of XGBoost, LightGBM or CatBoost begins with its step; LightGBM's `valid_1's auc: 0.9` is `valid_1/auc`.
  static func members(of line: [UInt8], sign: UInt8) -> [PrintedObject.Member] {
    let step = leadingStep(of: line)
    var members: [PrintedObject.Member] = []
    var position = 0
    // What the next key is said to be of.
    var owner: Range<Int>?
    while position < line.count {
      guard PrintedNumber.isLetter(line[position]) else {
        // What begins with a digit, such as a time, is no key as a whole.
        if PrintedNumber.isDigit(line[position]) { skipKey(line, &position) } else { position += 1 }
        continue
      }
      let start = position
      skipKey(line, &position)
      if step != nil, line[position...].starts(with: "'s ".utf8) {
        owner = start..<position
        position += 3
        continue
      }
      let of = owner.map { String(decoding: line[$0], as: UTF8.self) + "/" } ?? ""
      owner = nil
      var end = position
      // A sentence's full stop, or a dash before a value, is not a part of a key.
      while !PrintedNumber.isWordByte(line[end - 1]) { end -= 1 }
      var value = position
      skipSpace(line, &value)
      guard value < line.count, line[value] == sign else { continue }
      value += 1
      skipSpace(line, &value)
      guard let number = PrintedNumber.read(line, at: value), isEnd(line, number.end) else {
        continue
      }
      let key = of + String(decoding: line[start..<end], as: UTF8.self)
      position = number.end
      if KnownMetric(key).quantity == .accuracy, let total = total(line, after: position) {
        members.append(.init(key, number.value / total))
      } else {
        members.append(.init(key, number.value, whole: Int64(exactly: number.value)))
      }
    }
    if let step, !members.isEmpty, !members.contains(where: { $0.key == "step" }) {
      members.insert(.init("step", Double(step), whole: step), at: 0)
    }
    return members
  }

  /// The number that a line begins with, in brackets or before a colon, and a tab: `[3]⇥train-auc:0.9`, `3:⇥learn: 0.5`.
  private static func leadingStep(of line: [UInt8]) -> Int64? {
    let isBracketed = line.first == UInt8(ascii: "[")
    let digits = line.dropFirst(isBracketed ? 1 : 0).prefix { PrintedNumber.isDigit($0) }
    guard line[digits.endIndex...].starts(with: (isBracketed ? "]\t" : ":\t").utf8) else {
      return nil
    }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// The number of which a value is told, as 10000 in `9839/10000`.
  private static func total(_ line: [UInt8], after position: Int) -> Double? {
    guard position < line.count, line[position] == UInt8(ascii: "/"),
      let total = PrintedNumber.read(line, at: position + 1)?.value, total > 0
    else { return nil }
    return total
  }

  private static func skipKey(_ line: [UInt8], _ position: inout Int) {
    while position < line.count,
      PrintedNumber.isWordByte(line[position]) || "./-@".utf8.contains(line[position])
    {
      position += 1
    }
  }

  private static func skipSpace(_ line: [UInt8], _ position: inout Int) {
    while position < line.count, line[position] == 0x20 || line[position] == 0x09 { position += 1 }
  }

  /// Whether a value ends here: `0.5,` and `93.1%` and `3/10` are values, `12ms` and `1.2.3` are none.
  private static func isEnd(_ line: [UInt8], _ position: Int) -> Bool {
    guard position < line.count else { return true }
    switch line[position] {
    case UInt8(ascii: "%"): return true
    case UInt8(ascii: "/"):
      return position + 1 < line.count && PrintedNumber.isDigit(line[position + 1])
    case UInt8(ascii: "."):
      return position + 1 == line.count || !PrintedNumber.isWordByte(line[position + 1])
    case let byte: return !PrintedNumber.isWordByte(byte) && !":-+@".utf8.contains(byte)
    }
  }
}
