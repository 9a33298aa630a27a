import TrackerViews
import TrackerStore

extension GroupView {
  /// The groups that `--group-by` asks for.
  ///
  /// - Parameters:
  ///   - keys: parameters, joined by commas
  ///   - metric: what they are compared by; `nil` for the one that runs are ranked by
  /// - Throws: an error of usage for no keys, no runs, and keys and metrics that no run has
  init(
    runs: [Run], by keys: String, metric: String?, _ direction: DirectionOptions
  ) throws {
    let keys = keys.split(separator: ",").map { key in
      String(key.hasPrefix("params.") ? key.dropFirst("params.".count) : key)
    }
    guard !keys.isEmpty else {
      throw CommandError(
        status: .usage, message: "--group-by names no parameter",
        advice: "Name some, such as: --group-by lambda,initRange")
    }
    guard !runs.isEmpty else {
      throw CommandError(status: .usage, message: "no run matches", advice: "Try: tracker list")
    }
    let known = Set(runs.flatMap(\.parameters.keys))
    if let unknown = keys.first(where: { !known.contains($0) }) {
      throw UnknownColumnError(name: unknown, known: known.sorted())
    }
    let metrics = inReadingOrder(metrics: runs.metricKeys)
    let chosen = metric ?? RankingMetric(runs)?.key ?? metrics.first
    guard let chosen, metrics.contains(chosen) else { throw unknownMetric(metric, known: metrics) }
    self.init(runs: runs, keys: keys, metric: chosen, direction: direction.direction(of: chosen))
  }
}

extension GroupView {
  /// By what the groups are ranked, and how to rank them otherwise.
  var metricNote: String { MetricNote.ranked(by: metric, direction, option: "--metric") }
}
