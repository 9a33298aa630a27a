import TrackerExperiments
import TrackerReporting
import TrackerStore

/// Reads from the store what a report shows: curves no finer than they will be drawn, so that a thousand runs of a
/// thousand epochs need not be in memory at once.
struct ReportGathering {
  private let store: Store
  private let runs: [Run]
  private let budget: CurveBudget
  /// Which mean curves a run's series belong to.
  private var means: [MeanCurve] = []
  private var groupOf: [Int64: Int] = [:]

  init(_ runs: [Run], from store: Store) {
    self.store = store
    self.runs = runs
    budget = CurveBudget(runs)
    guard let groups = SeedGroups(runs) else { return }
    let metrics = [RankingMetric(runs)?.key, "cost"].compactMap { $0 }
    for (index, group) in groups.groups.enumerated() {
      for run in group { groupOf[run.id] = index }
      for key in Set(metrics).sorted() { means.append(MeanCurve(group: index, metric: key)) }
    }
  }

  /// - Throws: ``StoreError``
  mutating func view(title: String, madeAt: Timestamp, command: String) throws -> ReportView {
    var items: [ReportRun] = []
    for run in runs { items.append(try item(run)) }
    return ReportView(title: title, runs: items, madeAt: madeAt, command: command, means: means)
  }

  /// A run with its curves and its checks' vectors.
  private mutating func item(_ run: Run) throws -> ReportRun {
    var vectors: [Int64: GradientCheckRecord.Vectors] = [:]
    for check in run.gradientChecks {
      vectors[check.id] = try store.vectors(ofCheck: check.id)
    }
    // A check that failed is explained beside its picture.
    let findings =
      run.gradientChecks.contains { !$0.passed }
      ? try RunDiagnosis(store: store, run: run).findings().map(DiagnosisView.Finding.init) : []
    var curves: [MetricCurve] = []
    for key in run.metrics.keys { curves.append(try curve(run.id, key)) }
    return ReportRun(run: run, curves: curves, vectors: vectors, findings: findings)
  }

  private mutating func curve(_ run: Int64, _ key: String) throws -> MetricCurve {
    let points = try store.points(run: run, metric: key)
    if let group = groupOf[run],
      let index = means.firstIndex(where: { $0.group == group && $0.metric == key })
    {
      means[index].add(points)
    }
    return MetricCurve(run: run, metric: key, points: points)
      .preselected(count: budget.readLimit)
  }
}
