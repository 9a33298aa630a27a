import TrackerJSON
import TrackerStore
import TrackerSystem

extension MLflowService {
  func createExperiment(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let name = try message.requiredText("name")
    try Limits.checkLength(name, "name", Limits.experimentNameLength)
    let location = try message.text("artifact_location").flatMap { $0.isEmpty ? nil : $0 }
    let tags = try Self.experimentTags(message)
    // The name that stands for our own.
    let meant = name == "Default" ? Self.defaultName : name
    if let location { try Self.checkLocation(location) }
    do {
      let id = try store.createExperiment(meant, tags: tags) { id in
        location.map(Self.absolute) ?? artifacts.root.map { "\($0)/\(id)" }
      }
      return .json(.object(["experiment_id": .string("\(id)")]))
    } catch ClientRefusal.experimentExists {
      throw ClientRefusal.experimentExists(name)
    }
  }

  private static func checkLocation(_ location: String) throws {
    // What follows is a parameter of the place, not of what is kept there.
    guard !location.contains("#"), !location.contains("?"), location.utf8.count <= 2048 else {
      throw MLflowError.invalid(
        .string(location), for: "artifact_location",
        "it has neither '?' nor '#', and at most 2048 bytes")
    }
  }

  /// A folder without a scheme is one of this machine.
  private static func absolute(_ location: String) -> String {
    location.contains(":") ? location : absolutePath(location, in: Folder.current)
  }

  static func experimentTags(_ message: Message) throws -> [KeyedText] {
    try message.messages("tags").map { tag in
      try checkedExperimentTag(tag.requiredText("key"), tag.text("value") ?? "")
    }
  }

  private static func checkedExperimentTag(_ key: String, _ value: String) throws -> KeyedText {
    try Limits.checkKey(key, "key")
    try Limits.checkLength(value, "value", Limits.experimentTagLength)
    return KeyedText(key: key, value: value)
  }

  func getExperiment(_ call: Call) throws -> HTTPResponse {
    let id = try call.message().requiredText("experiment_id")
    return .json(.object(["experiment": answer(of: try experiment(id))]))
  }

  func getExperimentByName(_ call: Call) throws -> HTTPResponse {
    let name = try call.message().requiredText("experiment_name")
    let found =
      try store.experiment(named: name)
      ?? (name == "Default" ? store.experiment(named: Self.defaultName) : nil)
    guard let found else {
      throw MLflowError(.doesNotExist, "Could not find experiment with name '\(name)'")
    }
    return .json(.object(["experiment": answer(of: found)]))
  }

  /// An experiment as clients see it.
  private func answer(of experiment: ExperimentRecord) -> JSONValue {
    let id = Self.externalID(experiment)
    return .object([
      "experiment_id": .string(id),
      "name": .string(experiment.name == Self.defaultName ? "Default" : experiment.name),
      "artifact_location": .string(
        experiment.artifactLocation ?? "\(ArtifactPlaces.scheme):/\(id)"),
      "lifecycle_stage": .string(experiment.isDeleted ? "deleted" : "active"),
      "last_update_time": .integer(experiment.updatedAt?.milliseconds ?? 0),
      "creation_time": .integer(experiment.createdAt?.milliseconds ?? 0),
      "tags": .array(experiment.tags.map(\.answer)),
    ])
  }

  func searchExperiments(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let limit = Int(try message.integer("max_results") ?? 1000)
    guard (1...Limits.experimentsOfSearch).contains(limit) else {
      throw MLflowError.invalid(
        .integer(limit), for: "max_results",
        "It must be at most \(Limits.experimentsOfSearch), and at least 1.")
    }
    let view = try Self.view(message, "view_type")
    let offset = try PageToken.offset(message.text("page_token"))
    let order = try message.texts("order_by", isFromQuery: true)
    let subject = SearchSubject.experiments
    // The newest are first, also where the order does not tell.
    let keys = try subject.order(
      order.isEmpty
        ? ["creation_time DESC", "experiment_id ASC"]
        : order.contains { $0.hasPrefix("experiment_id") } ? order : order + ["experiment_id DESC"])
    let found = try store.experiments(
      where: subject.condition(message.text("filter")), order: keys, deleted: view,
      limit: limit + 1, offset: offset)
    let (page, token) = PageToken.page(found, limit: limit, offset: offset)
    return .json(
      .object(["experiments": .array(page.map { answer(of: $0) })]).with(token: token))
  }

  /// Whether what was deleted is meant; `nil` for all.
  static func view(_ message: Message, _ field: String) throws -> Bool? {
    switch try message.word(field, of: [1: "ACTIVE_ONLY", 2: "DELETED_ONLY", 3: "ALL"]) {
    case "DELETED_ONLY": true
    case "ALL": nil
    default: false
    }
  }

  func updateExperiment(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let id = try message.requiredText("experiment_id")
    let name = try message.requiredText("new_name")
    try Limits.checkLength(name, "name", Limits.experimentNameLength)
    try store.renameExperiment(experiment(id).id, to: name)
    return .done
  }

  func deleteExperiment(_ call: Call) throws -> HTTPResponse {
    let id = try call.message().requiredText("experiment_id")
    do {
      try store.setExperiment(experiment(id).id, deleted: true)
    } catch ClientRefusal.experimentDeleted(let number) {
      throw ClientRefusal.noExperiment(number)
    }
    return .done
  }

  func restoreExperiment(_ call: Call) throws -> HTTPResponse {
    let id = try call.message().requiredText("experiment_id")
    try store.setExperiment(experiment(id).id, deleted: false)
    return .done
  }

  func setExperimentTag(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let id = try message.requiredText("experiment_id")
    let tag = try Self.checkedExperimentTag(
      message.requiredText("key"), message.text("value") ?? "")
    try store.setTag(tag, ofExperiment: experiment(id).id)
    return .done
  }

  func deleteExperimentTag(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let id = try message.requiredText("experiment_id")
    try store.removeTag(message.requiredText("key"), ofExperiment: experiment(id).id)
    return .done
  }

  func searchDatasets(_ call: Call) throws -> HTTPResponse {
    let ids = try call.message().texts("experiment_ids")
    guard !ids.isEmpty else {
      throw MLflowError.invalid("SearchDatasets request must specify at least one experiment_id.")
    }
    guard ids.count <= 20 else {
      throw MLflowError.invalid(
        "SearchDatasets request cannot specify more than 20 experiment_ids. Received \(ids.count) "
          + "experiment_ids.")
    }
    let summaries = try experiments(ids).flatMap { id in
      try store.inputSummaries(experiment: id).map { summary -> JSONValue in
        let context: [JSONValue.Member] =
          summary.context.map { [.init(key: "context", value: .string($0))] } ?? []
        return .object(
          [
            .init(key: "experiment_id", value: .string(externalID(id))),
            .init(key: "name", value: .string(summary.name)),
            .init(key: "digest", value: .string(summary.digest)),
          ] + context)
      }
    }
    return .json(.object(["dataset_summaries": .array(Array(summaries.prefix(1000)))]))
  }
}

extension KeyedText {
  var answer: JSONValue { .object(["key": .string(key), "value": .string(value)]) }
}

extension JSONValue {
  /// This object, and where the next page starts if there is one.
  func with(token: String?) -> JSONValue {
    token.map { appending(["next_page_token": .string($0)]) } ?? self
  }
}
