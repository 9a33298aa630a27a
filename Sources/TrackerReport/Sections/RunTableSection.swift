import TrackerTemplates
import TrackerViews
import TrackerStore

/// The runs, one a row, to be sorted and filtered.
struct RunTableSection {
  private let runs: [Run]
  private let style: TextStyle

  init(_ runs: [Run], _ style: TextStyle) {
    self.runs = runs
    self.style = style
  }

  private struct Content: TemplateContent {
    let table: TableContent
  }

  var section: ReportSection {
    let (table, shownColumns) = RunListView(runs: runs).wideTable
    return ReportSection(
      id: "runs", title: "Runs",
      content: Content(
        table: table.content(
          caption: "Runs", id: "run-table", runs: runs.map(\.id), shownColumns: shownColumns,
          style: style)))
  }
}
