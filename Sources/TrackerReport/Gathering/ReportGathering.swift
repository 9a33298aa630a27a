import TrackerExperiments
import TrackerGradientCheck
import TrackerViews
package import TrackerStore

/// Reads from the store what a report shows: curves no finer than they will be drawn, so that a thousand runs of a
/// thousand epochs need not be in memory at once.
package struct ReportGathering {
  private let store: Store
  private let runs: [Run]
  /// The metric by which they are ranked.
  private let aim: RankingMetric?
  private let budget: CurveBudget
  private let groups: [[Run]]
  /// The metrics whose means over groups are drawn.
  private let groupMetrics: [String]
  /// The runs whose networks are drawn.
  private let pictured: Set<Int64>
  private let picturedChecks: Set<Int64>
  /// How many checks of each cause are drawn.
  private var pictures: [String: Int] = [:]
  private static let pictureLimit = 3

  /// Of many runs only the first are judged, as judging reads their curves.
  private static let judgedLimit = 200

  /// Networks of more runs than this are not all drawn, only those of the best.
  private static let picturedLimit = 6

  private let parts: ReportParts

  /// - Parameters:
  ///   - ranking: the metric by which the runs are ranked; `nil` for the best choice
  ///   - parts: whose SQL is asked
  package init(_ runs: [Run], ranking: RankingMetric?, parts: ReportParts, from store: Store) {
    aim = ranking ?? RankingMetric(runs)
    self.store = store
    self.parts = parts
    self.runs = runs
    let ranking = aim?.ranking(runs) ?? runs
    budget = ReportView.curveBudget(runs, ranking: ranking.map(\.id), aim: aim?.key)
    pictured = Set(ranking.prefix(Self.picturedLimit).map(\.id))
    picturedChecks = ReportView.picturedChecks(of: runs)
    groups = SeedGroups(runs)?.groups ?? []
    let headline = RankingMetric.headline(of: runs)
    groupMetrics = Set([aim?.key].compactMap { $0 } + headline).sorted()
  }

  /// Reads all of it.
  ///
  /// - Parameter threads: the most threads that read at the same time
  /// - Throws: ``StoreError``; ``ReportPartError`` for SQL of the parts that is wrong
  package mutating func view(
    title: String, madeAt: Timestamp, command: String, threads: Int = 1
  ) throws -> ReportView {
    let (curves, means) = try CurveGathering(
      store: store, runs: runs, budget: budget, groups: groups, metrics: groupMetrics
    ).read(threads: threads)
    let judged = runs.prefix(Self.judgedLimit).filter { $0.status != .running }
    let faults = TrainingFaults.all(of: judged, in: store, threads: threads)
    var items: [ReportRun] = []
    for (run, curves) in zip(runs, curves) {
      items.append(try item(run, curves, fault: faults[run.id]?.cause.rawValue))
    }
    return ReportView(
      title: title, runs: items, madeAt: madeAt, command: command, means: means,
      answers: try answers(), ranking: aim)
  }

  /// What the parts' SQL finds of these runs.
  private func answers() throws -> [ReportAnswer] {
    guard !runs.isEmpty else { return [] }
    let ids = "[" + runs.map { String($0.id) }.joined(separator: ",") + "]"
    return try parts.queries.map { query in
      do {
        return try ReportAnswer(query, store.query(query.sql, values: [":runs": ids]))
      } catch let error as StoreError where error.reason == .statement {
        throw ReportPartError("\(query.fileName): \(error.message)", advice: error.advice)
      }
    }
  }

  /// A run with its checks' vectors.
  private mutating func item(
    _ run: Run, _ curves: [BucketedCurve], fault: String?
  ) throws -> ReportRun {
    // A check that failed is explained beside its picture.
    let findings =
      run.gradientChecks.contains { !$0.passed }
      ? try RunDiagnosis(store: store, run: run).findings().map(DiagnosisView.Finding.init) : []
    // One picture stands for all checks that fail alike.
    var vectors: [Int64: GradientCheckRecord.Vectors] = [:]
    let cause = findings.first?.cause ?? ""
    for check in run.gradientChecks
    where picturedChecks.contains(check.id) && pictures[cause, default: 0] < Self.pictureLimit {
      vectors[check.id] = try store.vectors(ofCheck: check.id)
      pictures[cause, default: 0] += 1
    }
    return ReportRun(
      run: run, curves: curves, vectors: vectors, findings: findings, fault: fault,
      network: pictured.contains(run.id) ? network(run) : nil)
  }

  /// What the run's network does; `nil` where that cannot be known: the run was recorded by another program or did not
  /// come to its end, or its data is not where it was.
  private func network(_ run: Run) -> NetworkView? {
    (try? TrainedNetwork(of: run, in: store)).map(NetworkView.init)
  }
}

extension NetworkView {
  fileprivate init(_ network: TrainedNetwork) {
    self.init(
      classNames: network.classNames, areHeldOut: network.areHeldOut,
      confusion: network.confusion,
      mistakes: network.mistakes.map {
        Mistake(
          features: $0.features, label: $0.label, predicted: $0.predicted,
          probability: $0.probability)
      },
      featureRange: network.featureRange, layerSizes: network.layerSizes,
      weights: network.weights.map { Weights(layer: $0.layer, step: $0.step, values: $0.values) })
  }
}
