import TrackerJSON
package import TrackerStore

/// MLflow's REST interface over a store: a request in, an answer out.
///
/// It answers as MLflow 3's server does, so that MLflow's clients need not know the difference. What is not about
/// tracking, such as a registry of models or traces, is `ENDPOINT_NOT_FOUND`.
package final class MLflowService: Sendable {
  /// What `/version` says: clients of 3.4 and later send traces to a server that says no less.
  static let version = "3.3.2"

  let store: Store
  let writer: ClientWriter
  let artifacts: ArtifactPlaces

  /// - Parameter artifactRoot: where clients of new experiments put artifacts themselves, such as `s3://bucket` or
  ///   `file:///data`; `nil` where they send them here
  /// - Throws: ``StoreError``
  package init(store: Store, artifactRoot: String? = nil) throws {
    self.store = store
    writer = ClientWriter(store: store)
    artifacts = ArtifactPlaces(store: store, root: artifactRoot)
    if !store.isReadOnly { try ensureDefaultExperiment() }
  }

  /// A request with what its route says of it.
  struct Call {
    let request: HTTPRequest
    /// The parts of the path that the route leaves open.
    let parts: [String]

    /// The message: of a GET its query, of others its body.
    func message() throws -> Message {
      if request.method == "GET" || request.method == "HEAD", !request.query.isEmpty {
        return Message(query: request.query)
      }
      guard case .bytes(let bytes) = request.body, !bytes.isEmpty else {
        return try Message(.object([:]))
      }
      guard request.contentType?.lowercased().hasPrefix("application/json") == true else {
        throw MLflowError.invalid(
          "Bad Request. Content-Type must be one of ['application/json'].")
      }
      var value = (try? JSONValue(parsing: bytes)) ?? .null
      // Older clients encode it twice.
      if case .string(let text) = value { value = (try? JSONValue(parsing: text)) ?? .null }
      return try Message(value == .null ? .object([:]) : value)
    }
  }

  typealias Handler = @Sendable (MLflowService, Call) throws -> HTTPResponse

  /// Answers a request; an error is an answer too.
  package func answer(_ request: HTTPRequest) -> HTTPResponse {
    do {
      guard let (handler, parts) = Routes.find(request.method, request.path) else {
        let methods = Routes.methods(of: request.path)
        if !methods.isEmpty { return Self.wrongMethod(of: request, methods) }
        throw MLflowError(
          .endpointNotFound,
          "There is no \(request.method) \(request.path). This server knows MLflow's tracking, and neither "
            + "registry nor traces.")
      }
      return try handler(self, Call(request: request, parts: parts))
    } catch {
      return MLflowError(error) { self.externalID($0) }.response
    }
  }

  /// - Parameter methods: those that the path is answered to
  private static func wrongMethod(of request: HTTPRequest, _ methods: [String]) -> HTTPResponse {
    let methods = methods.joined(separator: ", ")
    var response = MLflowError(
      .badRequest, "\(request.path) is not answered to \(request.method), but to \(methods)."
    ).response
    response.status = 405
    response.headers.append(KeyedText(key: "Allow", value: methods))
    return response
  }

  /// Whether a path is MLflow's.
  package static func owns(_ path: String) -> Bool {
    path == "/health" || path == "/version" || Routes.rest(of: path) != nil
      || path.hasPrefix("/get-artifact") || path.contains("/model-versions/get-artifact")
  }

  /// The greatest body of a request, in bytes, and whether it may be too large for memory.
  package static func bodyLimit(_ method: String, _ path: String) -> (bytes: Int, isContent: Bool) {
    let isContent = method == "PUT" && path.contains("/mlflow-artifacts/artifacts/")
    return isContent ? (Store.artifactLimit, true) : (32 << 20, false)
  }

  // MARK: Experiments' ids

  private func ensureDefaultExperiment() throws {
    guard try store.experiment(named: Self.defaultName) == nil else { return }
    do { _ = try store.createExperiment(Self.defaultName) } catch ClientRefusal.experimentExists {}
  }

  /// Our name for what MLflow calls experiment 0, `Default`.
  static let defaultName = "default"

  func externalID(_ id: Int64) -> String {
    let record = try? store.experiment(id: id)
    return record.map(Self.externalID) ?? "\(id)"
  }

  static func externalID(_ experiment: ExperimentRecord) -> String {
    experiment.name == defaultName ? "0" : "\(experiment.id)"
  }

  static func externalID(of run: ClientRun) -> String {
    run.experimentName == defaultName ? "0" : "\(run.experiment)"
  }

  /// The experiment that a client means.
  func experiment(_ id: String) throws -> ExperimentRecord {
    guard let number = Int64(id) else {
      throw MLflowError.invalid(
        "Invalid experiment ID '\(id)'. Experiment ID must be a valid integer.")
    }
    if number != 0 { return try store.experiment(id: number) }
    if let found = try store.experiment(named: Self.defaultName) { return found }
    try ensureDefaultExperiment()
    guard let made = try store.experiment(named: Self.defaultName) else {
      throw ClientRefusal.noExperiment(0)
    }
    return made
  }

  /// Those of the experiments that clients mean that there are.
  func experiments(_ ids: [String]) throws -> [Int64] {
    try ids.compactMap { id in
      do { return try experiment(id).id } catch ClientRefusal.noExperiment { return nil }
    }
  }
}

extension HTTPResponse {
  /// An answer of JSON.
  static func json(_ value: JSONValue) -> HTTPResponse {
    HTTPResponse(type: "application/json", value.compact)
  }

  static let done = HTTPResponse.json(.object([:]))
}
