import TrackerTemplates
import TrackerViews
import TrackerStore

/// The runs, one a row, best first, to be sorted and filtered.
struct RunTableSection {
  private let runs: [Run]
  private let ranking: RankingMetric?
  private let labels: RunLabels
  private let style: TextStyle

  /// - Parameter runs: the runs, best first
  init(_ runs: [Run], _ ranking: RankingMetric?, labels: RunLabels, _ style: TextStyle) {
    self.runs = runs
    self.labels = labels
    self.ranking = ranking
    self.style = style
  }

  private struct Content: TemplateContent {
    let example: String
    let table: TableContent
    let more: More?
  }

  /// What the page's script knows of the columns that a reader may choose.
  private struct More: TemplateContent {
    let data: String
  }

  /// A condition that the better half of the runs meets.
  var example: String {
    guard let ranking, let middle = runs.dropFirst(runs.count / 2).first,
      case let value = ranking.value(of: middle), value.isFinite
    else { return "status = finished" }
    let isMaximized = ranking.direction == .maximize
    // As short as it can be without a rounding that leaves the middle run out.
    let bound = (2...16).lazy.map { value.readable(digits: $0) }.first { text in
      Double(text).map { isMaximized ? $0 <= value : $0 >= value } ?? false
    }
    return
      "\(FilterField.word(forMetric: ranking.key)) \(isMaximized ? ">=" : "<=") \(bound ?? "\(value)")"
  }

  var section: ReportSection {
    var (table, shownColumns) = RunListView(runs: runs, ranking: ranking).wideTable
    if let place = table.columns.firstIndex(where: { $0.key == "name" }) {
      for (row, run) in runs.enumerated() { table.rows[row][place] = .text(labels.name(of: run)) }
    }
    let best = runs.count > 1 && ranking.map { !$0.value(of: runs[0]).isNaN } == true
    return ReportSection(
      id: "runs", title: "Runs",
      content: Content(
        example: example,
        table: table.content(
          caption: "Runs", id: "run-table", runs: runs.map(\.id), shownColumns: shownColumns,
          best: best, hasExact: false, style: style),
        more: shownColumns < table.columns.count
          ? More(data: table.moreColumns(from: shownColumns, style: style).scriptText) : nil))
  }
}
