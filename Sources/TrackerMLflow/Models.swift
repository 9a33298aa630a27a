import TrackerJSON
import TrackerStore

extension MLflowService {
  func createModel(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let experiment = try experiment(message.requiredText("experiment_id"))
    let name = try message.text("name").flatMap { $0.isEmpty ? nil : $0 }
    let forbidden = "/:.%\"'"
    if let name, name.contains(where: forbidden.contains) {
      throw MLflowError.invalid(
        "Invalid model name ('\(name)') provided. Model name must be a non-empty string and cannot "
          + "contain the following characters: ('/', ':', '.', '%', '\"', \"'\")")
    }
    let uuid = try store.createModel(
      experiment: experiment.id, name: name ?? RandomName.next(),
      type: message.text("model_type") ?? "", sourceRun: message.text("source_run_id") ?? "",
      parameters: Self.texts(message, "params", Limits.parameterLength),
      tags: Self.texts(message, "tags", Limits.tagLength))
    return try model(uuid)
  }

  private static func texts(
    _ message: Message, _ field: String, _ limit: Int
  ) throws -> [KeyedText] {
    try message.messages(field).map { item in
      let text = KeyedText(key: try item.requiredText("key"), value: try item.text("value") ?? "")
      try Limits.checkLength(text.key, item.name("key"), Limits.keyLength)
      try Limits.checkLength(text.value, item.name("value"), limit)
      return text
    }
  }

  func getModel(_ call: Call) throws -> HTTPResponse { try model(call.parts[0]) }

  func finalizeModel(_ call: Call) throws -> HTTPResponse {
    let words: [Int64: String] = [
      0: "LOGGED_MODEL_STATUS_UNSPECIFIED", 1: "LOGGED_MODEL_PENDING", 2: "LOGGED_MODEL_READY",
      3: "LOGGED_MODEL_UPLOAD_FAILED",
    ]
    let status: ModelRecord.Status =
      switch try call.message().word("status", of: words) {
      case "LOGGED_MODEL_PENDING": .pending
      case "LOGGED_MODEL_READY": .ready
      case "LOGGED_MODEL_UPLOAD_FAILED": .failed
      case nil: throw MLflowError.missing("status")
      default: .unspecified
      }
    try store.setModel(call.parts[0], status: status)
    return try model(call.parts[0])
  }

  func deleteModel(_ call: Call) throws -> HTTPResponse {
    try store.deleteModel(call.parts[0])
    return .done
  }

  func logModelParameters(_ call: Call) throws -> HTTPResponse {
    let parameters = try Self.texts(call.message(), "params", Limits.parameterLength)
    try store.edit(model: call.parts[0], parameters: parameters)
    return .done
  }

  func setModelTags(_ call: Call) throws -> HTTPResponse {
    try store.edit(
      model: call.parts[0], tags: Self.texts(call.message(), "tags", Limits.tagLength))
    return try model(call.parts[0])
  }

  func deleteModelTag(_ call: Call) throws -> HTTPResponse {
    try store.removeTag(call.parts[1], ofModel: call.parts[0])
    return .done
  }

  func searchModels(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let limit = Int(clamping: try message.integer("max_results") ?? 100)
    guard (1...Limits.runsOfSearch).contains(limit) else {
      throw MLflowError.invalid(
        .integer(limit), for: "max_results", "It must be at most \(Limits.runsOfSearch).")
    }
    let datasets = try message.messages("datasets").map {
      ModelDataset(name: try $0.requiredText("dataset_name"), digest: try $0.text("dataset_digest"))
    }
    let subject = SearchSubject.models(on: datasets)
    let order = try message.messages("order_by").map { try Self.order($0, subject) }
    let offset = try PageToken.offset(message.text("page_token"))
    let found = try store.models(
      experiments: experiments(message.texts("experiment_ids")),
      where: subject.condition(message.text("filter")), datasets: datasets, order: order,
      limit: limit + 1, offset: offset)
    let (page, token) = PageToken.page(found, limit: limit, offset: offset)
    return .json(.object(["models": .array(page.map(answer))]).with(token: token))
  }

  private static func order(_ message: Message, _ subject: SearchSubject) throws -> FilterSortKey {
    let name = try message.requiredText("field_name")
    let isDescending = try message.truth("ascending") == false
    guard name.contains(".") else {
      guard let attribute = subject.attributes[name] else {
        throw MLflowError.invalid("Invalid order by field name: \(name)")
      }
      return FilterSortKey(field: FilterField(attribute.field), isDescending: isDescending)
    }
    guard name.hasPrefix("metrics.") else {
      throw MLflowError.invalid(
        "Invalid order by field name: \(name). Only metrics are supported.")
    }
    let dataset = try message.text("dataset_name").map {
      ModelDataset(name: $0, digest: try message.text("dataset_digest"))
    }
    let field = ResolvedField.modelMetric(
      String(name.dropFirst(8)), on: dataset.map { [$0] } ?? [], isLatest: true)
    return FilterSortKey(field: FilterField(field), isDescending: isDescending)
  }

  private func model(_ uuid: String) throws -> HTTPResponse {
    .json(.object(["model": answer(of: try store.model(uuid))]))
  }

  private func answer(of model: ModelRecord) -> JSONValue {
    let status =
      switch model.status {
      case .unspecified: "LOGGED_MODEL_STATUS_UNSPECIFIED"
      case .pending: "LOGGED_MODEL_PENDING"
      case .ready: "LOGGED_MODEL_READY"
      case .failed: "LOGGED_MODEL_UPLOAD_FAILED"
      }
    return .object([
      "info": .object([
        "model_id": .string(model.uuid),
        "experiment_id": .string(externalID(model.experiment)),
        "name": .string(model.name),
        "creation_timestamp_ms": .integer(model.createdAt.milliseconds),
        "last_updated_timestamp_ms": .integer(model.updatedAt.milliseconds),
        "artifact_uri": .string(
          artifacts.address(of: model, experiment: externalID(model.experiment))),
        "status": .string(status),
        "model_type": .string(model.type),
        "source_run_id": .string(model.sourceRun),
        "tags": .array(model.tags.map(\.answer)),
      ]),
      "data": .object([
        "params": .array(model.parameters.map(\.answer)),
        "metrics": .array(
          model.metrics.map { metric in
            var metric = metric
            metric.run = metric.run.map(RunID.external)
            return metric.answer
          }),
      ]),
    ])
  }
}
