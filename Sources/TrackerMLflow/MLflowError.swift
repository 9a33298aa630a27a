import TrackerJSON
import TrackerStore

/// What a client is told when it does not get what it asked for.
struct MLflowError: Error, Hashable {
  /// MLflow's names for what is wrong, and the status that goes with each.
  enum Code: String {
    case invalidParameterValue = "INVALID_PARAMETER_VALUE"
    case badRequest = "BAD_REQUEST"
    case alreadyExists = "RESOURCE_ALREADY_EXISTS"
    case doesNotExist = "RESOURCE_DOES_NOT_EXIST"
    case endpointNotFound = "ENDPOINT_NOT_FOUND"
    case permissionDenied = "PERMISSION_DENIED"
    case resourceLimit = "RESOURCE_LIMIT_EXCEEDED"
    case unavailable = "TEMPORARILY_UNAVAILABLE"
    case internalError = "INTERNAL_ERROR"

    /// Clients send again after 503, and seven times after 500: neither answers bad input.
    var status: Int {
      switch self {
      case .invalidParameterValue, .badRequest, .alreadyExists: 400
      case .doesNotExist, .endpointNotFound: 404
      case .permissionDenied: 403
      case .resourceLimit: 413
      case .unavailable: 503
      case .internalError: 500
      }
    }
  }

  let code: Code
  let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  static func invalid(_ message: String) -> MLflowError {
    MLflowError(.invalidParameterValue, message)
  }

  /// A value that is not what its field takes.
  static func invalid(_ value: JSONValue, for path: String, _ reason: String = "") -> MLflowError {
    .invalid(
      "Invalid value \(value.compact) for parameter '\(path)' supplied"
        + (reason.isEmpty ? "." : ": \(reason)"))
  }

  static func missing(_ path: String) -> MLflowError {
    .invalid(
      "Missing value for required parameter '\(path)'. See the API docs for more information about "
        + "request parameters.")
  }

  static func tooLong(_ path: String, _ limit: Int) -> MLflowError {
    .invalid("'\(path)' exceeds the maximum length of \(limit) characters")
  }

  /// What any error of the layers below means to a client.
  init(_ error: any Error, experimentName: (Int64) -> String) {
    switch error {
    case let error as MLflowError: self = error
    case let refusal as ClientRefusal: self.init(refusal, experimentName)
    case let error as FilterSyntaxError: self.init(.invalidParameterValue, error.description)
    case let error as StoreError: self.init(error)
    default: self.init(.internalError, "\(error)")
    }
  }

  private init(_ error: StoreError) {
    switch error.reason {
    case .busy, .full, .timeout, .inputOutput, .outOfMemory:
      self.init(.unavailable, error.description)
    case .readOnly, .cannotOpen: self.init(.permissionDenied, error.description)
    case .tooLarge: self.init(.resourceLimit, error.description)
    case .changed: self.init(.badRequest, error.description)
    case .noSuchRun, .noSuchArtifact, .notFound: self.init(.doesNotExist, error.description)
    default: self.init(.internalError, error.description)
    }
  }

  private init(_ refusal: ClientRefusal, _ experimentName: (Int64) -> String) {
    switch refusal {
    case .noExperiment(let id):
      self.init(.doesNotExist, "No Experiment with id=\(experimentName(id)) exists")
    case .experimentExists(let name):
      self.init(.alreadyExists, "Experiment(name=\(name)) already exists.")
    case .experimentDeleted(let id):
      self.init(
        .invalidParameterValue,
        "The experiment \(experimentName(id)) must be in the 'active' state. Current state is deleted."
      )
    case .experimentNotDeleted(let id):
      self.init(.doesNotExist, "No deleted Experiment with id=\(experimentName(id)) exists")
    case .noRun(let uuid):
      self.init(.doesNotExist, "Run with id=\(RunID.external(uuid)) not found")
    case .runDeleted(let uuid):
      self.init(
        .invalidParameterValue,
        "The run \(RunID.external(uuid)) must be in the 'active' state. Current state is deleted.")
    case .noTag(let key, let run):
      self.init(
        .doesNotExist, "No tag with name: \(key) in run with id \(RunID.external(run))")
    case .noExperimentTag(let key, let id):
      self.init(
        .doesNotExist, "No tag with name: \(key) in experiment with id \(experimentName(id))")
    case .parametersChanged(let changes, let run):
      self.init(.invalidParameterValue, Self.sentence(changes, run: RunID.external(run)))
    case .noModel(let uuid):
      self.init(.doesNotExist, "Logged model with ID '\(uuid)' not found.")
    case .noModelTag(let key, let model):
      self.init(
        .doesNotExist, "No tag with key '\(key)' found for model with ID '\(model)'.")
    case .noArtifact(let name):
      self.init(.doesNotExist, "No such artifact: '\(name)'")
    }
  }

  private static func sentence(
    _ changes: [ClientRefusal.ChangedParameter], run: String
  ) -> String {
    let start = "Changing param values is not allowed. "
    if let change = changes.first, changes.count == 1 {
      return start
        + "Param with key='\(change.key)' was already logged with value='\(change.old)' for run "
        + "ID='\(run)'. Attempted logging new value '\(change.new)'."
    }
    let list = changes.map {
      "{'key': '\($0.key)', 'old_value': '\($0.old)', 'new_value': '\($0.new)'}"
    }
    return start
      + "Params were already logged='[\(list.joined(separator: ", "))]' for run ID='\(run)'."
  }

  var response: HTTPResponse {
    let body = JSONValue.object([
      "error_code": .string(code.rawValue), "message": .string(message),
    ])
    return HTTPResponse(status: code.status, type: "application/json", body.compact)
  }
}

/// A run's id as clients know it: our UUID without its dashes.
enum RunID {
  static func external(_ uuid: String) -> String {
    uuid.utf8.count == 36 ? String(uuid.filter { $0 != "-" }) : uuid
  }

  static func `internal`(_ id: String) -> String {
    let digits = Array(id.utf8)
    let isHexadecimal = digits.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
    }
    guard digits.count == 32, isHexadecimal else { return id }
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
      .map { String(decoding: digits[$0], as: UTF8.self) }.joined(separator: "-")
  }
}
