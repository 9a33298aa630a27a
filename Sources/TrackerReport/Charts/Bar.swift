import TrackerViews

/// A bar of a bar chart, drawn from the left.
struct Bar: Sendable {
  /// What it stands for.
  let label: String
  /// Its length as a share of the longest possible, 0…1.
  let share: Double
  /// Its value in words.
  let text: String

  /// What the template `bars` is given.
  var templateContext: [String: Any] {
    ["label": label, "length": (max(0, min(1, share)) * 1000).fixed(0), "text": text]
  }
}
