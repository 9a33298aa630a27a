import TrackerViews
import TrackerStore

extension ReportView {
  /// The report for a pull request or a notebook: the runs, what tells them apart, curves as text, checks, and the
  /// diagnosis of what failed.
  package var markdown: String {
    guard !runs.isEmpty else {
      return Document([.heading(title), .paragraph("There are no such runs.")]).markdown + "\n"
    }
    var blocks: [Document.Block] = [.heading(title)]
    blocks += RunListView(runs: runs.map(\.run)).document.blocks
    if runs.count > 1, runs.count <= Self.comparedRunLimit {
      blocks += ComparisonView(runs: runs.map(\.run)).document.blocks
    }
    if runs.contains(where: { !$0.curves.isEmpty }) {
      blocks += [.heading("Curves"), .table(curveTable)]
    }
    for run in runs where run.run.gradientChecks.contains(where: { !$0.passed }) {
      blocks += DiagnosisView(run: run.run.id, findings: run.findings).document.blocks
    }
    blocks.append(.heading("Reproduce"))
    for run in runs {
      blocks += [.paragraph("Run \(run.run.id):"), .command(run.run.environment.command)]
    }
    return Document(blocks).markdown + "\n"
  }

  /// More runs than this do not stand side by side.
  private static let comparedRunLimit = 6

  private var curveTable: DataTable {
    let shown = RankingMetric.headline(of: runs.map(\.run))
    return DataTable(
      ["run"] + shown,
      rows: runs.map { run in
        [.integer(run.run.id)]
          + shown.map { key in
            run.curves.first { $0.metric == key }.map { Cell(.curve($0.buckets.map(\.last))) }
              ?? .missing
          }
      })
  }
}
