import TrackerMLflow
import TrackerStore
import TrackerSystem

/// A server of MLflow's interface at an address, and how it is spoken to.
struct ServerConnection {
  /// The address without a slash at its end.
  let address: String
  private let client: HTTPClient
  private let authorization: String?
  private let certificates: String?
  private let isInsecure: Bool

  /// - Parameters:
  ///   - address: as the user gave it, or the environment
  ///   - environment: MLflow's own variables: token, name and password, certificates
  /// - Throws: ``CommandError``
  init(_ address: String, environment: [String: String]) throws {
    func variable(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    self.address = try Self.checked(address)
    guard let client = HTTPClient() else {
      throw CommandError(
        status: .unavailable,
        message: "push speaks HTTP by libcurl, and this system has no libcurl that loads",
        advice:
          "Install it, such as with: apt-get install libcurl4, dnf install libcurl, or apk add libcurl"
      )
    }
    self.client = client
    if let token = variable("MLFLOW_TRACKING_TOKEN") ?? variable("TRACKER_TOKEN") {
      authorization = "Bearer \(token)"
    } else if let name = variable("MLFLOW_TRACKING_USERNAME") {
      let pair = Array("\(name):\(variable("MLFLOW_TRACKING_PASSWORD") ?? "")".utf8)
      authorization =
        "Basic " + String(decoding: pair.withUnsafeBytes(Base64.digits), as: UTF8.self)
    } else {
      authorization = nil
    }
    if let authorization, authorization.unicodeScalars.contains(where: { $0.value < 0x20 }) {
      throw CommandError(
        status: .usage, message: "the token holds a line break or another control character",
        advice: "Set it again, such as with: export MLFLOW_TRACKING_TOKEN=$(cat token.txt)")
    }
    certificates = variable("MLFLOW_TRACKING_SERVER_CERT_PATH")
    isInsecure = ["true", "1"].contains(variable("MLFLOW_TRACKING_INSECURE_TLS")?.lowercased())
  }

  /// An address as it is spoken to: without a slash at its end.
  ///
  /// - Throws: ``CommandError`` where it is not one of a server, or holds a password
  static func checked(_ address: String) throws -> String {
    let lower = address.lowercased()
    guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else {
      throw CommandError(
        status: .usage,
        message: "\(address) is not the address of a server, which begins with http:// or https://",
        advice:
          "push speaks to a server, such as: mlflow server --backend-store-uri sqlite:///mlflow.db")
    }
    let rest = address.dropFirst(scheme.count)
    let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !host.contains("@") else {
      throw CommandError(
        status: .usage,
        message:
          "the address holds a name or a password, which every user of this machine could see",
        advice: "Put them into MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.")
    }
    guard !host.isEmpty, !rest.contains("?"), !rest.contains("#"),
      address.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
    else {
      throw CommandError(
        status: .usage, message: "\(address) is not the address of a server",
        advice: "Such as: http://127.0.0.1:5000")
    }
    var address = address
    while address.hasSuffix("/") { address.removeLast() }
    return address
  }

  /// Sends a request and takes the answer.
  ///
  /// - Throws: ``PushError``; ``ExitStatus/interrupted`` where somebody asked to stop
  func send(_ message: HTTPRequest) throws -> HTTPResponse {
    var url = address + Percent.encode(message.path, keeping: "/")
    if !message.query.isEmpty {
      url +=
        "?"
        + message.query.map { "\(Percent.encode($0.key))=\(Percent.encode($0.value))" }
        .joined(separator: "&")
    }
    var request = HTTPClient.Request(method: message.method, url: url)
    request.certificates = certificates
    request.isInsecure = isInsecure
    if let authorization { request.headers.append("Authorization: \(authorization)") }
    if let type = message.contentType { request.headers.append("Content-Type: \(type)") }
    switch message.body {
    case .bytes(let bytes): request.body = message.method == "GET" ? .none : .bytes(bytes)
    case .received(let content, let file):
      request.body = .source(byteCount: content.byteCount) { buffer, offset in
        try file.descriptor.read(into: buffer, at: offset)
      }
    }
    do {
      let (status, body) = try client.perform(
        request, agent: TrackerCommand.program.replacing(" ", with: "/"),
        isStopped: { StopSignal.isRaised })
      return HTTPResponse(status: status, body: .bytes(body))
    } catch {
      switch error.reason {
      case .stopped: throw ExitStatus.interrupted
      case .unreachable:
        throw PushError(.unreachable, "\(address) does not answer: \(error)")
      case .refused: throw PushError(.noConnection, "\(address) cannot be spoken to: \(error)")
      }
    }
  }

  /// Waits, unless somebody asks to stop.
  static func pause(_ duration: Duration) throws {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {
      if StopSignal.isRaised { throw ExitStatus.interrupted }
      usleep(50_000)
    }
  }
}
