package import TrackerJSON
package import TrackerStore

/// What `run` prints at its end: how it went, and what to type next.
package struct RunSummaryView: Presentable {
  private let run: Run

  /// The summary of a run that has ended.
  package init(run: Run) { self.run = run }

  package var json: JSONValue { run.json }
  package var records: DataTable { RunListView(runs: [run]).records }

  package var document: Document {
    var headline = "\(run.label.capitalizedFirst) \(run.status.rawValue)"
    if let duration = run.durationSeconds { headline += " in \(readable(seconds: duration))" }
    if let steps = run.metrics.values.map(\.lastStep).max() {
      headline += " after \(counted(Int(steps), "epoch"))"
    }
    var blocks: [Document.Block] = [.paragraph(headline, run.status.emphasis)]
    if let reason = run.error ?? run.outcome { blocks.append(.paragraph(reason)) }
    let facts = RankingMetric.summary(of: run.metrics.keys).compactMap { key in
      run.metrics[key].map { Document.Fact(key, .real($0.last, .strong)) }
    }
    var checks: [Document.Fact] = []
    for check in run.gradientChecks {
      let name = check.moment == "step" ? "check, step \(check.step)" : "check, \(check.moment)"
      checks.append(.init(name, .text(check.verdict, check.passed ? .good : .bad)))
    }
    blocks.append(.facts(facts + checks))
    var next = ["tracker show \(run.id)", "tracker report --html"]
    if run.gradientChecks.contains(where: { !$0.passed }) {
      next.insert("tracker diagnose \(run.id)", at: 0)
    }
    if run.status != .finished { next.insert("tracker resume \(run.id)", at: 0) }
    blocks.append(.paragraph("Next: " + next.joined(separator: " · "), .faint))
    return Document(blocks)
  }
}

extension String {
  package var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
