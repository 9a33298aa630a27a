import TrackerSQLite

// Fields of runs, experiments and models as other query languages mean them: with the texts that clients wrote, and
// whether or not there is such a key.

extension ResolvedField {
  /// A column, as an expression in SQL on the row.
  package static func text(_ name: String, sql: String) -> ResolvedField {
    ResolvedField(name: name, range: 0..<0, kind: .column(.text), column: sql, table: nil, key: nil)
  }

  /// A column of numbers.
  package static func number(_ name: String, sql: String) -> ResolvedField {
    ResolvedField(
      name: name, range: 0..<0, kind: .column(.number), column: sql, table: nil, key: nil)
  }

  /// A run's parameter, as the text that was written.
  package static func writtenParameter(_ key: String) -> ResolvedField {
    keyed(key, kind: .tag, column: ParameterText.sql, table: "parameter", .run)
  }

  /// The latest value of a run's metric.
  package static func latestMetric(_ key: String) -> ResolvedField {
    keyed(key, kind: .metric, column: "last_value", table: "metric_series", .run)
  }

  /// A run's tag.
  package static func tag(_ key: String) -> ResolvedField {
    keyed(key, kind: .tag, column: "value", table: "tag", .run)
  }

  /// An experiment's tag.
  package static func experimentTag(_ key: String) -> ResolvedField {
    keyed(key, kind: .tag, column: "value", table: "experiment_tag", .experiment)
  }

  /// A column of `run_inputs`: `name`, `digest` or `context`.
  ///
  /// - Parameter texts: rows with one of these are left out
  package static func input(_ column: String, notIn texts: [String] = []) -> ResolvedField {
    let places = texts.map { _ in "?" }.joined(separator: ",")
    return ResolvedField(
      name: column, range: 0..<0, kind: .tag, column: column, table: "run_inputs", key: nil,
      condition: texts.isEmpty ? "" : "\(column) NOT IN (\(places))",
      values: texts.map(SQLiteValue.text))
  }

  /// A model's parameter.
  package static func modelParameter(_ key: String) -> ResolvedField {
    keyed(key, kind: .tag, column: "value", table: "logged_model_parameter", .model)
  }

  /// A model's tag.
  package static func modelTag(_ key: String) -> ResolvedField {
    keyed(key, kind: .tag, column: "value", table: "logged_model_tag", .model)
  }

  /// A model's metric on some data, or on any where none is named. In an order its latest value counts.
  package static func modelMetric(
    _ key: String, on datasets: [ModelDataset], isLatest: Bool = false
  ) -> ResolvedField {
    let (sql, values) = datasets.isEmpty ? ("", []) : ModelRows.condition(on: datasets)
    return ResolvedField(
      name: key, range: 0..<0, kind: .metric, column: "value", table: "logged_model_metric",
      key: key,
      condition: isLatest
        ? "\(sql.isEmpty ? "TRUE" : sql) ORDER BY time DESC, step DESC LIMIT 1" : sql,
      values: values, owner: .model)
  }

  private static func keyed(
    _ key: String, kind: Kind, column: String, table: String, _ owner: Owner
  ) -> ResolvedField {
    ResolvedField(
      name: key, range: 0..<0, kind: kind, column: column, table: table, key: key, owner: owner)
  }
}
