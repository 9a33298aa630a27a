package import TrackerStore
package import TrackerViews

/// Everything that a report shows, made once from plain values.
package struct ReportView: Sendable {
  /// The runs in the order in which they are shown.
  package var runs: [ReportRun]
  /// What the report is called.
  package var title: String
  /// When it was made.
  package var madeAt: Timestamp
  /// The command that made it, or `nil`.
  package var command: String?
  /// Mean curves of ``SeedGroups``, of the metrics that are to be drawn.
  package var means: [MeanCurve]
  /// The sections that SQL files make.
  package var answers: [ReportAnswer]
  /// The metric by which the runs are ranked; `nil` where none may be aimed at.
  package var ranking: RankingMetric?

  /// - Parameters:
  ///   - title: what the report is called
  ///   - runs: the runs in the order in which they are shown
  ///   - madeAt: the present
  ///   - command: the command that makes this report again
  ///   - means: mean curves of the runs that differ only in their seeds
  ///   - answers: the sections that SQL files make
  ///   - ranking: the metric by which the runs are ranked; `nil` chooses one
  package init(
    title: String = "Runs", runs: [ReportRun], madeAt: Timestamp, command: String? = nil,
    means: [MeanCurve] = [], answers: [ReportAnswer] = [], ranking: RankingMetric? = nil
  ) {
    self.title = title
    self.runs = runs
    self.madeAt = madeAt
    self.command = command
    self.means = means
    self.answers = answers
    self.ranking = ranking ?? RankingMetric(runs.map(\.run))
  }
}

extension ReportView {
  /// What its runs are called.
  var labels: RunLabels { RunLabels(runs.map(\.run)) }

  /// How finely the curves of these runs need be read.
  ///
  /// - Parameters:
  ///   - ranking: the runs' ids, best first
  ///   - aim: the metric by which they are ranked
  package static func curveBudget(
    _ runs: [Run], ranking: [Int64], aim: String?
  ) -> CurveBudget {
    CurveBudget(runs, coloured: Set(CurveSection.colours(ranking).keys), aim: aim)
  }

  /// The gradient checks of these runs whose vectors a report draws, by id: the others' need not be read.
  package static func picturedChecks(of runs: [Run]) -> Set<Int64> {
    CheckSection.pictured(in: runs)
  }
}

/// A run with all that a report draws of it.
package struct ReportRun: Sendable {
  /// The run.
  package var run: Run
  /// Its series.
  package var curves: [BucketedCurve]
  /// The vectors of its checks, by the check's id; checks without are shown by their numbers.
  package var vectors: [Int64: GradientCheckRecord.Vectors]
  /// What `diagnose` says of it; empty where it was not asked.
  package var findings: [DiagnosisView.Finding]
  /// The likeliest fault of its training, by its name; `nil` where none was found, or nobody looked.
  package var fault: String?
  /// What its network does; `nil` where that is not drawn or not known.
  package var network: NetworkView?

  /// A run to be reported on.
  package init(
    run: Run, curves: [BucketedCurve] = [], vectors: [Int64: GradientCheckRecord.Vectors] = [:],
    findings: [DiagnosisView.Finding] = [], fault: String? = nil, network: NetworkView? = nil
  ) {
    self.run = run
    self.fault = fault
    self.curves = curves
    self.vectors = vectors
    self.findings = findings
    self.network = network
  }
}
