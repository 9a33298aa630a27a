import TrackerJSON
import TrackerStore

/// A server of MLflow's interface, as a client sees it: messages in, answers out, tried again where that helps.
package final class RemoteServer {
  private let send: (HTTPRequest) throws -> HTTPResponse
  private let pause: (Duration) throws -> Void
  private var wasReached = false
  /// Whether what would change something is not sent.
  let isDryRun: Bool

  /// Waits between tries; MLflow's own clients give up after about as long.
  private static let waits: [Duration] = [
    .milliseconds(250), .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8),
    .seconds(16),
  ]

  /// - Parameters:
  ///   - isDryRun: whether what would change something is not sent
  ///   - send: takes a request to the server and brings the answer; throws ``PushError``
  ///   - pause: waits for so long; throws where somebody asks to stop
  package init(
    isDryRun: Bool = false, send: @escaping (HTTPRequest) throws -> HTTPResponse,
    pause: @escaping (Duration) throws -> Void
  ) {
    self.isDryRun = isDryRun
    self.send = send
    self.pause = pause
  }

  private static let root = "/api/2.0/mlflow"
  private static let artifactRoot = "/api/2.0/mlflow-artifacts/artifacts"

  /// Asks for something and changes nothing.
  func ask(_ path: String, _ message: JSONValue) throws -> JSONValue {
    try answer(to: Self.post(path, message))
  }

  /// Asks for something by a query.
  func ask(_ path: String, query: [KeyedText]) throws -> JSONValue {
    try answer(to: HTTPRequest(method: "GET", path: "\(Self.root)/\(path)", query: query))
  }

  /// Changes something; what is written twice is there once.
  func write(_ path: String, _ message: JSONValue) throws {
    guard !isDryRun else { return }
    _ = try answer(to: Self.post(path, message))
  }

  /// Makes something that would be made twice if it were sent twice: there is one try.
  func make(_ path: String, _ message: JSONValue) throws -> JSONValue {
    try answer(to: Self.post(path, message), tries: 1)
  }

  /// Puts a file where the server keeps artifacts.
  func putArtifact(_ path: String, _ body: HTTPRequest.Body) throws {
    guard !isDryRun else { return }
    _ = try exchange(
      HTTPRequest(
        method: "PUT", path: "\(Self.artifactRoot)/\(path)",
        contentType: "application/octet-stream",
        body: body))
  }

  /// A file of the server's, as JSON; `nil` where there is none that can be read.
  func artifact(_ path: String) throws -> JSONValue? {
    do {
      return try answer(
        to: HTTPRequest(method: "GET", path: "\(Self.artifactRoot)/\(path)"), tries: 1)
    } catch let error as PushError {
      if [.unreachable, .noConnection, .unauthorized].contains(error.reason) { throw error }
      return nil
    }
  }

  /// Whether making something may be tried again after this error; waits for a moment if so.
  func waitsOut(_ error: PushError, try number: Int) throws -> Bool {
    guard error.isPassing, wasReached, number < Self.waits.count else { return false }
    try pause(Self.waits[number])
    return true
  }

  private static func post(_ path: String, _ message: JSONValue) -> HTTPRequest {
    HTTPRequest(
      method: "POST", path: "\(root)/\(path)", contentType: "application/json",
      body: .bytes(Array(message.compact.utf8)))
  }

  private func answer(to request: HTTPRequest, tries: Int = .max) throws -> JSONValue {
    let response = try exchange(request, tries: tries)
    guard case .bytes(let bytes) = response.body, let value = try? JSONValue(parsing: bytes) else {
      throw PushError(.foreign, "the server does not answer \(request.path) as MLflow does")
    }
    return value
  }

  private func exchange(_ request: HTTPRequest, tries: Int = .max) throws -> HTTPResponse {
    var number = 0
    while true {
      do {
        let response = try send(request)
        wasReached = true
        if let trouble = Self.trouble(response, request) { throw trouble }
        return response
      } catch let error as PushError where number + 1 < tries {
        guard try waitsOut(error, try: number) else { throw error }
        number += 1
      }
    }
  }

  private static func trouble(_ response: HTTPResponse, _ request: HTTPRequest) -> PushError? {
    guard !(200..<300).contains(response.status) else { return nil }
    var answer = JSONValue.null
    if case .bytes(let bytes) = response.body { answer = (try? JSONValue(parsing: bytes)) ?? .null }
    let code = answer["error_code"]?.plainText
    let place =
      request.path.hasPrefix(root) ? String(request.path.dropFirst(root.count + 1)) : "a file"
    let words = answer["message"]?.plainText.map { ": \(String($0.prefix(500)))" } ?? ""
    let sentence = "the server answers \(response.status) to \(place)\(words)"
    switch response.status {
    case 401, 403: return PushError(.unauthorized, sentence)
    case 408, 425, 429, 500, 502, 503, 504: return PushError(.busy, sentence)
    case 300..<400: return PushError(.foreign, "the server sends us to another address")
    default:
      guard let code, code != "ENDPOINT_NOT_FOUND" else { return PushError(.foreign, sentence) }
      return PushError(.refused(code: code), sentence)
    }
  }
}

extension JSONValue {
  /// A text, or a number as a text.
  var plainText: String? {
    switch self {
    case .string(let text): text
    case .integer(let number): "\(number)"
    default: nil
    }
  }

  /// A whole number, also where it is written as a text, as Protobuf's JSON may.
  var whole: Int64? {
    switch self {
    case .integer(let number): number
    case .number(let number): Int64(exactly: number)
    case .string(let text): Int64(text)
    default: nil
    }
  }

  /// The members of a list; of anything else none.
  var members: [JSONValue] {
    if case .array(let values) = self { return values }
    return []
  }
}
