import Testing
import TrackerJSON
import TrackerStore

@Suite("Experiments of MLflow's clients")
struct ExperimentTests {
  @Test("experiment 0 is Default, and our own default one")
  func defaultExperiment() throws {
    let client = try TestClient()
    #expect(
      try client.get("experiments/get", ["experiment_id": "0"])["experiment"]?["name"]?.text
        == "Default")
    #expect(
      try client.get("experiments/get-by-name", ["experiment_name": "Default"])["experiment"]?[
        "experiment_id"]?.text == "0")
    _ = try client.store.startRun(RunStart(name: "ours"))
    #expect(try client.search("") == ["ours"])
    let (status, answer) = try client.send("POST", "experiments/create", #"{"name":"Default"}"#)
    #expect(status == 400)
    #expect(answer["error_code"]?.text == "RESOURCE_ALREADY_EXISTS")
  }

  @Test("an experiment is made, renamed, tagged, deleted and brought back with its runs")
  func lifeCycle() throws {
    let client = try TestClient()
    let id =
      try client.post(
        "experiments/create", #"{"name":"digits","tags":[{"key":"team","value":"a"}]}"#)[
        "experiment_id"]?.text ?? ""
    _ = try client.startRun("first", experiment: id)
    _ = try client.post(
      "experiments/set-experiment-tag", #"{"experiment_id":"\#(id)","key":"team","value":"b"}"#)
    _ = try client.post("experiments/update", #"{"experiment_id":"\#(id)","new_name":"numbers"}"#)
    let found = try client.get("experiments/get", ["experiment_id": id])["experiment"]
    #expect(found?["name"]?.text == "numbers")
    #expect(found?["tags"]?.pairs == ["team": "b"])
    #expect(found?["artifact_location"]?.text == "mlflow-artifacts:/\(id)")
    _ = try client.post("experiments/delete", #"{"experiment_id":"\#(id)"}"#)
    #expect(try client.search("", experiment: id).isEmpty)
    #expect(try client.store.runs().isEmpty)
    let (status, answer) = try client.send("POST", "runs/create", #"{"experiment_id":"\#(id)"}"#)
    #expect(status == 400)
    #expect(
      answer["message"]?.text
        == "The experiment \(id) must be in the 'active' state. Current state is deleted.")
    _ = try client.post("experiments/restore", #"{"experiment_id":"\#(id)"}"#)
    #expect(try client.search("", experiment: id) == ["first"])
  }

  @Test("a folder of this machine that is not under the root is neither listed nor read")
  func foreignFolder() throws {
    let client = try TestClient(artifactRoot: "/nowhere/artifacts")
    let id =
      try client.post(
        "experiments/create", #"{"name":"x","artifact_location":"file:///etc"}"#)["experiment_id"]?
      .text ?? ""
    let run = try client.startRun(experiment: id)
    #expect(try client.send("GET", "artifacts/list", query: ["run_id": run]).status == 400)
    #expect(
      try client.send("GET", "/get-artifact", query: ["run_id": run, "path": "passwd"]).status
        == 400)
    let inside =
      try client.post("experiments/create", #"{"name":"y"}"#)["experiment_id"]?.text ?? ""
    #expect(
      try client.get("experiments/get", ["experiment_id": inside])["experiment"]?[
        "artifact_location"]?.text
        == "/nowhere/artifacts/\(inside)")
  }

  static let foundList: [(String, [String])] = [
    ("", ["Abc", "ab", "a", "Default"]), ("name = 'a'", ["a"]),
    ("attribute.name != 'a'", ["Abc", "ab", "Default"]),
    ("name LIKE 'a%'", ["ab", "a"]), ("name ILIKE 'a%'", ["Abc", "ab", "a"]),
    ("tag.key = 'value'", ["a"]),
    ("tags.key != 'value'", ["ab"]), ("tag.key ILIKE '%alu%'", ["ab", "a"]),
    ("tags.key IS NULL", ["Abc", "Default"]),
    ("creation_time > 0 AND name = \"ab\"", ["ab"]),
  ]

  @Test(
    "experiments are searched",
    arguments: Self.foundList)
  func search(filter: String, names: [String]) throws {
    let client = try TestClient()
    for (name, tags) in [
      ("a", #"[{"key":"key","value":"value"}]"#), ("ab", #"[{"key":"key","value":"vaLue"}]"#),
      ("Abc", "[]"),
    ] {
      _ = try client.post("experiments/create", #"{"name":"\#(name)","tags":\#(tags)}"#)
    }
    let answer = try client.post(
      "experiments/search",
      JSONValue.object([
        "filter": .string(filter), "order_by": .array([.string("experiment_id DESC")]),
      ]).compact)
    #expect(answer["experiments"]?.items.compactMap { $0["name"]?.text } == names)
  }
}
