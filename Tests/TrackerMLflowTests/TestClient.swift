import TestSupport
import TrackerJSON
import TrackerMLflow
import TrackerStore

/// A client that talks to the service without a network.
struct TestClient {
  let folder: TemporaryFolder
  let store: Store
  let service: MLflowService

  init(artifactRoot: String? = nil) throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("store.sqlite"))
    service = try MLflowService(store: store, artifactRoot: artifactRoot)
  }

  /// Sends a message and gives status and answer.
  func send(
    _ method: String, _ path: String, _ body: String = "",
    query: KeyValuePairs<String, String> = [:]
  ) throws -> (status: Int, answer: JSONValue) {
    let response = service.answer(
      HTTPRequest(
        method: method, path: path.hasPrefix("/") ? path : "/api/2.0/mlflow/\(path)",
        query: query.map { KeyedText(key: $0.key, value: $0.value) },
        contentType: "application/json", userAgent: "test/1", body: .bytes(Array(body.utf8))))
    guard case .bytes(let bytes) = response.body else { return (response.status, .null) }
    return (
      response.status,
      (try? JSONValue(parsing: bytes)) ?? .string(String(decoding: bytes, as: UTF8.self))
    )
  }

  func post(_ path: String, _ body: String) throws -> JSONValue {
    let (status, answer) = try send("POST", path, body)
    guard status == 200 else { throw Failure(status: status, answer: answer.compact) }
    return answer
  }

  func get(_ path: String, _ query: KeyValuePairs<String, String>) throws -> JSONValue {
    let (status, answer) = try send("GET", path, query: query)
    guard status == 200 else { throw Failure(status: status, answer: answer.compact) }
    return answer
  }

  struct Failure: Error { let status: Int, answer: String }

  /// Starts a run and gives its id.
  func startRun(
    _ name: String = "a run", experiment: String = "0", startedAt: Int = 1_700_000_000_000
  ) throws -> String {
    let answer = try post(
      "runs/create",
      #"{"experiment_id":"\#(experiment)","run_name":"\#(name)","user_id":"ann","start_time":\#(startedAt)}"#
    )
    return answer["run"]?["info"]?["run_id"]?.text ?? ""
  }

  /// The names of the runs that a search finds, in their order.
  func search(_ filter: String, order: [String] = [], experiment: String = "0") throws -> [String] {
    let body = JSONValue.object([
      "experiment_ids": .array([.string(experiment)]), "filter": .string(filter),
      "order_by": .array(order.map(JSONValue.string)),
    ])
    return try post("runs/search", body.compact)["runs"]?.items.compactMap {
      $0["info"]?["run_name"]?.text
    } ?? []
  }
}

extension JSONValue {
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == name }?.value
  }
  var text: String? { if case .string(let text) = self { text } else { nil } }
  var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
  /// Keys and values of a list of `{"key": …, "value": …}`.
  var pairs: [String: String] {
    Dictionary(
      uniqueKeysWithValues: items.map {
        ($0["key"]?.text ?? "", $0["value"]?.text ?? $0["value"]?.compact ?? "")
      })
  }
}
