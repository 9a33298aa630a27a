import TrackerViews
import TrackerTemplates

/// A bar of a bar chart, drawn from the left, as the template `bars` wants it.
struct Bar: TemplateContent {
  let label: String
  /// Its length, of 1000.
  let length: String
  let text: String

  /// - Parameters:
  ///   - label: what it stands for
  ///   - share: its length as a share of the longest possible, 0…1
  ///   - text: its value in words
  init(label: String, share: Double, text: String) {
    self.label = label
    length = (max(0, min(1, share)) * 1000).fixed(0)
    self.text = text
  }
}

/// What fills the template `bars`.
struct BarsContent: TemplateContent {
  var note: String?
  /// What it is of.
  var basis: String?
  let bars: [Bar]
}
