import TrackerSQLite

/// Which runs are asked for.
public struct RunQuery: Hashable, Sendable {
  /// These alone; `nil`: all.
  public var ids: [Int64]?
  /// Those of this experiment; `nil`: of all.
  public var experiment: String?
  /// Whether runs that are archived are among them.
  public var includesArchived: Bool
  /// Those that a condition such as `lambda > 0.1 and status = finished` is true of; `nil`: all.
  public var condition: String?
  /// What they are ordered by, such as `-best(testAccuracy),lambda`: fields as in a condition, a minus for
  /// the highest first; runs without a value go last. `nil`: the newest first.
  public var sort: String?
  /// At most so many, the first in order; `nil`: all.
  public var limit: Int?

  /// A question for runs; by default for all that are not archived.
  public init(
    ids: [Int64]? = nil, experiment: String? = nil, includesArchived: Bool = false,
    condition: String? = nil, sort: String? = nil, limit: Int? = nil
  ) {
    self.sort = sort
    self.condition = condition
    self.ids = ids
    self.experiment = experiment
    self.includesArchived = includesArchived
    self.limit = limit
  }
}

extension Store {
  /// The runs asked for, newest first unless another order is asked for, each with its parameters, summaries, tags and checks.
  ///
  /// - Throws: ``StoreError``; ``FilterSyntaxError`` for a condition that cannot be read
  public func runs(_ query: RunQuery = RunQuery()) throws -> [Run] {
    try read("reading") { try RunReader(connection: $0).runs(query) }
  }

  /// The numbers and states of the runs asked for, in their order; far cheaper than ``runs(_:)``.
  ///
  /// - Throws: ``StoreError``; ``FilterSyntaxError`` for a condition that cannot be read
  public func runStatuses(
    _ query: RunQuery = RunQuery()
  ) throws -> [(id: Int64, status: RunStatus)] {
    try read("reading") { connection in
      let (clauses, values) = try RunReader(connection: connection).clauses(of: query)
      return try connection.rows(
        "SELECT run.id, run.status " + RunReader.tables + clauses, values
      ) { ($0.integer(0), RunStatus(rawValue: $0.text(1)) ?? .crashed) }
    }
  }

  /// A run, archived or not.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun``
  public func run(id: Int64) throws -> Run {
    guard let run = try runs(RunQuery(ids: [id], includesArchived: true)).first else {
      throw try noSuchRun("\(id)")
    }
    return run
  }

  /// - Parameter meant: what was most likely meant, where there is telling
  func noSuchRun(_ selector: String, meant: String? = nil) throws -> StoreError {
    let range = try read("reading") { connection in
      try connection.row("SELECT min(id), max(id), count(*) FROM run") {
        $0.integer(2) == 0 ? "it has no runs yet" : "runs \($0.integer(0))–\($0.integer(1))"
      }
    }
    return StoreError(
      .noSuchRun, "no run \(selector) in \(path) (\(range ?? ""))",
      advice: meant.map { "did you mean \($0)?" })
  }
}

/// Some runs, as statements name them whose text stays the same, so that they are compiled once: by a range of their numbers where
/// that is dense, and one by one where not.
struct RunChoice {
  /// What follows the column of a run's number.
  let condition: String
  /// What it binds.
  let values: [SQLiteValue]

  /// - Returns: `nil` for no runs
  init?(_ ids: [Int64]) {
    guard let newest = ids.max(), let oldest = ids.min() else { return nil }
    let (span, isTooWide) = newest.subtractingReportingOverflow(oldest)
    let isDense = !isTooWide && span < 4 * Int64(ids.count)
    condition = isDense ? "BETWEEN ?1 AND ?2" : "IN (SELECT value FROM json_each(?1))"
    values = isDense ? [.integer(oldest), .integer(newest)] : [Self.list(ids)]
  }

  /// Numbers as `json_each` reads them.
  static func list(_ ids: [Int64]) -> SQLiteValue {
    .text("[" + ids.map { String($0) }.joined(separator: ",") + "]")
  }
}

/// Where runs are in a list. Rows of one run follow each other, mostly.
private struct RunPlaces {
  private let places: [Int64: Int]
  private var latest: (id: Int64, place: Int)?

  init(_ runs: [Run]) {
    places = Dictionary(
      runs.indices.lazy.map { (runs[$0].id, $0) }, uniquingKeysWith: { $1 })
  }

  subscript(id: Int64) -> Int? {
    mutating get {
      if let latest, latest.id == id { return latest.place }
      guard let place = places[id] else { return nil }
      latest = (id, place)
      return place
    }
  }
}

/// Collects the keys and values of a run. Most runs have the keys of the one before: those are read and hashed once.
private struct KeyedValues<Value> {
  private var keys: [String] = []
  private var values: [Value] = []
  /// Whether a key is another than that of the run before.
  private var areNew = false
  /// Where each key is in ``keys``; `nil` until a second run has the same.
  private var places: [String: Int]?

  /// Adds the key in a column of a row.
  mutating func add(keyIn column: Int, of row: borrowing Statement, _ value: Value) {
    if values.count == keys.count || !row.text(column, is: keys[values.count]) {
      keys.removeSubrange(values.count...)
      keys.append(row.text(column))
      areNew = true
    }
    values.append(value)
  }

  /// What was added since it was asked for last.
  mutating func take() -> [String: Value] {
    defer { values.removeAll(keepingCapacity: true) }
    if areNew || values.count < keys.count {
      keys.removeSubrange(values.count...)
      (areNew, places) = (false, nil)
      return Dictionary(zip(keys, values), uniquingKeysWith: { $1 })
    }
    let known = places ?? Dictionary(zip(keys, keys.indices), uniquingKeysWith: { $1 })
    places = known
    return known.mapValues { values[$0] }
  }
}

extension Dictionary {
  /// Adds what another one has; to nothing without a look at each key.
  fileprivate mutating func add(_ other: Self) {
    if isEmpty { self = other } else { merge(other) { $1 } }
  }
}

/// Reads runs in few statements, however many there are: their rows, and then what belongs to them,
/// table by table.
struct RunReader {
  let connection: Connection

  /// What follows `FROM run JOIN experiment …` to find the runs asked for, and the values that it binds.
  func clauses(of query: RunQuery) throws -> (sql: String, values: [SQLiteValue]) {
    var conditions: [String] = []
    var values: [SQLiteValue] = []
    if let ids = query.ids {
      conditions.append("run.id IN (SELECT value FROM json_each(?))")
      values.append(RunChoice.list(ids))
    }
    if let experiment = query.experiment {
      conditions.append("experiment.name = ?")
      values.append(.text(experiment))
    }
    let known =
      try query.condition == nil && query.sort == nil ? nil : KnownKeys(connection: connection)
    if let text = query.condition, let known {
      var compiler = FilterCompiler(text: text, known: known)
      conditions.append(try compiler.sql(FilterParser.parse(text)))
      values += compiler.values
    }
    if !query.includesArchived { conditions.append("run.archived_at IS NULL") }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    var order = "run.id DESC"
    if let text = query.sort, let known {
      var compiler = FilterCompiler(text: text, known: known)
      order = try compiler.order(FilterParser.parseSort(text)) + ", " + order
      values += compiler.values
    }
    let limit = query.limit.map { " LIMIT \($0)" } ?? ""
    return (filter + " ORDER BY \(order)" + limit, values)
  }

  func runs(_ query: RunQuery) throws -> [Run] {
    let (clauses, values) = try clauses(of: query)
    var columns: ColumnPlaces?
    var runs = try connection.rows(Self.select + Self.tables + clauses, values) { row in
      let known = columns ?? ColumnPlaces(row)
      columns = known
      return Self.run(row, known)
    }
    guard let wanted = RunChoice(runs.map(\.id)) else { return [] }
    var places = RunPlaces(runs)

    try forEachRun(
      "SELECT run_id, key, kind, value FROM parameter WHERE run_id", wanted, &places,
      { ParameterValue(kind: $0.text(2), stored: $0.value(3)) }
    ) { runs[$0].parameters.add($1) }
    try connection.forEachRow(
      "SELECT run_id, key, value FROM tag WHERE run_id \(wanted.condition)", wanted.values
    ) { row in
      guard let place = places[row.integer(0)] else { return }
      runs[place].tags[row.label(1)] = row.label(2)
    }
    if runs.contains(where: { $0.tags[Nesting.tag] != nil }) {
      try connection.forEachRow(
        "SELECT id, \(Nesting.parent) FROM run WHERE id \(wanted.condition)", wanted.values
      ) { row in
        if let place = places[row.integer(0)] { runs[place].parent = row.optionalInteger(1) }
      }
    }
    try forEachRun(
      """
      SELECT run_id, key, first_value, last_value, min_value, max_value, point_count, last_step
      FROM metric_series WHERE run_id
      """, wanted, &places,
      { row in
        MetricSummary(
          first: row.number(2), last: row.number(3), min: row.number(4), max: row.number(5),
          count: row.count(6), lastStep: row.integer(7))
      }
    ) { runs[$0].metrics.add($1) }
    try CheckReader(connection: connection).readChecks(of: wanted) { runID, check in
      if let place = places[runID] { runs[place].gradientChecks.append(check) }
    }
    try connection.forEachRow(
      """
      SELECT run_id, title, text, level, step, created_at FROM alert WHERE run_id \(wanted.condition)
      ORDER BY run_id, id
      """, wanted.values
    ) { row in
      guard let place = places[row.integer(0)] else { return }
      runs[place].alerts.append(
        Alert(
          title: row.label(1), text: row.label(2),
          level: AlertLevel(rawValue: row.text(3)) ?? .warning,
          step: row.optionalInteger(4), time: Timestamp(milliseconds: row.integer(5))))
    }
    return runs
  }

  /// Hands on what the rows of each run say under their keys. Rows of one run follow each other, mostly.
  ///
  /// - Parameter sql: selects a run's number and a key first, and ends before what tells which runs are wanted
  private func forEachRun<Value>(
    _ sql: String, _ wanted: RunChoice, _ places: inout RunPlaces,
    _ value: (borrowing Statement) -> Value, _ take: (_ place: Int, [String: Value]) -> Void
  ) throws {
    var latest: Int?
    var values = KeyedValues<Value>()
    try connection.forEachRow("\(sql) \(wanted.condition)", wanted.values) { row in
      guard let place = places[row.integer(0)] else { return }
      if let latest, latest != place { take(latest, values.take()) }
      latest = place
      values.add(keyIn: 1, of: row, value(row))
    }
    if let latest { take(latest, values.take()) }
  }

  /// What a field's expression, a condition and an order may name; ends before their clauses.
  static let tables = """
    FROM run
    JOIN experiment ON experiment.id = run.experiment_id
    LEFT JOIN dataset ON dataset.id = run.dataset_id

    """

  private static let select = """
    SELECT
      run.*, experiment.name AS experiment, dataset.name AS dataset, dataset.sha256,
      dataset.row_count, dataset.feature_count, dataset.class_count

    """

  private static func run(_ row: borrowing Statement, _ places: ColumnPlaces) -> Run {
    let dataset =
      row.isNull(places["dataset"])
      ? nil
      : DatasetRecord(
        name: row.text(places["dataset"]), sha256: row.text(places["sha256"]),
        rows: row.count(places["row_count"]), features: row.count(places["feature_count"]),
        classes: row.count(places["class_count"]))
    let process = ProcessIdentity(
      pid: Int32(truncatingIfNeeded: row.integer(places["pid"])),
      startTime: row.optionalInteger(places["process_start"]),
      bootID: row.optionalText(places["boot_id"]),
      pidNamespace: row.optionalText(places["pid_namespace"]),
      machineID: row.optionalText(places["machine_id"]))
    return Run(
      id: row.integer(places["id"]), uuid: row.text(places["uuid"]),
      experiment: row.label(places["experiment"]), name: row.optionalLabel(places["name"]),
      status: RunStatus(rawValue: row.text(places["status"])) ?? .crashed,
      error: row.optionalLabel(places["error"]), outcome: row.optionalLabel(places["outcome"]),
      stopReason: row.optionalText(places["stop_reason"]),
      startedAt: row.moment(places["started_at"]), endedAt: row.optionalMoment(places["ended_at"]),
      archivedAt: row.optionalMoment(places["archived_at"]),
      heardAt: row.optionalMoment(places["heard_at"]),
      note: row.optionalLabel(places["note"]), dataset: dataset,
      environment: RunEnvironment(
        program: row.text(places["program"]), gitCommit: row.optionalText(places["git_commit"]),
        gitDirty: row.optionalInteger(places["git_dirty"]).map { $0 != 0 },
        host: row.label(places["host"]), user: row.label(places["user"]), process: process,
        command: row.label(places["command"])))
  }
}

extension Statement {
  /// What people read of a run is at most so many bytes long; a store that somebody else made may hold gigabytes.
  private static var labelLimit: Int { 1 << 16 }

  /// A text that people wrote or read; the end of a very long one is left out, and `…` says so.
  fileprivate borrowing func label(_ column: Int) -> String {
    text(column, limit: Self.labelLimit)
  }

  fileprivate borrowing func optionalLabel(_ column: Int) -> String? {
    isNull(column) ? nil : label(column)
  }
}

extension Store {
  /// How many runs there are.
  ///
  /// - Throws: ``StoreError``
  public func runCount(experiment: String? = nil, includesArchived: Bool = false) throws -> Int {
    try read("reading") { connection in
      let count = try connection.row(
        """
        SELECT count(*) FROM run JOIN experiment ON experiment.id = run.experiment_id
        WHERE (?1 IS NULL OR experiment.name = ?1) AND (?2 OR archived_at IS NULL)
        """, [.text(experiment), .integer(includesArchived ? 1 : 0)]
      ) { $0.integer(0) }
      return Int(count ?? 0)
    }
  }
}
