import TrackerSQLite

extension Store {
  /// A metric's series at the resolution at which it is drawn: of each of `count` equal spans of steps the first, the
  /// least and the greatest value, so that no spike is lost, one that is not finite if there is one, and the last of
  /// all.
  ///
  /// Points go by as they are read: a series of any length takes the memory of the few that are kept.
  ///
  /// - Returns: the points by step; all of them where there are hardly more than would be kept; empty if the run has no
  ///   such metric
  /// - Throws: ``StoreError``
  package func points(
    run id: Int64, metric key: String, spans count: Int
  ) throws -> [MetricPoint] {
    let points = try read("reading a metric in") { connection -> [MetricPoint]? in
      guard let series = try Self.series(key, run: id, on: connection),
        series.count > 4 * count,
        let last = try Self.point(.max, of: series, on: connection)
      else { return nil }
      var points: [MetricPoint] = []
      try connection.prepared(
        "SELECT step, value, elapsed FROM metric_point WHERE series_id = ? ORDER BY step, nth"
      ) { statement in
        try statement.bind(series.id, at: 1)
        guard try statement.step() else { return }
        var spans = Spans(from: statement.integer(0), through: last.step, count: count)
        repeat {
          let (step, value) = (statement.integer(0), statement.number(1))
          if spans.isWorthKeeping(value, at: step) { spans.keep(series.point(statement)) }
        } while try statement.step()
        points = spans.points
      }
      if points.last != last { points.append(last) }
      return points
    }
    return try points ?? self.points(run: id, metric: key)
  }

  /// A metric's series as a picture of a few characters needs it: of a long one, 16 points in a row from the start of
  /// each of `count` equal spans of steps, and the last. What lies between them is not read, so that a series of any
  /// length takes as long.
  ///
  /// - Returns: the points by step; all of them where there are few; empty if the run has no such metric
  /// - Throws: ``StoreError``
  package func sampledPoints(
    run id: Int64, metric key: String, spans count: Int
  ) throws -> [MetricPoint] {
    let samples: Int64 = 16
    let points = try read("reading a metric in") { connection -> [MetricPoint]? in
      guard let series = try Self.series(key, run: id, on: connection),
        series.count > 4 * Int(samples) * count,
        let last = try Self.point(.max, of: series, on: connection),
        let first = try connection.row(
          "SELECT min(step) FROM metric_point WHERE series_id = ?", [.integer(series.id)],
          { Double($0.integer(0)) })
      else { return nil }
      let width = (Double(last.step) - first + 1) / Double(count)
      var points: [MetricPoint] = []
      try connection.prepared(
        """
        SELECT step, value, elapsed FROM metric_point
        WHERE series_id = ?1 AND step >= ?2 AND step < ?3 ORDER BY step, nth LIMIT \(samples)
        """
      ) { statement in
        try statement.bind(series.id, at: 1)
        for span in 0..<count {
          let bounds = [span, span + 1].map { edge in
            Int64(exactly: (first + Double(edge) * width).rounded(.up)) ?? .max
          }
          try statement.bind(bounds[0], at: 2)
          try statement.bind(bounds[1], at: 3)
          while try statement.step() { points.append(series.point(statement)) }
          statement.reset()
        }
      }
      return points.last == last ? points : points + [last]
    }
    return try points ?? self.points(run: id, metric: key)
  }

  /// The last value of a metric at or before a step, or `nil` if there is none.
  ///
  /// - Throws: ``StoreError``
  package func point(run id: Int64, metric key: String, atStep step: Int64) throws -> MetricPoint? {
    try read("reading a metric in") { connection in
      try Self.series(key, run: id, on: connection).flatMap {
        try Self.point(step, of: $0, on: connection)
      }
    }
  }

  /// The first value of a metric that is at least as good as `target`, or `nil` if it never is.
  ///
  /// - Throws: ``StoreError``
  package func firstPoint(
    run id: Int64, metric key: String, reaching target: Double, _ direction: MetricDirection
  ) throws -> MetricPoint? {
    try read("reading a metric in") { connection in
      guard let series = try Self.series(key, run: id, on: connection) else { return nil }
      return try connection.row(
        """
        SELECT step, value, elapsed FROM metric_point
        WHERE series_id = ? AND value \(direction == .minimize ? "<=" : ">=") ?
        ORDER BY step, nth LIMIT 1
        """, [.integer(series.id), .real(target)]
      ) { series.point($0) }
    }
  }

  struct Series {
    var id: Int64
    var count: Int
    /// When the run started, in milliseconds.
    var start: Int64

    func point(_ row: borrowing Statement) -> MetricPoint {
      MetricPoint(
        step: row.integer(0), value: row.number(1),
        time: Timestamp(milliseconds: start + row.integer(2, in: StoredRange.spans)))
    }
  }

  /// The last point at or before a step.
  static func point(
    _ step: Int64, of series: Series, on connection: Connection
  ) throws -> MetricPoint? {
    try connection.row(
      """
      SELECT step, value, elapsed FROM metric_point WHERE series_id = ? AND step <= ?
      ORDER BY step DESC, nth DESC LIMIT 1
      """, [.integer(series.id), .integer(step)]
    ) { series.point($0) }
  }

  static func series(
    _ key: String, run id: Int64, on connection: Connection
  ) throws -> Series? {
    try connection.row(
      """
      SELECT metric_series.id, point_count, started_at
      FROM metric_series JOIN run ON run.id = run_id WHERE run_id = ? AND key = ?
      """, [.integer(id), .text(key)]
    ) { Series(id: $0.integer(0), count: $0.count(1), start: $0.moment(2).milliseconds) }
  }
}

extension [MetricPoint] {
  /// A series at the resolution at which it is drawn, as ``Store/points(run:metric:spans:)`` reads one.
  package func atResolution(spans count: Int) -> [MetricPoint] {
    guard self.count > 4 * count, let first, let last else { return self }
    var spans = Spans(from: first.step, through: last.step, count: count)
    for point in self where spans.isWorthKeeping(point.value, at: point.step) { spans.keep(point) }
    let kept = spans.points
    return kept.last == last ? kept : kept + [last]
  }
}

/// What is kept of a series that goes by: of each span of steps its first point and those that are extreme.
private struct Spans {
  private let start: Double
  /// Steps of a span.
  private let width: Double
  /// The first step after the present span.
  private var end = Int64.min
  private var least = Double.infinity
  private var greatest = -Double.infinity
  /// The present span's: first, least, greatest, not finite.
  private var kept: [MetricPoint?] = [nil, nil, nil, nil]
  private var done: [MetricPoint] = []

  init(from first: Int64, through last: Int64, count: Int) {
    start = Double(first)
    // As numbers: two steps may be farther apart than a step can be.
    width = max(1, (Double(last) - start + 1) / Double(count))
  }

  /// Whether a point is the first of its span or more extreme than those before it.
  func isWorthKeeping(_ value: Double, at step: Int64) -> Bool {
    step >= end || value < least || value > greatest || !value.isFinite
  }

  mutating func keep(_ point: MetricPoint) {
    if point.step >= end {
      flush()
      let span = ((Double(point.step) - start) / width).rounded(.down)
      end = Int64(exactly: (start + (span + 1) * width).rounded(.up)) ?? .max
      if point.value.isFinite { kept[0] = point }
    }
    guard point.value.isFinite else {
      kept[3] = point
      return
    }
    if point.value < least { (least, kept[1]) = (point.value, point) }
    if point.value > greatest { (greatest, kept[2]) = (point.value, point) }
  }

  private mutating func flush() {
    let points = kept.compactMap { $0 }.sorted { $0.step < $1.step }
    for point in points where done.last != point { done.append(point) }
    kept = [nil, nil, nil, nil]
    (least, greatest) = (.infinity, -.infinity)
  }

  /// What was kept, by step.
  var points: [MetricPoint] {
    var all = self
    all.flush()
    return all.done
  }
}
