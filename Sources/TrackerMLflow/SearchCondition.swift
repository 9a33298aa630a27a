import TrackerStore

/// What a search is about: which fields it knows, and what they are in our store.
struct SearchSubject: Sendable {
  /// The words for each kind of field.
  let entities: [String: String]
  /// Attributes, under all their names.
  let attributes: [String: Attribute]
  /// Those that one may order by.
  let orderable: Set<String>
  /// A field that has a key, by the word for its kind.
  let keyed: @Sendable (_ entity: String, _ key: String) -> ResolvedField?

  /// A column as MLflow knows it.
  struct Attribute: Sendable {
    let field: ResolvedField
    let isNumber: Bool
    /// What a value that was written is in our store.
    var translate: @Sendable (String) -> String = { $0 }
  }

  /// A condition on our fields; `nil` where all is meant.
  func condition(_ text: String?) throws -> FilterExpression? {
    let clauses = try SearchParser.clauses(text ?? "")
    return clauses.isEmpty ? nil : .and(try clauses.map(expression))
  }

  /// The order that was asked for.
  func order(_ texts: [String]) throws -> [FilterSortKey] {
    var seen: Set<String> = []
    return try texts.map { text in
      let (entity, key, isAscending) = try SearchParser.order(text)
      let field = try self.field(entity, key)
      if field.entity == "attribute", !orderable.contains(key) {
        throw MLflowError.invalid(
          "Invalid attribute key '\(key)' specified. Valid keys are '\(orderable.sorted())'")
      }
      guard seen.insert("\(field.entity).\(field.resolved.name)").inserted else {
        throw MLflowError.invalid("`order_by` contains duplicate fields: \(texts)")
      }
      return FilterSortKey(field: FilterField(field.resolved), isDescending: !isAscending)
    }
  }

  private func field(
    _ written: String?, _ key: String
  ) throws -> (entity: String, resolved: ResolvedField, attribute: Attribute?) {
    guard let entity = written == nil ? "attribute" : entities[written ?? ""] else {
      throw MLflowError.invalid(
        "Invalid entity type '\(written ?? "")'. Valid values are \(Set(entities.values).sorted())")
    }
    if entity == "attribute" {
      guard let attribute = attributes[key] else {
        throw MLflowError.invalid(
          "Invalid attribute key '\(key)' specified. Valid keys are '\(attributes.keys.sorted())'")
      }
      return (entity, attribute.field, attribute)
    }
    guard let resolved = keyed(entity, key) else {
      throw MLflowError.invalid("Invalid \(entity) key '\(key)' specified.")
    }
    return (entity, resolved, nil)
  }

  private func expression(_ clause: SearchClause) throws -> FilterExpression {
    let (entity, resolved, attribute) = try field(clause.entity, clause.key)
    let field = FilterField(resolved)
    let isNumber = entity == "metric" || attribute?.isNumber == true
    let what = "\(entity) '\(clause.key)'"
    func refused() -> MLflowError {
      .invalid("Invalid comparator '\(clause.comparison.rawValue)' for \(what)")
    }
    func compare(_ literal: FilterLiteral) throws -> FilterExpression {
      guard let comparison = FilterOperator(rawValue: clause.comparison.rawValue) else {
        throw refused()
      }
      return .compare(field, comparison, literal)
    }
    switch clause.value {
    case .none:
      guard entity == "tag" || entity == "parameter" else {
        throw MLflowError.invalid(
          "IS NULL / IS NOT NULL is only supported for tags and params, not for \(what)")
      }
      return clause.comparison == .isNull ? .isNull(field) : .not(.isNull(field))
    case .number(let number):
      guard isNumber else {
        throw MLflowError.invalid(
          "Expected a quoted string value for \(what) (e.g. 'my-value'). Got value \(number)")
      }
      return try compare(FilterLiteral(.number(number)))
    case .text(let text):
      guard !isNumber else {
        throw MLflowError.invalid("Expected numeric value type for \(what). Found '\(text)'")
      }
      if clause.comparison.isOrder { throw refused() }
      let text = attribute?.translate(text) ?? text
      switch clause.comparison {
      case .like: return .like(field, pattern: text, isCaseSensitive: true)
      case .iLike: return .like(field, pattern: text)
      default: return try compare(FilterLiteral(.text(text)))
      }
    case .texts(let texts):
      guard entity == "dataset" || (entity == "attribute" && clause.key == "run_id") else {
        throw MLflowError.invalid(
          "Only the 'run_id' attribute supports comparison with a list of quoted string values.")
      }
      let texts = texts.map { attribute?.translate($0) ?? $0 }
      if clause.comparison == .isIn {
        return .isIn(field, texts.map { FilterLiteral(.text($0)) })
      }
      // Some data set that is not among them, and not: none that is.
      if entity == "dataset" { return .not(.isNull(FilterField(.input(clause.key, notIn: texts)))) }
      return .not(.isIn(field, texts.map { FilterLiteral(.text($0)) }))
    }
  }
}

extension SearchSubject {
  /// Runs: `attributes.start_time`, `metrics.loss`, `params.lr`, `tags.team`, `datasets.name`.
  static let runs: SearchSubject = {
    let started = Attribute(field: .number("start_time", sql: "run.started_at"), isNumber: true)
    let name = Attribute(field: .text("run_name", sql: "run.name"), isNumber: false)
    let attributes = [
      // A run that crashed has failed; one that was interrupted was killed.
      "status": Attribute(
        field: .text(
          "status",
          sql: """
            CASE run.status WHEN 'running' THEN 'RUNNING' WHEN 'finished' THEN 'FINISHED'
            WHEN 'interrupted' THEN 'KILLED' ELSE 'FAILED' END
            """), isNumber: false),
      "start_time": started, "created": started, "Created": started,
      "end_time": Attribute(field: .number("end_time", sql: "run.ended_at"), isNumber: true),
      "run_name": name, "run name": name, "Run name": name, "Run Name": name,
      "run_id": Attribute(
        field: .text("run_id", sql: "run.uuid"), isNumber: false, translate: { RunID.internal($0) }),
      "user_id": Attribute(field: .text("user_id", sql: "run.user"), isNumber: false),
      "artifact_uri": Attribute(
        field: .text(
          "artifact_uri",
          sql: """
            (coalesce(experiment.artifact_location, 'mlflow-artifacts:/' || run.experiment_id) || '/' || \
            replace(run.uuid, '-', '') || '/artifacts')
            """), isNumber: false),
    ]
    return SearchSubject(
      entities: [
        "metric": "metric", "metrics": "metric", "parameter": "parameter",
        "parameters": "parameter", "param": "parameter", "params": "parameter", "tag": "tag",
        "tags": "tag", "attribute": "attribute", "attributes": "attribute", "attr": "attribute",
        "run": "attribute", "dataset": "dataset", "datasets": "dataset",
      ],
      attributes: attributes, orderable: Set(attributes.keys),
      keyed: { entity, key in
        switch entity {
        case "metric": .latestMetric(key)
        case "parameter": .writtenParameter(key)
        case "tag":
          if let column = ReservedTag.column[key] {
            .text(key, sql: "nullif(run.\(column.rawValue), '')")
          } else {
            .tag(key)
          }
        default: ["name", "digest", "context"].contains(key) ? .input(key) : nil
        }
      })
  }()

  /// Experiments: `name`, `creation_time`, `last_update_time`, `tags.team`.
  static let experiments: SearchSubject = {
    let attributes = [
      "name": Attribute(
        field: .text(
          "name",
          sql: "CASE experiment.name WHEN 'default' THEN 'Default' ELSE experiment.name END"),
        isNumber: false),
      "creation_time": Attribute(
        field: .number("creation_time", sql: "coalesce(experiment.created_at, 0)"), isNumber: true),
      "last_update_time": Attribute(
        field: .number("last_update_time", sql: "coalesce(experiment.updated_at, 0)"),
        isNumber: true),
      "experiment_id": Attribute(
        field: .number(
          "experiment_id", sql: "CASE experiment.name WHEN 'default' THEN 0 ELSE experiment.id END"),
        isNumber: true),
    ]
    return SearchSubject(
      entities: ["attribute": "attribute", "tag": "tag", "tags": "tag"], attributes: attributes,
      orderable: Set(attributes.keys),
      keyed: { _, key in .experimentTag(key) })
  }()

  /// Models: `name`, `model_type`, `status` …, `metrics.loss`, `params.lr`, `tags.team`.
  static func models(on datasets: [ModelDataset]) -> SearchSubject {
    let created = Attribute(
      field: .number("creation_timestamp", sql: "logged_model.created_at"), isNumber: true)
    let updated = Attribute(
      field: .number("last_updated_timestamp", sql: "logged_model.updated_at"), isNumber: true)
    func text(_ name: String, _ sql: String) -> Attribute {
      Attribute(field: .text(name, sql: sql), isNumber: false)
    }
    let attributes = [
      "name": text("name", "logged_model.name"),
      "model_name": text("name", "logged_model.name"),
      "model_id": text("model_id", "logged_model.uuid"),
      "model_type": text("model_type", "logged_model.model_type"),
      "status": text("status", "upper(logged_model.status)"),
      "source_run_id": text("source_run_id", "logged_model.source_run"),
      "creation_timestamp": created, "creation_timestamp_ms": created, "creation_time": created,
      "last_updated_timestamp": updated, "last_updated_timestamp_ms": updated,
    ]
    return SearchSubject(
      entities: [
        "metric": "metric", "metrics": "metric", "param": "parameter", "params": "parameter",
        "tag": "tag", "tags": "tag", "attribute": "attribute", "attributes": "attribute",
      ],
      attributes: attributes, orderable: Set(attributes.keys),
      keyed: { entity, key in
        switch entity {
        case "metric": .modelMetric(key, on: datasets)
        case "parameter": .modelParameter(key)
        default: .modelTag(key)
        }
      })
  }
}
