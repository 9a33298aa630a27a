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

  var section: ReportSection {
    let (table, shownColumns) = RunListView(runs: runs).wideTable
    return ReportSection(
      id: "runs", title: "Runs",
      content: [
        "table": table.templateContext(
          caption: "Runs", id: "run-table", runs: runs.map(\.id), shownColumns: shownColumns,
          style: style)
      ])
  }
}
