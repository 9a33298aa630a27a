import TrackerSQLite

/// Turns a condition into SQL with bound values.
///
/// A field is an expression on the row of `run`. A key without a scope is looked for among the columns, the
/// parameters, the metrics and the tags of the store, in this order.
struct FilterCompiler {
  private let text: String
  private let known: KnownKeys
  private(set) var values: [SQLiteValue] = []

  init(text: String, known: KnownKeys) {
    self.text = text
    self.known = known
  }

  mutating func sql(_ expression: FilterExpression) throws(FilterSyntaxError) -> String {
    switch expression {
    case .and(let a, let b): return "(\(try sql(a)) AND \(try sql(b)))"
    case .or(let a, let b): return "(\(try sql(a)) OR \(try sql(b)))"
    // What is not known is not so: NOT of it must be so.
    case .not(let a): return "(NOT ifnull(\(try sql(a)), 0))"
    case .compare(let field, let comparison, let literal):
      let (left, isTime) = try sql(field)
      values.append(try bound(literal, isTime: isTime))
      return "(\(left) \(comparison.rawValue) ?)"
    case .isIn(let field, let literals):
      let (left, isTime) = try sql(field)
      for literal in literals { values.append(try bound(literal, isTime: isTime)) }
      let places = literals.map { _ in "?" }.joined(separator: ", ")
      return "(\(left) IN (\(places)))"
    case .like(let field, let pattern):
      let (left, _) = try sql(field)
      values.append(.text(pattern))
      return "(\(left) LIKE ?)"
    case .isNull(let field): return "(\(try sql(field).0) IS NULL)"
    }
  }

  /// The terms of an ORDER BY; what has no value goes last.
  mutating func order(_ keys: [FilterSortKey]) throws(FilterSyntaxError) -> String {
    var terms: [String] = []
    for key in keys {
      let (missing, _) = try sql(key.field)
      terms.append("\(missing) IS NULL")
      let (value, _) = try sql(key.field)
      terms.append(value + (key.isDescending ? " DESC" : ""))
    }
    return terms.joined(separator: ", ")
  }

  private static let columns: [String: String] = [
    "id": "run.id", "name": "run.name", "status": "run.status", "note": "run.note",
    "error": "run.error", "outcome": "run.outcome", "host": "run.host", "user": "run.user",
    "command": "run.command", "program": "run.program", "commit": "run.git_commit",
    "gitCommit": "run.git_commit", "experiment": "experiment.name", "dataset": "dataset.name",
    "started": "run.started_at", "ended": "run.ended_at",
    "duration": "((run.ended_at - run.started_at) / 1000.0)",
  ]

  private mutating func sql(
    _ field: FilterField
  ) throws(FilterSyntaxError) -> (sql: String, isTime: Bool) {
    let scope: FilterField.Scope?
    if let written = field.scope { scope = written } else { scope = try implied(field) }
    guard let scope else {
      return (Self.columns[field.key] ?? "NULL", ["started", "ended"].contains(field.key))
    }
    values.append(.text(field.key))
    switch scope {
    case .params:
      return ("(SELECT value FROM parameter WHERE run_id = run.id AND key = ?)", false)
    case .tags: return ("(SELECT value FROM tag WHERE run_id = run.id AND key = ?)", false)
    case .metrics:
      let column =
        switch field.aggregate {
        case nil, .last: "last_value"
        case .first: "first_value"
        case .min: "min_value"
        case .max: "max_value"
        case .best:
          MetricDirection.known(for: field.key) == .maximize ? "max_value" : "min_value"
        }
      return ("(SELECT \(column) FROM metric_series WHERE run_id = run.id AND key = ?)", false)
    }
  }

  /// Where a key without a scope is; `nil` for a column.
  private func implied(_ field: FilterField) throws(FilterSyntaxError) -> FilterField.Scope? {
    if field.aggregate != nil, known.metrics.contains(field.key) { return .metrics }
    if field.aggregate == nil {
      if Self.columns[field.key] != nil { return nil }
      if known.parameters.contains(field.key) {
        guard !known.metrics.contains(field.key) else {
          throw FilterSyntaxError(
            text: text, range: field.range,
            message: "\(field.key) is a parameter and a metric",
            suggestion: "write params.\(field.key) or metrics.\(field.key)")
        }
        return .params
      }
      if known.metrics.contains(field.key) { return .metrics }
      if known.tags.contains(field.key) { return .tags }
    }
    let names = Array(Self.columns.keys) + known.parameters + known.metrics + known.tags
    let nearest = names.min { (distance($0, field.key), $0) < (distance($1, field.key), $1) }
    let isNear = nearest.map { distance($0, field.key) <= max(2, field.key.count / 3) } ?? false
    throw FilterSyntaxError(
      text: text, range: field.range,
      message: "no run has a column, parameter, metric or tag named \(field.key)",
      suggestion: isNear ? nearest.map { "did you mean \($0)?" } : nil)
  }

  private func bound(
    _ literal: FilterLiteral, isTime: Bool
  ) throws(FilterSyntaxError) -> SQLiteValue {
    switch literal.value {
    case .number(let value): return .real(value)
    case .duration(let seconds): return .real(seconds)
    case .boolean(let value): return .integer(value ? 1 : 0)
    case .text(let value):
      guard isTime else { return .text(value) }
      guard let time = Timestamp(date: value) else {
        throw FilterSyntaxError(
          text: text, range: literal.range, message: "\"\(value)\" is no date",
          suggestion: "write 2026-11-01 or 2026-11-01T14:30")
      }
      return .integer(time.milliseconds)
    }
  }
}

/// The keys that the runs of a store have.
struct KnownKeys {
  var parameters: [String]
  var metrics: [String]
  var tags: [String]

  init(connection: Connection) throws {
    parameters = try connection.rows("SELECT DISTINCT key FROM parameter") { $0.text(0) }
    metrics = try connection.rows("SELECT DISTINCT key FROM metric_series") { $0.text(0) }
    tags = try connection.rows("SELECT DISTINCT key FROM tag") { $0.text(0) }
  }
}

/// The least number of characters to insert, delete or replace (V. I. Levenshtein, 1966).
private func distance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let next = min(row[j + 1] + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
      diagonal = row[j + 1]
      row[j + 1] = next
    }
  }
  return row[b.count]
}

extension Timestamp {
  /// The moment of a date, or of a date and an hour, in UTC: `2026-11-01`, `2026-11-01T14:30`,
  /// `2026-11-01T14:30:15Z`.
  init?(date text: String) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    let day = parts[0].split(separator: "-").map { Int($0) ?? -1 }
    guard parts.count <= 2, day.count == 3, (1...9999).contains(day[0]),
      (1...12).contains(day[1]), (1...31).contains(day[2])
    else { return nil }
    var clock = [0, 0, 0]
    if parts.count == 2 {
      let fields = parts[1].filter { $0 != "Z" }.split(separator: ":").map { Int($0) ?? -1 }
      guard (1...3).contains(fields.count), fields.allSatisfy({ (0...59).contains($0) }),
        fields[0] < 24
      else { return nil }
      for (index, field) in fields.enumerated() { clock[index] = field }
    }
    // Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms", 2013).
    let year = day[1] <= 2 ? day[0] - 1 : day[0]
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (day[1] + (day[1] > 2 ? -3 : 9)) + 2) / 5 + day[2] - 1
    let days =
      era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let seconds = ((days * 24 + clock[0]) * 60 + clock[1]) * 60 + clock[2]
    self.init(milliseconds: Int64(seconds) * 1000)
  }
}
