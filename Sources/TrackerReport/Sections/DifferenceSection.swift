import TrackerTemplates
import TrackerViews
import TrackerStore

/// Only what differs between the runs.
struct DifferenceSection {
  private let runs: [Run]
  private let labels: RunLabels
  private let style: TextStyle

  init(_ runs: [Run], labels: RunLabels, _ style: TextStyle) {
    self.runs = runs
    self.labels = labels
    self.style = style
  }

  private struct Content: TemplateContent {
    let note: String
    let table: TableContent?
  }

  /// A table with more columns tells nobody anything.
  private static let mostColumns = 500

  var section: ReportSection? {
    guard runs.count > 1 else { return nil }
    let comparison = ComparisonView(runs: runs)
    let all = comparison.parameters + comparison.surroundings
    let different = all.filter(\.differs)
    let shown = different.prefix(Self.mostColumns)
    let hidden = different.count - shown.count
    let parameterCount = comparison.parameters.count(where: \.differs)
    let table = DataTable(
      columns: [.init("run")]
        + shown.enumerated().map { place, one in
          .init((place < parameterCount ? "parameters." : "") + one.key, title: one.key)
        },
      rows: runs.indices.map { index in
        [.text(labels[runs[index]])] + shown.map { $0.values[index] }
      })
    let content =
      different.isEmpty
      ? Content(
        note: "Nothing: all runs have the same parameters, data, code and environment.", table: nil)
      : Content(
        note: "\(counted(all.count - different.count, "other property", "other properties")) "
          + "of the runs are the same."
          + (hidden > 0 ? " \(grouped(hidden)) more differ: tracker compare." : ""),
        table: table.content(
          caption: "What differs between the runs", id: "difference-table", runs: runs.map(\.id),
          hasExact: false, style: style))
    return ReportSection(
      id: "differences", name: "Differences", title: "Only the differences", content: content)
  }
}
