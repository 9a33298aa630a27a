import Synchronization
import Testing
import TrackerJSON
import TrackerMLflow
import TrackerStore
import TrackerSystem

@Suite("Runs of MLflow's clients")
struct RunTests {
  @Test(
    "a run of theirs is one of ours: numbers are numbers, and each text comes back letter by letter"
  )
  func parameters() throws {
    let client = try TestClient()
    let run = try client.startRun("theirs")
    let texts = [
      "lr": "1e-3", "wd": "0.10", "layers": "3", "bias": "True", "flag": "true", "path": "a/b",
      "none": "", "nan": "nan", "big": "1e400",
    ]
    for (key, text) in texts {
      _ = try client.post(
        "runs/log-parameter", #"{"run_id":"\#(run)","key":"\#(key)","value":"\#(text)"}"#)
    }
    #expect(try client.get("runs/get", ["run_id": run])["run"]?["data"]?["params"]?.pairs == texts)
    let ours = try client.store.runs(
      RunQuery(condition: "lr < 0.01 and layers = 3 and bias = true"))
    #expect(ours.map(\.name) == ["theirs"])
    #expect(ours.first?.parameters["lr"] == .real(0.001))
    // Again is nothing new, another value is refused.
    _ = try client.post("runs/log-parameter", #"{"run_id":"\#(run)","key":"lr","value":"1e-3"}"#)
    let (status, answer) = try client.send(
      "POST", "runs/log-parameter", #"{"run_id":"\#(run)","key":"lr","value":"0.001"}"#)
    #expect(status == 400)
    #expect(
      answer["message"]?.text?.contains(
        "was already logged with value='1e-3' for run ID='\(run)'. Attempted logging new value '0.001'"
      ) == true)
  }

  @Test("a run of ours is one of theirs")
  func ours() throws {
    let client = try TestClient()
    let writer = try client.store.startRun(
      RunStart(
        name: "ours", parameters: ["lambda": 0.5, "epochs": 10, "header": true],
        tags: ["team": "a"], note: "look"))
    try writer.log([("cost", 0.25)], step: 3, time: Timestamp(milliseconds: 5))
    try writer.logArtifact(name: "parameters/final", kind: "parameters", data: [1, 2, 3])
    try writer.finish(.interrupted)
    let id = try client.store.run(id: writer.id).uuid.filter { $0 != "-" }
    let run = try client.get("runs/get", ["run_id": id])["run"]
    #expect(run?["info"]?["status"]?.text == "KILLED")
    #expect(run?["data"]?["params"]?.pairs == ["lambda": "0.5", "epochs": "10", "header": "True"])
    #expect(
      run?["data"]?["metrics"]?.items.first?.compact
        == #"{"key":"cost","value":0.25,"timestamp":5,"step":3}"#)
    let tags = run?["data"]?["tags"]?.pairs
    #expect(tags?["team"] == "a")
    #expect(tags?["mlflow.runName"] == "ours")
    #expect(tags?["mlflow.note.content"] == "look")
    let list = try client.get("artifacts/list", ["run_id": id])
    #expect(list["files"]?.items.map(\.compact) == [#"{"path":"parameters","is_dir":true}"#])
  }

  @Test("what is MLflow's tag and our column is one thing")
  func reservedTags() throws {
    let client = try TestClient()
    let run = try client.startRun("before")
    for (key, value) in [
      ("mlflow.note.content", "n"), ("mlflow.runName", "after"),
      ("mlflow.source.git.commit", "abc"), ("mlflow.source.type", "LOCAL"),
    ] {
      _ = try client.post(
        "runs/set-tag", #"{"run_uuid":"\#(run)","key":"\#(key)","value":"\#(value)"}"#)
    }
    let ours = try #require(try client.store.runs().first)
    #expect(ours.name == "after")
    #expect(ours.note == "n")
    #expect(ours.environment.gitCommit == "abc")
    #expect(ours.tags == ["mlflow.source.type": "LOCAL"])
    try client.store.setNote("ours", run: ours.id)
    #expect(
      try client.get("runs/get", ["run_id": run])["run"]?["data"]?["tags"]?.pairs[
        "mlflow.note.content"] == "ours")
    _ = try client.post("runs/delete-tag", #"{"run_id":"\#(run)","key":"mlflow.note.content"}"#)
    #expect(try client.store.runs().first?.note == nil)
    let (status, answer) = try client.send(
      "POST", "runs/delete-tag", #"{"run_id":"\#(run)","key":"fake"}"#)
    #expect(status == 404)
    #expect(answer["message"]?.text == "No tag with name: fake in run with id \(run)")
  }

  @Test(
    "what is sent again is kept once, in any order, and the latest is that of the greatest step, time and value"
  )
  func repeatedPoints() throws {
    let client = try TestClient()
    let run = try client.startRun(startedAt: 1000)
    let batch = #"""
      {"run_id":"\#(run)","metrics":[{"key":"m","value":3,"timestamp":"5","step":2},{"key":"m","value":1,"timestamp":9,"step":1},
      {"key":"m","value":"NaN","timestamp":5,"step":0},{"key":"m","value":4,"timestamp":5,"step":2},{"key":"m","value":2,"timestamp":4,"step":2}]}
      """#
    for _ in 0..<3 { _ = try client.post("runs/log-batch", batch) }
    let history = try client.get("metrics/get-history", ["run_id": run, "metric_key": "m"])[
      "metrics"]?.items
    #expect(
      history?.map(\.compact) == [
        #"{"key":"m","value":2.0,"timestamp":4,"step":2}"#,
        #"{"key":"m","value":"NaN","timestamp":5,"step":0}"#,
        #"{"key":"m","value":3.0,"timestamp":5,"step":2}"#,
        #"{"key":"m","value":4.0,"timestamp":5,"step":2}"#,
        #"{"key":"m","value":1.0,"timestamp":9,"step":1}"#,
      ])
    #expect(
      try client.get("runs/get", ["run_id": run])["run"]?["data"]?["metrics"]?.items.map(\.compact)
        == [#"{"key":"m","value":4.0,"timestamp":5,"step":2}"#])
    #expect(try client.store.runs().first?.metrics["m"]?.count == 5)
  }

  @Test("other writers and eight threads of one run's client lose nothing")
  func threads() throws {
    let client = try TestClient()
    let run = try client.startRun()
    let other = try client.store.startRun(RunStart(name: "other"))
    let failures = Failures()
    var threads: [pthread_t] = []
    for thread in 0..<8 {
      let service = client.service
      let body: @Sendable () -> Void = {
        for step in 0..<50 {
          let message = """
            {"run_id":"\(run)","key":"m\(thread % 2)","value":\(step),"timestamp":\(1000 + thread),"step":\(step)}
            """
          let response = service.answer(
            HTTPRequest(
              method: "POST", path: "/api/2.0/mlflow/runs/log-metric",
              contentType: "application/json",
              body: .bytes(Array(message.utf8))))
          if response.status != 200 { failures.count.add(1, ordering: .relaxed) }
          if step % 10 == 0 { try? other.log([("cost", Double(step))], step: Int64(step)) }
        }
      }
      threads.append(try startThread(body))
    }
    for thread in threads { pthread_join(thread, nil) }
    #expect(failures.count.load(ordering: .relaxed) == 0)
    let ours = try #require(try client.store.runs().first { $0.name == "a run" })
    #expect(ours.metrics["m0"]?.count == 200)
    #expect(ours.metrics["m1"]?.count == 200)
    #expect(ours.metrics["m0"]?.lastStep == 49)
  }

  @Test("a run ends, is put aside and comes back, and takes what is logged meanwhile or not")
  func lifeCycle() throws {
    let client = try TestClient()
    let run = try client.startRun(startedAt: 1000)
    #expect(
      try client.post(
        "runs/update", #"{"run_id":"\#(run)","status":"FINISHED","end_time":"2500"}"#)["run_info"]?[
          "end_time"]?.compact == "2500")
    #expect(try client.store.runs().first?.durationSeconds == 1.5)
    _ = try client.post(
      "runs/log-metric", #"{"run_id":"\#(run)","key":"late","value":1,"timestamp":3}"#)
    _ = try client.post("runs/delete", #"{"run_id":"\#(run)"}"#)
    for (path, body) in [
      ("log-metric", #""key":"m","value":1,"timestamp":1"#), ("set-tag", #""key":"t","value":"1""#),
      ("update", #""status":"FAILED""#),
    ] {
      let (status, answer) = try client.send(
        "POST", "runs/\(path)", #"{"run_id":"\#(run)",\#(body)}"#)
      #expect(status == 400)
      #expect(
        answer["message"]?.text
          == "The run \(run) must be in the 'active' state. Current state is deleted.")
    }
    #expect(try client.store.runs().isEmpty)
    _ = try client.post("runs/restore", #"{"run_id":"\#(run)"}"#)
    #expect(try client.store.runs().first?.metrics["late"]?.last == 1)
    let (status, answer) = try client.send(
      "GET", "runs/get", query: ["run_id": "0000000000000000000000000000000f"])
    #expect(status == 404)
    #expect(answer["message"]?.text == "Run with id=0000000000000000000000000000000f not found")
  }

  static let mistakesList: [(String, String, String)] = [
    (
      "log-metric", #"{"run_id":31,"key":"m","value":1,"timestamp":1}"#,
      "Invalid value 31 for parameter 'run_id' supplied"
    ),
    (
      "log-metric", #"{"run_id":"a","value":1,"timestamp":1}"#,
      "Missing value for required parameter 'key'"
    ),
    (
      "log-metric", #"{"run_id":"a","key":"m","value":1,"timestamp":"foo"}"#,
      #"Invalid value "foo" for parameter 'timestamp' supplied"#
    ),
    (
      "log-metric", #"{"run_id":"a","key":"m","value":1,"timestamp":-1}"#,
      "Invalid value -1 for parameter 'timestamp' supplied"
    ),
    (
      "log-metric", #"{"run_id":"a","key":"m","value":true,"timestamp":1}"#,
      "Invalid value true for parameter 'value' supplied"
    ),
    (
      "log-metric", #"{"run_id":"a","key":"../m","value":1,"timestamp":1}"#,
      "Names may be treated as files"
    ),
    (
      "log-metric", #"{"run_id":"a","key":"m#","value":1,"timestamp":1}"#,
      "Names may only contain alphanumerics"
    ),
    (
      "log-batch", #"{"run_id":"a","metrics":[{"key":"m","value":2.5}]}"#,
      "Missing value for required parameter 'metrics[0].timestamp'"
    ),
    (
      "log-batch", #"{"run_id":"a","params":"foo"}"#,
      #"Invalid value "foo" for parameter 'params' supplied"#
    ),
    (
      "log-batch", #"{"run_id":"a","params":[{"key":"p","value":"1"},{"key":"p","value":"2"}]}"#,
      "Duplicate parameter keys"
    ),
    (
      "search", #"{"experiment_ids":["0"],"max_results":123456789}"#,
      "Invalid value 123456789 for parameter 'max_results' supplied"
    ),
    ("search", #"{"experiment_ids":["0"],"page_token":"%"}"#, "Invalid page token"),
    ("search", #"{"experiment_ids":["x"]}"#, "Invalid experiment ID 'x'"),
    ("create", #"{"start_time":"0x10"}"#, "Invalid value \"0x10\" for parameter 'start_time'"),
    ("set-tag", "[1]", "Invalid value [1]"),
    ("set-tag", "no JSON", "Missing value for required parameter 'run_id'"),
  ]

  @Test(
    "what is wrong is said in MLflow's words",
    arguments: Self.mistakesList)
  func errors(path: String, body: String, message: String) throws {
    let client = try TestClient()
    let (status, answer) = try client.send("POST", "runs/\(path)", body)
    #expect(status == 400)
    #expect(answer["error_code"]?.text == "INVALID_PARAMETER_VALUE")
    #expect(answer["message"]?.text?.contains(message) == true, "\(answer.compact)")
  }

  @Test("limits of a batch")
  func limits() throws {
    let client = try TestClient()
    let run = try client.startRun()
    func refused(_ body: String) throws -> Bool {
      try client.send("POST", "runs/log-batch", body).status == 400
    }
    let metric = #"{"key":"m","value":1,"timestamp":1,"step":1}"#
    func list(_ item: String, _ count: Int) -> String {
      (0..<count).map { _ in item }.joined(separator: ",")
    }
    #expect(try !refused(#"{"run_id":"\#(run)","metrics":[\#(list(metric, 1000))]}"#))
    #expect(try refused(#"{"run_id":"\#(run)","metrics":[\#(list(metric, 1001))]}"#))
    #expect(
      try refused(#"{"run_id":"\#(run)","tags":[\#(list(#"{"key":"t","value":"1"}"#, 101))]}"#))
    #expect(
      try refused(
        #"{"run_id":"\#(run)","metrics":[\#(list(metric, 990))],"tags":[\#(list(#"{"key":"t","value":"1"}"#, 11))]}"#
      ))
    let long = String(repeating: "x", count: 6001)
    #expect(try refused(#"{"run_id":"\#(run)","params":[{"key":"p","value":"\#(long)"}]}"#))
    #expect(try client.store.runs().first?.parameters.isEmpty == true)
  }

  @Test(
    "what there is not is said to be no endpoint",
    arguments: [
      "registered-models/create", "model-versions/create", "traces", "gateway/endpoints/list",
    ])
  func endpoints(path: String) throws {
    let (status, answer) = try TestClient().send("POST", path, "{}")
    #expect(status == 404)
    #expect(answer["error_code"]?.text == "ENDPOINT_NOT_FOUND")
  }

  @Test("HEAD is answered as GET is, and only where there is a GET")
  func head() throws {
    let client = try TestClient()
    let run = try client.startRun()
    #expect(try client.send("HEAD", "/health").status == 200)
    #expect(try client.send("HEAD", "runs/get", query: ["run_id": run]).status == 200)
    #expect(try client.send("HEAD", "runs/create").status == 405)
  }

  @Test(
    "a method that a path is not answered to is told which are",
    arguments: [
      ("GET", "runs/create", "POST"), ("PUT", "experiments/search", "GET, POST"),
      ("POST", "/version", "GET"), ("POST", "logged-models/m-1", "GET, PATCH, DELETE"),
      ("PATCH", "/api/2.0/mlflow-artifacts/artifacts/a", "GET, PUT, DELETE"),
    ])
  func wrongMethods(method: String, path: String, allowed: String) throws {
    let (status, answer) = try TestClient().send(method, path, "{}")
    #expect(status == 405)
    #expect(answer["message"]?.text?.hasSuffix("but to \(allowed).") == true)
  }

  private func startThread(_ body: @escaping @Sendable () -> Void) throws -> pthread_t {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(ThreadBody(body))
    let status = pthread_create(
      &thread, nil,
      {
        Unmanaged<ThreadBody>.fromOpaque($0!).takeRetainedValue().body(); return nil
      }, box.toOpaque())
    guard status == 0 else { throw SystemError(number: status) }
    return thread
  }
}

private final class ThreadBody {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private final class Failures: Sendable {
  let count = Atomic<Int>(0)
}
