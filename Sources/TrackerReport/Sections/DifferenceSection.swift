import TrackerTemplates
import TrackerViews
import TrackerStore

/// Only what differs between the runs.
struct DifferenceSection {
  private let runs: [Run]
  private let style: TextStyle

  init(_ runs: [Run], _ style: TextStyle) {
    self.runs = runs
    self.style = style
  }

  private struct Content: TemplateContent {
    let note: String
    let table: TableContent?
  }

  var section: ReportSection? {
    guard runs.count > 1 else { return nil }
    let comparison = ComparisonView(runs: runs)
    let all = comparison.parameters + comparison.surroundings
    let different = all.filter(\.differs)
    let table = DataTable(
      columns: [.init("run")] + different.map { .init($0.key) },
      rows: runs.indices.map { index in
        [.text(runs[index].shortLabel)] + different.map { $0.values[index] }
      })
    let content =
      different.isEmpty
      ? Content(
        note: "Nothing: all runs have the same parameters, data, code and environment.", table: nil)
      : Content(
        note: "\(counted(all.count - different.count, "other property", "other properties")) "
          + "of the runs are the same.",
        table: table.content(
          caption: "What differs between the runs", id: "difference-table", runs: runs.map(\.id),
          style: style))
    return ReportSection(
      id: "differences", name: "Differences", title: "Only the differences", content: content)
  }
}
