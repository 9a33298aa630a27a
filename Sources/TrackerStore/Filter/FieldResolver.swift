import TrackerSQLite
import TrackerValues

/// A field of the row of `run`, found among the columns, or among the keys of the store.
package struct ResolvedField: Hashable, Sendable {
  /// What a field's values are.
  package enum Kind: Hashable, Sendable {
    case column(RunField.Kind)
    /// A parameter has the values that programs gave it.
    case parameter(KnownKeys.Values)
    case metric
    /// A tag is a text, which may read as a number.
    case tag
  }
  /// As it was written, without its scope.
  package let name: String
  let range: Range<Int>
  let kind: Kind
  /// The column of the value, in `table` where the field has one.
  let column: String
  /// The table of the values of many rows; `nil` for a column.
  let table: String?
  /// The key to be bound; `nil` for a column, and where all rows of `table` are meant.
  let key: String?
  /// The condition besides the key on the rows of `table`, and what it binds.
  let condition: String
  let values: [SQLiteValue]
  let owner: Owner

  /// Whose field it is: the name of its id, and of the column of `table` that refers to it.
  package struct Owner: Hashable, Sendable {
    let id: String
    let reference: String

    package static let run = Owner(id: "run.id", reference: "run_id")
    package static let experiment = Owner(id: "experiment.id", reference: "experiment_id")
    package static let model = Owner(id: "logged_model.id", reference: "model_id")
  }

  init(
    name: String, range: Range<Int>, kind: Kind, column: String, table: String?, key: String?,
    condition: String = "", values: [SQLiteValue] = [], owner: Owner = .run
  ) {
    self.name = name
    self.range = range
    self.kind = kind
    self.column = column
    self.table = table
    self.key = key
    self.condition = condition
    self.values = values
    self.owner = owner
  }

  var isKeyed: Bool { table != nil }

  /// What chooses the rows of `table`.
  var rows: String {
    var terms: [String] = key == nil ? [] : ["key = ?"]
    if !condition.isEmpty { terms.append(condition) }
    return terms.isEmpty ? "TRUE" : terms.joined(separator: " AND ")
  }

  /// What ``rows`` binds.
  var bound: [SQLiteValue] { (key.map { [.text($0)] } ?? []) + values }

  /// The value; binds ``bound``.
  var sql: String {
    guard let table else { return column }
    return "(SELECT \(column) FROM \(table) WHERE \(owner.reference) = \(owner.id) AND \(rows))"
  }

  /// Whether some values may be texts.
  var hasTexts: Bool {
    switch kind {
    case .parameter(let values): values.hasTexts
    case .column(.number), .metric: false
    case .column, .tag: true
    }
  }
}

/// Finds what fields mean. A key without a scope is looked for among the columns, the parameters, the metrics and the
/// tags of the store, in this order.
struct FieldResolver {
  let text: String
  let known: KnownKeys

  /// - Parameter mustBeKnown: whether a key that no run has is a mistake even with its scope
  func resolve(
    _ field: FilterField, mustBeKnown: Bool = true
  ) throws(FilterSyntaxError) -> ResolvedField {
    if let resolved = field.resolved { return resolved }
    if field.aggregate != nil { try checkIsMetric(field) }
    let scope: FilterField.Scope? =
      if let written = field.scope { written } else { try implied(field) }
    guard let scope else {
      guard let column = RunField.named(field.key) else { throw unknown(field) }
      return ResolvedField(
        name: field.key, range: field.range, kind: .column(column.kind), column: column.sql,
        table: nil, key: nil)
    }
    if mustBeKnown, !known.has(field.key, in: scope) { throw unknown(field) }
    let (table, column, kind): (String, String, ResolvedField.Kind) =
      switch scope {
      case .params: ("parameter", "value", .parameter(known.values(ofParameter: field.key)))
      case .tags: ("tag", "value", .tag)
      case .metrics: ("metric_series", try Self.column(of: field, in: text), .metric)
      }
    return ResolvedField(
      name: field.key, range: field.range, kind: kind, column: column, table: table, key: field.key)
  }

  private func checkIsMetric(_ field: FilterField) throws(FilterSyntaxError) {
    guard let aggregate = field.aggregate?.rawValue, !known.metrics.contains(field.key) else {
      if let scope = field.scope, scope != .metrics {
        throw mistake(field, "only metrics have more than one value", "write \(field.key) alone")
      }
      return
    }
    let isOther =
      RunField.named(field.key) != nil || known.parameters[field.key] != nil
      || known.tags.contains(field.key)
    throw mistake(
      field, "no run has a metric named \(field.key), and \(aggregate)() takes one",
      isOther
        ? "write \(field.key) without \(aggregate)()"
        : nearest(field.key, to: known.metrics).map { "did you mean \($0)?" })
  }

  /// The column of the value of a metric that is meant.
  private static func column(
    of field: FilterField, in text: String
  ) throws(FilterSyntaxError) -> String {
    switch field.aggregate {
    case nil, .last: return "last_value"
    case .first: return "first_value"
    case .min: return "min_value"
    case .max: return "max_value"
    case .best:
      guard let direction = MetricDirection.known(for: field.key) else {
        throw FilterSyntaxError(
          text: text, range: field.range,
          message: "whether more or less of \(field.key) is better is not known",
          suggestion: "write min(\(field.key)) or max(\(field.key))")
      }
      return direction == .maximize ? "max_value" : "min_value"
    }
  }

  /// Where a key without a scope is; `nil` for a column.
  private func implied(_ field: FilterField) throws(FilterSyntaxError) -> FilterField.Scope? {
    if field.aggregate != nil { return .metrics }
    if RunField.named(field.key) != nil { return nil }
    if known.parameters[field.key] != nil {
      guard !known.metrics.contains(field.key) else {
        throw mistake(
          field, "\(field.key) is a parameter and a metric",
          "write params.\(field.key) or metrics.\(field.key)")
      }
      return .params
    }
    if known.metrics.contains(field.key) { return .metrics }
    if known.tags.contains(field.key) { return .tags }
    throw unknown(field)
  }

  private func unknown(_ field: FilterField) -> FilterSyntaxError {
    if let scope = field.scope {
      return mistake(
        field, "no run has a \(scope.noun) named \(field.key)",
        nearest(field.key, to: known.keys(in: scope)).map { "did you mean \(scope).\($0)?" })
    }
    let bare = RunField.names + FilterField.Scope.allCases.flatMap(known.keys)
    let scoped = FilterField.Scope.allCases.flatMap { scope in
      known.keys(in: scope).map { "\(scope).\($0)" }
    }
    return mistake(
      field, "no run has a column, parameter, metric or tag named \(field.key)",
      nearest(field.key, to: bare + scoped).map { "did you mean \($0)?" })
  }

  /// What a field is compared with.
  enum Operand {
    case number(Double)
    case text(String)
    case period(Range<Timestamp>)
  }

  /// What a literal means beside a field.
  ///
  /// - Throws: ``FilterSyntaxError`` where the two cannot be compared
  func operand(
    _ literal: FilterLiteral, for field: ResolvedField
  ) throws(FilterSyntaxError) -> Operand {
    let written = literal.written(in: text)
    let aNumber = "write a number such as 0.5, or a duration such as 5m"
    func mismatch(_ message: String, _ suggestion: String) -> FilterSyntaxError {
      FilterSyntaxError(
        text: text, range: literal.range, message: message, suggestion: suggestion)
    }
    switch field.kind {
    case .column(.text): return .text(literal.text ?? written)
    case .tag: return literal.number.map { .number($0) } ?? .text(literal.text ?? written)
    case .column(.word(let words)):
      let word = literal.text ?? written
      guard words.contains(word) else {
        let list = "it is \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
        throw mismatch(
          "there is no \(field.name) \(written)",
          nearest(word, to: words).map { "did you mean \($0)?" }
            ?? (known.parameters[field.name] == nil
              ? list : "\(list); the parameter is params.\(field.name)"))
      }
      return .text(word)
    case .column(.time):
      guard let period = literal.text.flatMap({ Timestamp.period($0) }) else {
        throw mismatch(
          "\(field.name) is a date, and \(written) is not",
          "write 2026-11-01 or 2026-11-01T14:30, in UTC")
      }
      return .period(period)
    case .column(.number), .column(.duration), .metric:
      guard let number = literal.number else {
        throw mismatch("\(field.name) is a number, and \(written) is not", aNumber)
      }
      return .number(number)
    case .parameter(let values):
      if let number = literal.number ?? literal.truth {
        guard values.hasNumbers else {
          throw mismatch(
            "\(field.name) is a text in every run, and \(written) is not",
            "write \(field.name) = \"\(written)\"")
        }
        return .number(number)
      }
      guard values.hasTexts else {
        throw mismatch("\(field.name) is a number in every run, and \(written) is not", aNumber)
      }
      return .text(literal.text ?? written)
    }
  }

  private func mistake(
    _ field: FilterField, _ message: String, _ suggestion: String?
  ) -> FilterSyntaxError {
    FilterSyntaxError(text: text, range: field.range, message: message, suggestion: suggestion)
  }
}
