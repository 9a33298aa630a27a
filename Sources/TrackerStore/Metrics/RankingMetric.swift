/// The metric by which runs are ranked, chosen in one place for every command.
///
/// One that is given; else validation before test before training, what is better when greater before losses, the
/// whole before its parts; never a norm, a rate, a time or a count.
package struct RankingMetric: Sendable, Hashable {
  /// Its key.
  package let key: String
  /// Which way it is better.
  package let direction: MetricDirection
  /// Whether somebody asked for it.
  package let isGiven: Bool

  /// The metric that was asked for.
  ///
  /// - Parameter direction: which way it is better; `nil` for what its name says
  /// - Returns: `nil` where nothing says which way it is better
  package init?(given key: String, direction: MetricDirection? = nil) {
    guard let direction = direction ?? KnownMetric(key).direction else { return nil }
    self.key = key
    self.direction = direction
    isGiven = true
  }

  /// The best choice among the metrics of a run; `nil` where none may be aimed at.
  package init?(among keys: some Sequence<String>) {
    guard let best = Self.candidates(Set(keys).map(KnownMetric.init)).first else { return nil }
    self.init(best)
  }

  /// The best choice for runs that are ranked together.
  package init?(_ runs: [Run]) {
    guard let best = Self.candidates(runs).first else { return nil }
    self.init(best)
  }

  private init?(_ metric: KnownMetric) {
    guard let direction = metric.direction else { return nil }
    key = metric.key
    self.direction = direction
    isGiven = false
  }

  /// What may be aimed at, best choice first.
  private static func candidates(_ metrics: [KnownMetric]) -> [KnownMetric] {
    // Where training is said, what says nothing is not of training: YOLO's `metrics/mAP50` beside `train/box_loss`.
    let namesTraining = metrics.contains { $0.role == .train && $0.rank != nil }
    func order(_ metric: KnownMetric) -> (Int, Int, Int, Int, Int, String) {
      let role =
        switch metric.role {
        case .validation: 0
        case .test: 1
        case .train: 2
        case nil: namesTraining && metric.isAccuracyLike ? 0 : 2
        }
      let kind = metric.isAccuracyLike ? 0 : 1
      // As good, the one of the whole; then the one whose role is said, but for training.
      let said = metric.role == .train ? 2 : metric.role == nil ? 1 : 0
      return (role, kind, metric.rank ?? .max, metric.wordCount, said, metric.key)
    }
    return metrics.filter { $0.rank != nil && $0.direction != nil }
      .map { (order: order($0), metric: $0) }.sorted { $0.order < $1.order }.map(\.metric)
  }

  /// What may be aimed at in runs that stand side by side, best choice first. A metric that few of them have tells nothing of
  /// the others.
  private static func candidates(_ runs: [Run]) -> [KnownMetric] {
    let counts = runs.metricCounts
    let candidates = candidates(counts.keys.map(KnownMetric.init))
    let most = candidates.map { counts[$0.key] ?? 0 }.max() ?? 0
    return candidates.filter { (counts[$0.key] ?? 0) * 2 >= most }
  }

  /// The metrics that tell most of a run in two figures: a loss of training and what is aimed at, in this order; the
  /// first two in reading order where nothing may be aimed at.
  package static func headline(of keys: some Sequence<String>) -> [String] {
    let keys = Set(keys)
    return headline(candidates(keys.map(KnownMetric.init)), of: keys)
  }

  /// The metrics that tell most of runs that stand side by side.
  package static func headline(of runs: [Run]) -> [String] {
    headline(candidates(runs), of: runs.metricKeys)
  }

  private static func headline(_ candidates: [KnownMetric], of keys: Set<String>) -> [String] {
    guard let aim = candidates.first else { return Array(inReadingOrder(metrics: keys).prefix(2)) }
    let others = candidates.filter { $0.key != aim.key }
    let losses = others.filter { $0.isLossLike }
    let training = losses.first { $0.role == nil } ?? losses.first { $0.role == .train }
    let companion = training ?? losses.first ?? others.first
    return [companion?.key, aim.key].compactMap { $0 }
  }

  /// The metrics that tell in three figures how a run went: a loss, what is aimed at, and between them its counterpart of
  /// training.
  package static func summary(of keys: some Sequence<String>) -> [String] {
    let keys = Set(keys)
    let headline = headline(of: keys)
    let training = RankingMetric(among: keys.filter { KnownMetric($0).role == .train })?.key
    let middle = [training].compactMap { $0 }.filter { !headline.contains($0) }
    return headline.prefix(1) + middle + headline.dropFirst()
  }

  /// The run's last value; NaN where it has none.
  package func value(of run: Run) -> Double { run.metrics[key]?.last ?? .nan }

  /// The runs, best last value first; those without one last.
  package func ranking(_ runs: [Run]) -> [Run] {
    runs.enumerated().sorted { a, b in
      let (one, other) = (value(of: a.element), value(of: b.element))
      if direction.isBetter(one, than: other) { return true }
      return !direction.isBetter(other, than: one) && a.offset < b.offset
    }.map(\.element)
  }
}
