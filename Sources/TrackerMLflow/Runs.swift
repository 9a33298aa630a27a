import TrackerJSON
import TrackerStore

extension MLflowService {
  func createRun(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let experiment = try experiment(
      message.text("experiment_id").flatMap { $0.isEmpty ? nil : $0 } ?? "0")
    let tags = try message.messages("tags").map { try Self.checkedTag($0, "tags") }
    var (columns, others) = ReservedTag.split(tags)
    let name = try message.text("run_name").flatMap { $0.isEmpty ? nil : $0 }
    if let name, let tagged = columns[.name], tagged != name {
      throw MLflowError.invalid(
        "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
          + "(run_name='\(name)', mlflow.runName='\(tagged)').")
    }
    let user = try message.text("user_id").flatMap { $0.isEmpty ? nil : $0 }
    // A tag that says something else is kept as it is.
    if let tagged = columns[.user], let user, tagged != user, user != "unknown" {
      columns[.user] = nil
      others.append(KeyedText(key: "mlflow.user", value: tagged))
    }
    let start = ClientRunStart(
      experiment: experiment.id, name: name ?? columns[.name] ?? RandomName.next(),
      user: user ?? "unknown",
      startedAt: try message.integer("start_time").map { try Limits.time($0, "start_time") }
        ?? .now(),
      tags: others, columns: columns, program: call.request.userAgent ?? "MLflow client",
      host: call.request.host)
    return .json(
      .object(["run": answer(of: try store.clientRun(store.startClientRun(start)))]))
  }

  static func checkedTag(_ message: Message, _ path: String) throws -> KeyedText {
    let key = try message.requiredText("key")
    try Limits.checkKey(key, message.name("key"))
    let value = try message.text("value") ?? ""
    try Limits.checkLength(value, message.name("value"), Limits.tagLength)
    return KeyedText(key: key, value: value)
  }

  /// The run that a message is about, by our UUID.
  static func runID(_ message: Message) throws -> String {
    let id =
      try message.text("run_id").flatMap { $0.isEmpty ? nil : $0 } ?? message.text("run_uuid")
    guard let id, !id.isEmpty else { throw MLflowError.missing("run_id") }
    try Limits.checkRunID(id)
    return RunID.internal(id)
  }

  func updateRun(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    let words: [Int64: String] = [
      1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED",
    ]
    let status: RunStatus? =
      switch try message.word("status", of: words) {
      case "RUNNING", "SCHEDULED": .running
      case "FINISHED": .finished
      case "FAILED": .failed
      case "KILLED": .interrupted
      default: nil
      }
    try store.updateClientRun(
      run, status: status,
      endedAt: message.integer("end_time").map { try Limits.time($0, "end_time") },
      name: message.text("run_name").flatMap { $0.isEmpty ? nil : $0 })
    return .json(.object(["run_info": information(of: try store.clientRun(run))]))
  }

  func deleteRun(_ call: Call) throws -> HTTPResponse {
    try store.setClientRun(Self.runID(call.message()), archived: true)
    return .done
  }

  func restoreRun(_ call: Call) throws -> HTTPResponse {
    try store.setClientRun(Self.runID(call.message()), archived: false)
    return .done
  }

  func getRun(_ call: Call) throws -> HTTPResponse {
    .json(.object(["run": answer(of: try store.clientRun(Self.runID(call.message())))]))
  }

  func searchRuns(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let limit = Int(try message.integer("max_results") ?? Int64(Limits.defaultRunsOfSearch))
    guard (1...Limits.runsOfSearch).contains(limit) else {
      throw MLflowError.invalid(
        .integer(limit), for: "max_results",
        "It must be at most \(Limits.runsOfSearch), and at least 1.")
    }
    let offset = try PageToken.offset(message.text("page_token"))
    let subject = SearchSubject.runs
    let found = try store.clientRuns(
      experiments: experiments(message.texts("experiment_ids")),
      where: subject.condition(message.text("filter")),
      order: subject.order(message.texts("order_by")),
      archived: Self.view(message, "run_view_type"), limit: limit + 1, offset: offset)
    let (page, token) = PageToken.page(found, limit: limit, offset: offset)
    return .json(.object(["runs": .array(page.map(answer))]).with(token: token))
  }

  // MARK: Answers

  /// A run as clients see it.
  func answer(of run: ClientRun) -> JSONValue {
    .object([
      "info": information(of: run),
      "data": .object([
        "metrics": .array(run.metrics.map(\.answer)),
        "params": .array(run.parameters.map(\.answer)),
        "tags": .array(ReservedTag.all(of: run).map(\.answer)),
      ]),
      "inputs": .object([
        "dataset_inputs": .array(run.inputs.map(\.answer)),
        "model_inputs": .array(run.modelInputs.map { .object(["model_id": .string($0)]) }),
      ]),
      "outputs": .object([
        "model_outputs": .array(
          run.modelOutputs.map {
            .object(["model_id": .string($0.model), "step": .integer($0.step)])
          })
      ]),
    ])
  }

  private func information(of run: ClientRun) -> JSONValue {
    let id = JSONValue.string(RunID.external(run.uuid))
    let status =
      switch run.status {
      case .running: "RUNNING"
      case .finished: "FINISHED"
      case .interrupted: "KILLED"
      case .failed, .crashed: "FAILED"
      }
    var members: [JSONValue.Member] = [
      .init(key: "run_uuid", value: id),
      .init(key: "experiment_id", value: .string(Self.externalID(of: run))),
      .init(key: "run_name", value: .string(run.name ?? "")),
      .init(key: "user_id", value: .string(run.user)),
      .init(key: "status", value: .string(status)),
      .init(key: "start_time", value: .integer(run.startedAt.milliseconds)),
    ]
    if let end = run.endedAt {
      members.append(.init(key: "end_time", value: .integer(end.milliseconds)))
    }
    return .object(
      members + [
        .init(key: "artifact_uri", value: .string(artifacts.address(of: run))),
        .init(key: "lifecycle_stage", value: .string(run.isArchived ? "deleted" : "active")),
        .init(key: "run_id", value: id),
      ])
  }
}

extension ClientMetric {
  /// A value as clients see it.
  var answer: JSONValue {
    var members: [JSONValue.Member] = [
      .init(key: "key", value: .string(key)), .init(key: "value", value: .number(point.value)),
      .init(key: "timestamp", value: .integer(point.time.milliseconds)),
      .init(key: "step", value: .integer(point.step)),
    ]
    for (name, text) in [
      ("dataset_name", datasetName), ("dataset_digest", datasetDigest), ("model_id", model),
      ("run_id", run),
    ] {
      if let text { members.append(.init(key: name, value: .string(text))) }
    }
    return .object(members)
  }
}

extension ClientInput {
  /// The data as clients see it.
  var answer: JSONValue {
    var members: [JSONValue.Member] = []
    for (name, text) in [
      ("name", name), ("digest", digest), ("source_type", sourceType), ("source", source),
      ("schema", schema), ("profile", profile),
    ] {
      if let text { members.append(.init(key: name, value: .string(text))) }
    }
    return .object(["tags": .array(tags.map(\.answer)), "dataset": .object(members)])
  }
}

/// Names for runs that nobody named, such as `calm-owl-417`.
enum RandomName {
  private static let qualities = [
    "able", "bold", "brave", "bright", "calm", "clean", "clever", "cool", "eager", "fair", "fast",
    "fine", "fond", "free", "fresh", "gentle", "glad", "grand", "great", "happy", "keen", "kind",
    "light", "lively", "loud", "lucky", "mellow", "merry", "neat", "nice", "noble", "proud",
    "quick",
    "quiet", "rare", "rich", "sharp", "shy", "silent", "smart", "smooth", "solid", "still",
    "strong",
    "sweet", "swift", "tidy", "warm", "wise", "young",
  ]
  private static let animals = [
    "ant", "auk", "bat", "bear", "bee", "bird", "boar", "cat", "colt", "crab", "crane", "crow",
    "deer",
    "dog", "dove", "duck", "eel", "elk", "finch", "fish", "fly", "fox", "frog", "goat", "goose",
    "gull",
    "hare", "hawk", "hen", "horse", "jay", "kite", "lark", "lynx", "mole", "moth", "mouse", "newt",
    "owl", "ox", "pig", "rook", "seal", "sheep", "shrew", "snail", "stork", "swan", "toad", "wolf",
  ]

  static func next() -> String {
    "\(qualities.randomElement() ?? "calm")-\(animals.randomElement() ?? "owl")-\(Int.random(in: 0..<1000))"
  }
}
