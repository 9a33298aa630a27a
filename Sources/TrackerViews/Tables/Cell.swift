package import TrackerJSON
package import TrackerStore

/// What a cell says about its content beyond the content itself. A renderer may colour it; the text
/// says it too, so that nothing is lost without colour.
package enum Emphasis: Sendable, Hashable {
  /// Nothing.
  case plain
  /// What the eye should find first.
  case strong
  /// Of less weight.
  case faint
  /// As it should be.
  case good
  /// Worth a look.
  case warning
  /// Wrong.
  case bad
}

/// One typed value of a table: renderers for people round it, those for programs do not.
package struct Cell: Sendable, Hashable {
  /// What is shown.
  package var value: Value
  /// What it means.
  package var emphasis: Emphasis

  /// The kinds of content.
  package enum Value: Sendable, Hashable {
    /// Nothing is known.
    case missing
    /// A text.
    case text(String)
    /// A whole number that names or counts.
    case integer(Int64)
    /// A number.
    case real(Double)
    /// Yes or no.
    case boolean(Bool)
    /// A moment.
    case time(Timestamp)
    /// A length of time, in seconds.
    case duration(Double)
    /// A size.
    case bytes(Int)
    /// Bytes.
    case blob([UInt8])
    /// A series, drawn small.
    case curve([Double])
    /// What goes on elsewhere, and when it was last heard of.
    case going(String, heardAt: Timestamp)
  }

  /// A value with a meaning.
  package init(_ value: Value, _ emphasis: Emphasis = .plain) {
    self.value = value
    self.emphasis = emphasis
  }
}

extension Cell {
  package static let missing = Cell(.missing, .faint)

  package static func text(_ text: String?, _ emphasis: Emphasis = .plain) -> Cell {
    text.map { Cell(.text($0), emphasis) } ?? .missing
  }
  package static func real(_ value: Double?, _ emphasis: Emphasis = .plain) -> Cell {
    guard let value else { return .missing }
    return Cell(.real(value), value.isFinite ? emphasis : .warning)
  }
  package static func integer(_ value: Int64?, _ emphasis: Emphasis = .plain) -> Cell {
    value.map { Cell(.integer($0), emphasis) } ?? .missing
  }
  package static func count(_ value: Int?) -> Cell { .integer(value.map(Int64.init)) }
  package static func time(_ value: Timestamp?) -> Cell {
    value.map { Cell(.time($0)) } ?? .missing
  }
  package static func duration(_ value: Double?) -> Cell {
    value.map { Cell(.duration($0)) } ?? .missing
  }
  package static func parameter(_ value: ParameterValue?) -> Cell {
    switch value {
    case nil: .missing
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .text(let value): .text(value)
    case .boolean(let value): Cell(.boolean(value))
    }
  }

  /// The value in full, for programs; a missing one is empty.
  package var exact: String {
    switch value {
    case .missing: ""
    case .text(let text): text
    case .integer(let value): String(value)
    case .real(let value), .duration(let value): value.exactText
    case .boolean(let value): value ? "true" : "false"
    case .time(let time): time.iso8601
    case .bytes(let count): String(count)
    case .blob(let bytes): bytes.hexadecimal
    case .curve(let values): Sparkline.text(values, width: 24)
    case .going(let text, _): text
    }
  }

  /// A shorter silence is not worth a word, in seconds.
  private static let shortSilence = 60.0

  /// No text in a table for people is longer, in bytes.
  private static let longest = 1 << 16

  /// The value for people: rounded, and with nothing in it that disturbs a terminal.
  package func readable(_ style: TextStyle) -> String {
    switch value {
    case .missing: "–"
    case .text(let text): text.cut(toBytes: Self.longest).visible
    case .integer(let value): String(value)
    case .real(let value): value.readable()
    case .boolean(let value): value ? "yes" : "no"
    case .time(let time): style.text(of: time)
    case .duration(let seconds): TrackerViews.readable(seconds: seconds)
    case .bytes(let count): TrackerViews.readable(byteCount: count)
    case .blob(let bytes): "blob of " + TrackerViews.readable(byteCount: bytes.count)
    case .curve(let values): Sparkline.text(values, width: 24)
    case .going(let text, let heardAt):
      text + Self.silence(Double(style.now.milliseconds - heardAt.milliseconds) / 1000)
    }
  }

  private static func silence(_ seconds: Double) -> String {
    seconds < shortSilence ? "" : ", silent for \(TrackerViews.readable(seconds: seconds))"
  }

  package var json: JSONValue {
    switch value {
    case .missing: .null
    case .text(let text): .string(text)
    case .integer(let value): .integer(value)
    case .real(let value), .duration(let value): .number(value)
    case .boolean(let value): .boolean(value)
    case .time(let time): .string(time.iso8601)
    case .bytes(let count): .integer(count)
    case .blob(let bytes): .string(bytes.hexadecimal)
    case .curve(let values): .array(values.map(JSONValue.number))
    case .going(let text, _): .string(text)
    }
  }

  package var isMissing: Bool { value == .missing }

  /// Whether a column of such cells is read by comparing digits, and so is aligned at the point.
  package var isNumeric: Bool {
    switch value {
    case .integer, .real: true
    default: false
    }
  }
}

extension String {
  /// The beginning, of at most so many bytes, with `…` where something is left out.
  fileprivate func cut(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    let end = utf8.index(startIndex, offsetBy: limit)
    return self[..<(end.samePosition(in: self) ?? index(before: end))] + "…"
  }
}

extension [UInt8] {
  fileprivate var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    let text = flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
