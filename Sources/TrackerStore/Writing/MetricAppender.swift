import TrackerSQLite

/// Adds points to a run's series and keeps each series' summary, within transactions.
///
/// It may be kept for the next transaction as long as nobody else has written meanwhile.
struct MetricAppender {
  /// In which order points come.
  enum Order {
    /// As they were logged: the last is the latest.
    case asLogged
    /// In any, and again: the latest is that of the greatest step, time and value, and points that are equal are one.
    case byStep
  }

  private let runID: Int64
  private let startedAt: Timestamp
  private let order: Order
  private var places: [String: Int] = [:]
  private var series: [Series] = []
  /// The series that this transaction touched.
  private var touched: [Int] = []

  /// A series' summary as it stands in this transaction.
  private struct Series {
    var id: Int64
    var summary: MetricSummary
    var lastTime: Int64
    /// The greatest step so far: a point beyond it is the first of its step.
    var greatestStep: Int64
    var isTouched = false

    /// Whether a point comes after the latest by step, time and value.
    func precedes(_ point: MetricPoint) -> Bool {
      let (step, time) = (summary.lastStep, lastTime)
      if point.step != step { return point.step > step }
      if point.time.milliseconds != time { return point.time.milliseconds > time }
      return summary.last.isNaN || point.value > summary.last
    }
  }

  init(runID: Int64, startedAt: Timestamp, order: Order = .asLogged) {
    self.runID = runID
    self.startedAt = startedAt
    self.order = order
  }

  /// Adds points, and writes the summaries back.
  mutating func append(
    _ points: [(key: String, point: MetricPoint)], on connection: Connection
  ) throws {
    try connection.prepared(
      "INSERT INTO metric_point (series_id, step, nth, value, elapsed) VALUES (?, ?, ?, ?, ?)"
    ) { insertion in
      // Points of one metric mostly come one after the other: each such stretch is looked up once. In place,
      // for a copy of each key is counted up and down.
      try points.withUnsafeBufferPointer { points in
        var next = 0
        while next < points.count {
          let first = next
          let place = try self.place(of: points[first].key, points[first].point, on: connection)
          var current = series[place]
          // What is bound stays bound.
          try insertion.bind(current.id, at: 1)
          repeat {
            try insert(points[next].point, &current, insertion, on: connection)
            next += 1
          } while next < points.count && points[next].key == points[first].key
          series[place] = current
        }
      }
    }
    try writeSummaries(on: connection)
  }

  private mutating func place(
    of key: String, _ point: MetricPoint, on connection: Connection
  ) throws -> Int {
    let place: Int
    if let known = places[key] {
      place = known
    } else {
      place = series.count
      series.append(try find(key, on: connection) ?? make(key, point, on: connection))
      places[key] = place
    }
    if !series[place].isTouched {
      series[place].isTouched = true
      touched.append(place)
    }
    return place
  }

  private mutating func writeSummaries(on connection: Connection) throws {
    try connection.prepared(
      """
      UPDATE metric_series
      SET point_count = ?, first_value = ?, last_value = ?, min_value = ?, max_value = ?,
        last_step = ?, last_at = ?
      WHERE id = ?
      """
    ) { statement in
      for place in touched {
        series[place].isTouched = false
        let summary = series[place].summary
        try statement.bind(Int64(summary.count), at: 1)
        try statement.bind(summary.first, at: 2)
        try statement.bind(summary.last, at: 3)
        try statement.bind(summary.min, at: 4)
        try statement.bind(summary.max, at: 5)
        try statement.bind(summary.lastStep, at: 6)
        try statement.bind(series[place].lastTime, at: 7)
        try statement.bind(series[place].id, at: 8)
        try statement.run()
      }
    }
    touched.removeAll(keepingCapacity: true)
  }

  private func find(_ key: String, on connection: Connection) throws -> Series? {
    try connection.row(
      """
      SELECT id, point_count, first_value, last_value, min_value, max_value, last_step, last_at,
        (SELECT max(step) FROM metric_point WHERE series_id = metric_series.id)
      FROM metric_series WHERE run_id = ? AND key = ?
      """, [.integer(runID), .text(key)]
    ) { row in
      Series(
        id: row.integer(0),
        summary: MetricSummary(
          first: row.number(2), last: row.number(3), min: row.number(4), max: row.number(5),
          count: row.count(1), lastStep: row.integer(6)), lastTime: row.integer(7),
        greatestStep: row.integer(8))
    }
  }

  private func make(
    _ key: String, _ point: MetricPoint, on connection: Connection
  ) throws -> Series {
    try connection.run(
      """
      INSERT INTO metric_series (run_id, key, point_count, last_step, last_at) VALUES (?, ?, 0, ?, ?)
      """,
      [
        .integer(runID), .text(key), .integer(point.step), .integer(point.time.milliseconds),
      ])
    return Series(
      id: connection.lastInsertedRowID,
      summary: MetricSummary(
        first: point.value, last: point.value, min: .nan, max: .nan, count: 0, lastStep: point.step),
      lastTime: point.time.milliseconds, greatestStep: .min)
  }

  private func insert(
    _ point: MetricPoint, _ series: inout Series, _ insertion: borrowing Statement,
    on connection: Connection
  ) throws {
    var nth: Int64 = 0
    let elapsed = point.time.milliseconds.subtractingReportingOverflow(startedAt.milliseconds)
      .partialValue
    if series.summary.count > 0, point.step <= series.greatestStep {
      if order == .byStep, try isKept(point, elapsed, series.id, on: connection) { return }
      nth =
        try connection.row(
          "SELECT max(nth) + 1 FROM metric_point WHERE series_id = ? AND step = ?",
          [.integer(series.id), .integer(point.step)]
        ) { $0.integer(0) } ?? 0
    }
    try insertion.bind(point.step, at: 2)
    try insertion.bind(nth, at: 3)
    try insertion.bind(point.value, at: 4)
    try insertion.bind(elapsed, at: 5)
    try insertion.run()
    let latest = (series.summary.last, series.summary.lastStep)
    let isLatest = order == .asLogged || series.summary.count == 0 || series.precedes(point)
    series.summary.include(point)
    series.greatestStep = max(series.greatestStep, point.step)
    if isLatest {
      series.lastTime = point.time.milliseconds
    } else {
      (series.summary.last, series.summary.lastStep) = latest
    }
  }

  /// Whether a point is there already. Of many at one step the newest are looked at: what is sent again was sent a
  /// short while ago.
  private func isKept(
    _ point: MetricPoint, _ elapsed: Int64, _ series: Int64, on connection: Connection
  ) throws -> Bool {
    try connection.row(
      """
      SELECT 1 FROM (
        SELECT value, elapsed FROM metric_point WHERE series_id = ? AND step = ?
        ORDER BY nth DESC LIMIT 4096)
      WHERE elapsed = ? AND value IS ?
      """,
      [.integer(series), .integer(point.step), .integer(elapsed), .real(point.value)]
    ) { _ in true } ?? false
  }
}

/// Series' summaries, when they have to be made from the points again.
enum MetricSeriesRows {
  /// The start of a statement that does so for the series that its WHERE chooses. The order in which the
  /// points came is taken for that of their steps.
  static let summingUp = """
    UPDATE metric_series SET
      point_count = (SELECT count(*) FROM metric_point WHERE series_id = metric_series.id),
      min_value = (SELECT min(value) FROM metric_point WHERE series_id = metric_series.id),
      max_value = (SELECT max(value) FROM metric_point WHERE series_id = metric_series.id),
      first_value = (
        SELECT value FROM metric_point WHERE series_id = metric_series.id ORDER BY step, nth LIMIT 1),
      (last_value, last_step, last_at) = (
        SELECT value, step, elapsed + (SELECT started_at FROM run WHERE id = run_id)
        FROM metric_point WHERE series_id = metric_series.id ORDER BY step DESC, nth DESC LIMIT 1)
    """
}

extension MetricSummary {
  mutating func include(_ point: MetricPoint) {
    count += 1
    last = point.value
    lastStep = point.step
    // `<` and not Swift.min: NaN gives way to any number, and no number to it.
    if min.isNaN || point.value < min { min = point.value }
    if max.isNaN || point.value > max { max = point.value }
  }
}

extension Statement {
  /// A value where NULL stands for NaN.
  borrowing func number(_ column: Int) -> Double { isNull(column) ? .nan : real(column) }
}
