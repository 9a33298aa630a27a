import TrackerStore

/// What is said where a metric was chosen and nobody asked for it: which it is, and how to choose another.
enum MetricNote {
  /// Of a list that shows some of its runs' metrics; `nil` where it shows all.
  static func listed(_ shown: [String], of runs: [Run]) -> String? {
    let count = runs.metricKeys.count
    guard count > shown.count else { return nil }
    return "Shown of \(count) metrics: \(shown.joined(separator: ", ")). "
      + "Others: --columns id,name,METRIC"
  }

  /// Of curves that are drawn; `nil` where there are no others.
  static func drawn(_ keys: [String], of known: [String]) -> String? {
    guard known.count > keys.count else { return nil }
    return "Drawn: \(keys.joined(separator: ", ")). Another metric: --metric KEY"
  }

  /// Of groups or trials that are ranked.
  static func ranked(by key: String, _ direction: MetricDirection?, option: String) -> String {
    let better = direction.map { ", \($0 == .maximize ? "higher" : "lower") is better" } ?? ""
    return "Ranked by \(key)\(better). By another metric: \(option) KEY"
  }
}
