import TrackerJSON
import TrackerStore

/// A metric that is sent: one of the store's, or points that were made for the server.
struct PushedSeries {
  /// Its name on the server.
  var name: String
  var count: Int
  /// The points by place; `nil`: those that the store has under `key`.
  var points: [PlacedPoint]?
  var key: String
}

/// How far the metrics of a run were sent: of each, how many points, and up to which place.
typealias SentPoints = [String: (count: Int, end: SeriesPosition)]

/// The tag that says, after each batch, how many points of a run are on the server; and while more are sent, how many will
/// be after the next batch, whose answer may get lost.
///
/// With the greatest step of each metric, which the server tells, that is enough to go on where a push ended. Where
/// points came to an earlier step later, the numbers differ, and all is sent again; what is there already stays single.
struct PushMark: Hashable {
  static let tag = "tracker.pushed"
  var count: Int
  var next: Int?

  init(count: Int, next: Int?) {
    self.count = count
    self.next = next
  }

  init?(_ text: String?) {
    let numbers = (text ?? "").split(separator: " ").map { Int($0) }
    guard let first = numbers.first, let count = first else { return nil }
    self.count = count
    next = numbers.count > 1 ? numbers[1] : nil
  }

  var text: String { next.map { "\(count) \($0)" } ?? "\(count)" }
}

/// Reads points from the store and cuts them into batches.
struct MetricBatches {
  struct Batch {
    var metrics: [JSONValue]
    /// What has been sent of each metric when this batch has been.
    var sent: SentPoints
    var count: Int { metrics.count }
  }

  /// One place of a batch is the mark's.
  private static let size = Limits.metricsOfBatch - 1

  let store: Store
  let run: Int64
  private var rest: ArraySlice<PushedSeries>
  private var sent: SentPoints
  private var page: ArraySlice<PlacedPoint> = []

  init(store: Store, run: Int64, series: [PushedSeries], after sent: SentPoints) {
    self.store = store
    self.run = run
    self.sent = sent
    rest = series[...]
  }

  /// The next batch; `nil` where all has been sent.
  mutating func next() throws -> Batch? {
    var metrics: [JSONValue] = []
    while metrics.count < Self.size, let series = rest.first {
      if page.isEmpty { page = try page(of: series) }
      let part = page.prefix(Self.size - metrics.count)
      page = page.dropFirst(part.count)
      guard let last = part.last else {
        rest.removeFirst()
        continue
      }
      metrics += part.map { placed in
        .object([
          "key": .string(series.name), "value": .number(placed.point.value),
          "timestamp": .integer(max(0, placed.point.time.milliseconds)),
          "step": .integer(placed.point.step),
        ])
      }
      sent[series.name] = ((sent[series.name]?.count ?? 0) + part.count, last.position)
    }
    return metrics.isEmpty ? nil : Batch(metrics: metrics, sent: sent)
  }

  private func page(of series: PushedSeries) throws -> ArraySlice<PlacedPoint> {
    let end = sent[series.name]?.end ?? .start
    if let points = series.points { return points.drop { $0.position <= end } }
    return try store.page(run: run, metric: series.key, after: end, limit: 4 * Self.size)[...]
  }
}

extension Store {
  /// The metrics of a run as they are sent, its gradient checks among them.
  func pushedSeries(of run: Run, _ omissions: inout Omissions) throws -> [PushedSeries] {
    var series = run.metrics.sorted { $0.key < $1.key }.map { key, summary in
      PushedSeries(name: MLflowName.name(for: key, &omissions), count: summary.count, key: key)
    }
    guard !run.gradientChecks.isEmpty else { return series }
    let times = try checkTimes(run: run.id)
    var points: [String: [MetricPoint]] = [:]
    for check in run.gradientChecks {
      let time = times[check.id] ?? run.startedAt
      func add(_ name: String, _ value: Double) {
        points["gradientCheck/\(name)", default: []].append(
          MetricPoint(step: check.step, value: value, time: time))
      }
      add("passed", check.passed ? 1 : 0)
      add("checkedCount", Double(check.checkedCount))
      add("failedCount", Double(check.failedCount))
      add("maxAbsoluteDifference", check.maxAbsoluteDifference)
      add("maxRelativeDifference", check.maxRelativeDifference)
      for block in check.blocks {
        add("\(block.name)/\(block.part)/failedCount", Double(block.failedCount))
        add("\(block.name)/\(block.part)/maxAbsoluteDifference", block.maxAbsoluteDifference)
      }
    }
    let known = Set(series.map(\.name))
    for (key, points) in points.sorted(by: { $0.key < $1.key }) {
      let name = MLflowName.name(for: key)
      guard !known.contains(name) else { continue }
      let placed = points.enumerated().map { number, point in
        PlacedPoint(
          point: point, position: SeriesPosition(step: point.step, nth: Int64(number)))
      }
      series.append(
        PushedSeries(
          name: name, count: points.count, points: placed.sorted { $0.position < $1.position },
          key: key))
    }
    return series
  }

  /// How many points of a series lie up to a place.
  func count(
    of series: PushedSeries, run: Int64, through end: SeriesPosition
  ) throws -> Int {
    if let points = series.points { return points.count { $0.position <= end } }
    return try pointCount(run: run, metric: series.key, through: end)
  }
}
