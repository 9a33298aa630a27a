import TestSupport
import Testing
import TrackerJSON
import TrackerMLflow
import TrackerStore
import TrackerSystem

@Suite("Artifacts and models of MLflow's clients")
struct ArtifactTests {
  private let base = "/api/2.0/mlflow-artifacts/artifacts"

  @Test("contents go up, are listed by folder, come down and go")
  func roundTrip() throws {
    let client = try TestClient()
    let run = try client.startRun()
    let place = "\(base)/0/\(run)/artifacts"
    for (name, text) in [
      ("model/MLmodel", "flavors"), ("model/data/a.bin", ""), ("model-2", "x"), ("ä b", "ü"),
    ] {
      #expect(try client.send("PUT", "\(place)/\(name)", text).status == 200)
    }
    func list(_ folder: String) throws -> [String] {
      try client.get(base, ["path": "0/\(run)/artifacts\(folder)"])["files"]?.items.map(\.compact)
        ?? []
    }
    #expect(
      try list("") == [
        #"{"path":"model-2","is_dir":false,"file_size":1}"#, #"{"path":"model","is_dir":true}"#,
        #"{"path":"ä b","is_dir":false,"file_size":2}"#,
      ])
    #expect(
      try list("/model") == [
        #"{"path":"MLmodel","is_dir":false,"file_size":7}"#, #"{"path":"data","is_dir":true}"#,
      ])
    #expect(try list("/model/MLmodel").isEmpty)
    #expect(
      try client.get("artifacts/list", ["run_id": run, "path": "model/data"])["files"]?.items.map(
        \.compact) == [#"{"path":"model/data/a.bin","is_dir":false,"file_size":0}"#])
    #expect(try client.send("GET", "\(place)/model/MLmodel").answer.text == "flavors")
    #expect(
      try client.send("GET", "/get-artifact", query: ["run_uuid": run, "path": "ä b"]).answer.text
        == "ü")
    #expect(try client.send("GET", "\(place)/none").status == 404)
    #expect(try client.send("DELETE", "\(place)/model").status == 200)
    #expect(try list("").count == 2)
    #expect(try client.store.artifacts(run: 1).map(\.name) == ["model-2", "ä b"])
  }

  @Test("a large content goes through a file, up and down")
  func largeContent() throws {
    let client = try TestClient()
    let run = try client.startRun()
    let bytes = [UInt8]((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
    let file = try FileDescriptor(unnamedIn: client.folder.path)
    try bytes.withUnsafeBytes { try file.write($0) }
    let content = ReceivedContent(
      sha256: bytes.withUnsafeBytes(Digest.sha256), byteCount: bytes.count)
    let response = client.service.answer(
      HTTPRequest(
        method: "PUT", path: "\(base)/0/\(run)/artifacts/big",
        body: .received(content, OpenFile(file, byteCount: bytes.count))))
    #expect(response.status == 200)
    let answer = client.service.answer(
      HTTPRequest(method: "GET", path: "\(base)/0/\(run)/artifacts/big"))
    guard case .file(let down) = answer.body else {
      Issue.record("a large content is answered from a file")
      return
    }
    #expect(down.byteCount == bytes.count)
    var read: [UInt8] = []
    try withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      while case let count = try down.source(buffer), count > 0 {
        read += buffer[..<count]; if read.count > 4_000_000 { break };
        if count < buffer.count { break }
      }
    }
    #expect(read.prefix(1 << 16).elementsEqual(bytes.prefix(1 << 16)))
  }

  @Test(
    "no path leads out",
    arguments: [
      "../x", "a/../../x", "%2e%2e/x", "%252e%252e/x", "/etc/passwd", "..\\x", "file:///etc/passwd",
      "C:/x",
    ])
  func safePaths(path: String) throws {
    let client = try TestClient()
    let run = try client.startRun()
    for (method, address, query) in [
      ("GET", "artifacts/list", "path"), ("GET", "/get-artifact", "path"),
      ("GET", "//model-versions/get-artifact", "path"),
    ] {
      let (status, answer) = try client.send(method, address, query: ["run_id": run, query: path])
      #expect(status == 400)
      #expect(answer["message"]?.text == "Invalid path")
    }
  }

  @Test("a model is recorded, described, found, measured and deleted, and has files of its own")
  func models() throws {
    let client = try TestClient()
    let run = try client.startRun()
    let made = try client.post(
      "logged-models",
      #"{"experiment_id":"0","name":"net","model_type":"classifier","source_run_id":"\#(run)","params":[{"key":"lr","value":"0.1"}],"tags":[{"key":"t","value":"1"}]}"#
    )
    let id = made["model"]?["info"]?["model_id"]?.text ?? ""
    #expect(made["model"]?["info"]?["status"]?.text == "LOGGED_MODEL_PENDING")
    #expect(
      try client.send("PATCH", "logged-models/\(id)", #"{"model_id":"\#(id)","status":2}"#).answer[
        "model"]?["info"]?["status"]?.text == "LOGGED_MODEL_READY")
    #expect(
      try client.send("PATCH", "logged-models/\(id)/tags", #"{"tags":[{"key":"u/v","value":"2"}]}"#)
        .status == 200)
    #expect(try client.send("DELETE", "logged-models/\(id)/tags/u/v").status == 200)
    #expect(try client.send("DELETE", "logged-models/\(id)/tags/u/v").status == 404)
    for (step, value) in [(1, 0.5), (2, 0.25)] {
      _ = try client.post(
        "runs/log-metric",
        #"{"run_id":"\#(run)","key":"loss","value":\#(value),"timestamp":\#(step),"step":\#(step),"model_id":"\#(id)","dataset_name":"digits","dataset_digest":"d"}"#
      )
    }
    _ = try client.post(
      "runs/outputs", #"{"run_id":"\#(run)","models":[{"model_id":"\#(id)","step":"2"}]}"#)
    #expect(
      try client.get("runs/get", ["run_id": run])["run"]?["outputs"]?["model_outputs"]?.items.map(
        \.compact) == [#"{"model_id":"\#(id)","step":2}"#])
    let found = try client.get("logged-models/\(id)", [:])["model"]
    #expect(
      found?["data"]?["metrics"]?.items.map(\.compact) == [
        #"{"key":"loss","value":0.25,"timestamp":2,"step":2,"dataset_name":"digits","dataset_digest":"d","model_id":"\#(id)","run_id":"\#(run)"}"#
      ])
    func search(_ rest: String) throws -> Int {
      try client.post("logged-models/search", #"{"experiment_ids":["0"],\#(rest)}"#)["models"]?
        .items.count ?? -1
    }
    #expect(
      try search(#""filter":"metrics.loss < 1 AND params.lr = '0.1' AND name LIKE 'n%'""#) == 1)
    #expect(
      try search(
        #""datasets":[{"dataset_name":"digits"}],"order_by":[{"field_name":"metrics.loss","ascending":false}]"#
      ) == 1)
    #expect(try search(#""datasets":[{"dataset_name":"other"}]"#) == 0)
    #expect(try client.send("PUT", "\(base)/0/models/\(id)/artifacts/MLmodel", "m").status == 200)
    #expect(
      try client.get("logged-models/\(id)/artifacts/directories", [:])["files"]?.items.count == 1)
    #expect(
      try client.send(
        "GET", "logged-models/\(id)/artifacts/files", query: ["artifact_file_path": "MLmodel"]
      ).answer.text == "m")
    _ = try client.post("runs/update", #"{"run_id":"\#(run)","status":"FINISHED"}"#)
    #expect(try client.store.collectGarbage().droppedContents == 0)
    #expect(try client.send("DELETE", "logged-models/\(id)").status == 200)
    #expect(try client.send("GET", "logged-models/\(id)").status == 404)
  }
}
