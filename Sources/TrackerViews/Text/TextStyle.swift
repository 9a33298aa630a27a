package import TrackerStore

/// How text for people is to look: what the terminal can do and what the user asked for.
package struct TextStyle: Sendable {
  /// Columns of the terminal; `nil` where lines may be as long as they like.
  package var width: Int?
  /// Whether ANSI colours are wanted.
  package var colour: Bool
  /// How times are given.
  package var times: Times
  /// The present, for times such as `5 min ago`.
  package var now: Timestamp

  /// The ways to give a time.
  package enum Times: Sendable {
    /// As people say it: `5 min ago`.
    case spoken
    /// The local date and hour, for what is read later.
    case local
    /// Exactly, in UTC.
    case utc
  }

  /// A look; by default that of a file: as wide as it gets, without colour.
  package init(
    width: Int? = nil, colour: Bool = false, times: Times = .spoken, now: Timestamp = .now()
  ) {
    self.width = width
    self.colour = colour
    self.times = times
    self.now = now
  }

  package func text(of time: Timestamp) -> String {
    switch times {
    case .spoken: time.readable(now: now)
    case .local: time.localMinute
    case .utc: time.iso8601
    }
  }

  /// `text` in the colour of its meaning, where colour is wanted.
  package func painted(_ text: String, _ emphasis: Emphasis) -> String {
    guard colour, !text.isEmpty, let code = emphasis.ansiCode else { return text }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  /// `text` in the colour of a chart's series, where colour is wanted; negative numbers have none.
  func painted(_ text: String, series index: Int) -> String {
    guard colour, index >= 0, !text.isEmpty else { return text }
    // Told apart by most colour-blind readers first: cyan, yellow, magenta, blue, green, red; then brighter.
    let codes = [36, 33, 35, 34, 32, 31, 96, 93, 95, 94, 92, 91]
    return "\u{1B}[\(codes[index % codes.count])m\(text)\u{1B}[0m"
  }
}

extension Emphasis {
  /// Select Graphic Rendition codes of ECMA-48.
  fileprivate var ansiCode: String? {
    switch self {
    case .plain: nil
    case .strong: "1"
    case .faint: "2"
    case .good: "32"
    case .warning: "33"
    case .bad: "31"
    }
  }
}
