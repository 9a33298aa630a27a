import TrackerJSON
import TrackerStore

/// A run as the server knows it.
struct RemoteRun {
  var id: String
  var experiment: String
  var name: String
  var status: String
  var endTime: Int64?
  /// Where its files are, such as `mlflow-artifacts:/1/0a1b…/artifacts`.
  var artifactAddress: String
  var isDeleted: Bool
  var parameters: [String: String] = [:]
  var tags: [String: String] = [:]
  /// The greatest step of each metric.
  var lastSteps: [String: Int64] = [:]
  /// Names and digests of its data sets.
  var inputs: Set<KeyedText> = []

  init?(_ answer: JSONValue) {
    guard let info = answer["info"],
      let id = info["run_id"]?.plainText ?? info["run_uuid"]?.plainText, !id.isEmpty
    else { return nil }
    self.id = id
    experiment = info["experiment_id"]?.plainText ?? ""
    name = info["run_name"]?.plainText ?? ""
    status = info["status"]?.plainText ?? ""
    endTime = info["end_time"]?.whole.flatMap { $0 > 0 ? $0 : nil }
    artifactAddress = info["artifact_uri"]?.plainText ?? ""
    isDeleted = info["lifecycle_stage"]?.plainText == "deleted"
    parameters = Self.texts(answer["data"]?["params"])
    tags = Self.texts(answer["data"]?["tags"])
    for metric in answer["data"]?["metrics"]?.members ?? [] {
      guard let key = metric["key"]?.plainText else { continue }
      lastSteps[key] = metric["step"]?.whole ?? 0
    }
    for input in answer["inputs"]?["dataset_inputs"]?.members ?? [] {
      guard let name = input["dataset"]?["name"]?.plainText,
        let digest = input["dataset"]?["digest"]?.plainText
      else { continue }
      inputs.insert(KeyedText(key: name, value: digest))
    }
  }

  /// A run that a dry run would have made.
  init(experiment: String) {
    id = ""
    self.experiment = experiment
    name = ""
    status = "RUNNING"
    artifactAddress = "\(ArtifactPlaces.scheme):/"
    isDeleted = false
  }

  private static func texts(_ list: JSONValue?) -> [String: String] {
    var texts: [String: String] = [:]
    for item in list?.members ?? [] {
      if let key = item["key"]?.plainText { texts[key] = item["value"]?.plainText ?? "" }
    }
    return texts
  }

  /// Where its files are below the server's own root; `nil` where the server does not keep them.
  var artifactFolder: String? {
    let start = "\(ArtifactPlaces.scheme):/"
    guard artifactAddress.hasPrefix(start), !artifactAddress.hasPrefix(start + "/") else {
      return nil
    }
    return String(artifactAddress.dropFirst(start.count))
  }
}

/// The experiments and runs of a server.
final class RemoteRuns {
  private let server: RemoteServer
  private var experiments: [String: (id: String, isDeleted: Bool)] = [:]

  /// The tag that names a run of ours.
  static let identityTag = "tracker.uuid"

  /// Asks for all experiments.
  ///
  /// - Throws: ``PushError`` where the server is not there or is none
  init(_ server: RemoteServer) throws {
    self.server = server
    try readExperiments()
  }

  private func readExperiments() throws {
    var token: String?
    repeat {
      let answer = try server.ask(
        "experiments/search",
        .object([
          "max_results": .integer(1000), "view_type": .string("ALL"), "page_token": .string(token),
        ]))
      for experiment in answer["experiments"]?.members ?? [] {
        guard let name = experiment["name"]?.plainText,
          let id = experiment["experiment_id"]?.plainText
        else { continue }
        experiments[name] = (id, experiment["lifecycle_stage"]?.plainText == "deleted")
      }
      token = answer["next_page_token"]?.plainText
    } while token?.isEmpty == false
  }

  /// The number of the experiment of this name, which is made where there is none.
  func experiment(_ name: String) throws -> String {
    // The experiment without a name has one of its own on either side.
    let name = name == MLflowService.defaultName ? "Default" : name
    var number = 0
    while true {
      if let found = experiments[name] ?? (name == "Default" ? ("0", false) : nil) {
        guard !found.isDeleted else {
          throw PushError(
            .refused(code: "INVALID_STATE"), "the experiment \(name) was deleted on the server")
        }
        return found.id
      }
      guard !server.isDryRun else { return "" }
      do {
        let answer = try server.make("experiments/create", .object(["name": .string(name)]))
        experiments[name] = (answer["experiment_id"]?.plainText ?? "", false)
      } catch let error as PushError {
        // Somebody was faster, or the answer was lost.
        guard
          try error.reason == .refused(code: "RESOURCE_ALREADY_EXISTS")
            || server.waitsOut(error, try: number)
        else { throw error }
        number += 1
        guard number < 10 else { throw error }
        try readExperiments()
      }
    }
  }

  /// The run of this identity, wherever on the server it is; the least id where there are several.
  func find(_ uuid: String) throws -> RemoteRun? { try findAll(uuid).first }

  private func findAll(_ uuid: String) throws -> [RemoteRun] {
    let ids = experiments.values.map(\.id).sorted()
    var found =
      try server.ask(
        "runs/search",
        .object([
          "experiment_ids": .array((ids.isEmpty ? ["0"] : ids).map { .string($0) }),
          "filter": .string("tags.`\(Self.identityTag)` = '\(uuid)'"),
          "run_view_type": .string("ALL"),
          "max_results": .integer(100),
        ]))["runs"]?.members.compactMap(RemoteRun.init) ?? []
    // The one that somebody restored or left goes before those that were deleted.
    found.sort { $0.isDeleted == $1.isDeleted ? $0.id < $1.id : $1.isDeleted }
    return found
  }

  /// The run that has this id on the server, such as one that was imported from there.
  func run(id: String) throws -> RemoteRun? {
    do {
      return try server.ask("runs/get", query: [KeyedText(key: "run_id", value: id)])["run"]
        .flatMap(RemoteRun.init)
    } catch let error as PushError {
      if case .refused = error.reason { return nil }
      throw error
    }
  }

  /// Makes a run; two that do so at once, or an answer that was lost, make one run all the same.
  ///
  /// - Parameter message: what `runs/create` is told, with the tag of its identity
  func make(_ uuid: String, _ message: JSONValue) throws -> RemoteRun {
    var number = 0
    while true {
      do {
        _ = try server.make("runs/create", message)
      } catch let error as PushError {
        guard try server.waitsOut(error, try: number) else { throw error }
        number += 1
      }
      let all = try findAll(uuid)
      for second in all.dropFirst() where !second.isDeleted {
        try server.write("runs/delete", .object(["run_id": .string(second.id)]))
      }
      if let first = all.first { return first }
      guard number > 0, number < 10 else {
        throw PushError(.foreign, "the server does not find the run that it has just made")
      }
    }
  }
}
