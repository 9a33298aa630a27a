import TrackerJSON
import TrackerStore

extension MLflowService {
  func logMetric(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    let metric = try Self.metric(message)
    try writer.write(ClientBatch(metrics: [metric]), toRun: run)
    return .done
  }

  private static func metric(_ message: Message) throws -> ClientMetric {
    let key = try message.requiredText("key")
    guard let value = try message.number("value") else {
      throw MLflowError.missing(message.name("value"))
    }
    guard let time = try message.integer("timestamp") else {
      throw MLflowError.missing(message.name("timestamp"))
    }
    let step = try message.integer("step") ?? 0
    try Limits.checkKey(key, message.name("name"))
    return ClientMetric(
      key: key,
      point: MetricPoint(
        step: step, value: value, time: try Limits.time(time, message.name("timestamp"))),
      model: try message.text("model_id").flatMap { $0.isEmpty ? nil : $0 },
      datasetName: try message.text("dataset_name").flatMap { $0.isEmpty ? nil : $0 },
      datasetDigest: try message.text("dataset_digest").flatMap { $0.isEmpty ? nil : $0 })
  }

  private static func parameter(_ message: Message) throws -> KeyedText {
    let key = try message.requiredText("key")
    try Limits.checkKey(key, message.name("key"))
    let value = try message.text("value") ?? ""
    try Limits.checkLength(value, message.name("value"), Limits.parameterLength)
    return KeyedText(key: key, value: value)
  }

  func logParameter(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    try writer.write(ClientBatch(parameters: [Self.parameter(message)]), toRun: run)
    return .done
  }

  func setTag(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    let (columns, others) = ReservedTag.split([try Self.checkedTag(message, "")])
    try writer.write(ClientBatch(tags: others, columns: columns), toRun: run)
    return .done
  }

  func deleteTag(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    let key = try message.requiredText("key")
    try store.removeTag(key, column: ReservedTag.column[key], ofRun: run)
    return .done
  }

  func logBatch(_ call: Call) throws -> HTTPResponse {
    if case .bytes(let bytes) = call.request.body, bytes.count > Limits.bytesOfBatch {
      throw MLflowError.invalid(
        "Batched logging API requests must be at most \(Limits.bytesOfBatch) bytes, got a request of "
          + "size \(bytes.count).")
    }
    let message = try call.message()
    let run = try Self.runID(message)
    let metrics = try message.messages("metrics")
    let parameters = try message.messages("params")
    let tags = try message.messages("tags")
    try Limits.checkCount(metrics.count, Limits.metricsOfBatch, "metrics")
    try Limits.checkCount(parameters.count, Limits.parametersOfBatch, "params")
    try Limits.checkCount(tags.count, Limits.tagsOfBatch, "tags")
    try Limits.checkCount(
      metrics.count + parameters.count + tags.count, Limits.entriesOfBatch,
      "metrics, params, and tags")
    let (columns, others) = ReservedTag.split(try tags.map { try Self.checkedTag($0, "tags") })
    let batch = ClientBatch(
      metrics: try metrics.map(Self.metric), parameters: try parameters.map(Self.parameter),
      tags: others, columns: columns)
    let keys = Dictionary(grouping: batch.parameters, by: \.key)
    if let twice = keys.first(where: { $0.value.count > 1 })?.key {
      throw MLflowError.invalid("Duplicate parameter keys have been submitted: ['\(twice)']")
    }
    try writer.write(batch, toRun: run)
    return .done
  }

  func logModel(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    let text = try message.requiredText("model_json")
    guard let model = try? JSONValue(parsing: text), case .object(let members) = model else {
      throw MLflowError.invalid("Malformed model info. \n \(text) \n is not a valid JSON.")
    }
    let missing = ["artifact_path", "flavors", "utc_time_created", "run_id"].filter {
      model[$0] == nil
    }
    guard missing.isEmpty else {
      throw MLflowError.invalid("Model json is missing mandatory fields: \(missing)")
    }
    // What clients read back: `signature` and the like are in the model's own file.
    let kept: Set = [
      "run_id", "artifact_path", "utc_time_created", "flavors", "model_uuid", "model_id", "prompts",
      "is_signature_from_type_hint", "type_hint_from_example", "env_vars",
    ]
    let entry = JSONValue.object(members.filter { kept.contains($0.key) })
    try store.changeTag(ReservedTag.modelHistory, ofRun: run) { old in
      var entries: [JSONValue] = []
      if let old, case .array(let values)? = try? JSONValue(parsing: old) { entries = values }
      let new = JSONValue.array(entries + [entry]).compact
      try Limits.checkLength(new, "value", Limits.tagLength)
      return new
    }
    return .done
  }

  func logInputs(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    let inputs = try message.messages("datasets").map(Self.input)
    let models = try message.messages("models").map { try $0.requiredText("model_id") }
    try store.addInputs(inputs, models: models, toRun: run)
    return .done
  }

  private static func input(_ message: Message) throws -> ClientInput {
    guard let dataset = try message.message("dataset") else {
      throw MLflowError.missing(message.name("dataset"))
    }
    func text(_ field: String, _ limit: Int) throws -> String {
      guard let text = try dataset.text(field) else {
        throw MLflowError.missing(dataset.name(field))
      }
      try Limits.checkLength(text, field, limit)
      return text
    }
    let tags = try message.messages("tags").map { tag in
      let text = KeyedText(key: try tag.requiredText("key"), value: try tag.text("value") ?? "")
      try Limits.checkLength(text.key, "key", 255)
      try Limits.checkLength(text.value, "value", 500)
      return text
    }
    return ClientInput(
      name: try text("name", 500), digest: try text("digest", 36),
      sourceType: try text("source_type", 1000), source: try text("source", 65_535),
      schema: try dataset.text("schema").map { _ in try text("schema", 1_048_575) },
      profile: try dataset.text("profile").map { _ in try text("profile", 16_777_215) }, tags: tags)
  }

  func logOutputs(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    let models = try message.messages("models").map {
      ClientRun.ModelOutput(
        model: try $0.requiredText("model_id"), step: try $0.integer("step") ?? 0)
    }
    try store.addOutputs(models, toRun: run)
    return .done
  }
}
