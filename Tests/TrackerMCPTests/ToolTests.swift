import TestSupport
import Testing
import TrackerJSON
import TrackerStore

@testable import TrackerMCP

/// Every tool, on a store of three runs.
@Suite("Tools for agents")
struct ToolTests {
  let folder: TemporaryFolder
  let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("t.sqlite"))
    for (name, rate) in [("slow", 0.1), ("fast", 0.5)] {
      let run = try store.startRun(
        RunStart(experiment: "mnist", name: name, parameters: ["lr": .real(rate)]))
      for step in 0..<4 {
        try run.log([("loss", rate / Double(step + 1)), ("accuracy", .nan)], step: Int64(step))
      }
      try run.finish()
    }
    let parent = try store.run(id: 1).uuid
    try store.startRun(RunStart(name: "third", tags: [Nesting.tag: parent])).finish()
  }

  /// What a tool says: its value, or the text of its error.
  private func call(_ tool: String, _ arguments: String = "{}", writes: Bool = false) throws
    -> (value: JSONValue?, error: String?)
  {
    var server = ToolServer(version: "", writes: writes) { store }
    let line =
      #"{"id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)}}"#
    let answer = server.answer(line.utf8)
    let result = try #require(answer?["result"], "\(answer?.compact ?? "")")
    guard case .array(let contents)? = result["content"], contents.count == 1,
      contents[0]["type"] == .string("text"), case .string(let text)? = contents[0]["text"]
    else {
      Issue.record("no text: \(result.compact)")
      return (nil, nil)
    }
    if result["isError"] == .boolean(true) { return (nil, text) }
    return (try JSONValue(parsing: text.utf8), nil)
  }

  private func names(_ arguments: String) throws -> [JSONValue?] {
    guard case .array(let runs)? = try call("list_runs", arguments).value else { return [] }
    return runs.map { $0["name"] }
  }

  @Test("list_runs filters, sorts and limits")
  func listRuns() throws {
    #expect(try names("{}") == ["third", "fast", "slow"].map(JSONValue.string))
    #expect(try names("null").count == 3)
    #expect(try names(#"{"where":"lr > 0.2"}"#) == [.string("fast")])
    #expect(try names(#"{"sort":"lr","limit":2}"#) == ["slow", "fast"].map(JSONValue.string))
    #expect(try names(#"{"experiment":"mnist"}"#).count == 2)
    #expect(try names(#"{"where":"parent = 1"}"#) == [.string("third")])
    try store.archive(runs: [2])
    #expect(try names("{}").count == 2)
    #expect(try names(#"{"archived":true}"#).count == 3)
    #expect(try names(#"{"where":null,"limit":9223372036854775807}"#).count == 2)
    let run = try #require(try call("list_runs", #"{"where":"lr < 0.2"}"#).value)
    guard case .array(let runs) = run else { return }
    #expect(
      runs[0]["metrics"] == .object(["accuracy": .number(.nan), "loss": .number(0.025)])
        || runs[0]["metrics"]?.compact == #"{"accuracy":"NaN","loss":0.025}"#
        || runs[0]["metrics"]?.compact == #"{"loss":0.025,"accuracy":"NaN"}"#)
  }

  @Test("the other tools that read say what the commands say in JSON")
  func reading() throws {
    let experiments = try call("list_experiments").value
    #expect(experiments?.compact.contains(#""name":"mnist""#) == true)
    let shown = try call("show_run", #"{"run":"slow"}"#).value
    #expect(shown?["id"] == .integer(1) && shown?["children"] == .array([.integer(3)]))
    #expect(try call("show_run", #"{"run":3}"#).value?["parent"] == .integer(1))
    #expect(try call("show_run", #"{"run":"latest"}"#).value?["name"] == .string("third"))
    let compared = try call("compare_runs", #"{"runs":["slow",2]}"#).value
    #expect(compared?.compact.contains(#""lr""#) == true)
    #expect(try call("diagnose_run", #"{"run":1}"#).value?["run"] == .integer(1))
    let history = try call("metric_history", #"{"run":1,"metric":"loss"}"#).value
    guard case .array(let points)? = history?["points"] else {
      Issue.record("no points")
      return
    }
    #expect(points.map { $0["step"] } == (0..<4).map { .integer($0) })
    let rows = try call("query", #"{"sql":"SELECT count(*) AS n FROM metric_points"}"#).value
    #expect(rows?.compact == #"[{"n":16}]"#)
  }

  @Test("a wrong argument is told in words, and changes nothing")
  func mistakes() throws {
    let cases: [(tool: String, arguments: String, told: String)] = [
      ("show_run", "{}", "run is missing"), ("show_run", #"{"run":""}"#, "run is missing"),
      ("show_run", #"{"run":[1]}"#, "run is not a text"), ("show_run", #"{"run":9}"#, "no run 9"),
      ("show_run", #"{"rum":1}"#, "show_run has no argument rum; did you mean run?"),
      ("list_experiments", #"{"x":1}"#, "list_experiments has no argument x"),
      ("show_run", "7", "the arguments are not an object"),
      ("show_run", "[1]", "the arguments are not an object"),
      ("list_runs", #"{"limit":0}"#, "limit is not a count"),
      ("list_runs", #"{"limit":"many"}"#, "limit is not a count"),
      ("list_runs", #"{"archived":"yes"}"#, "archived is neither true nor false"),
      ("list_runs", #"{"where":"lr >"}"#, "expected"),
      (
        "list_runs", #"{"where":"rl > 1"}"#,
        "no run has a column, parameter, metric or tag named rl"
      ),
      ("compare_runs", #"{"runs":[]}"#, "runs names no run"),
      ("compare_runs", #"{"runs":["1"]}"#, "two runs"),
      ("compare_runs", #"{"runs":"1"}"#, "runs is not a list of texts"),
      ("compare_runs", #"{"runs":[[1],2]}"#, "runs is not a list of texts"),
      ("diagnose_run", #"{"run":"nobody"}"#, "no run"),
      ("metric_history", #"{"run":1}"#, "metric is missing"),
      ("metric_history", #"{"run":1,"metric":"lost"}"#, "it has: "),
      ("metric_history", #"{"run":1,"metric":"loss","points":-1}"#, "points is not a count"),
      ("query", "{}", "sql is missing"), ("query", #"{"sql":"SELECT"}"#, "incomplete input"),
      ("query", #"{"sql":"DELETE FROM run"}"#, "not authorized"),
      ("query", #"{"sql":"ATTACH 'x' AS y"}"#, "not authorized"),
      ("note_runs", #"{"runs":["1"]}"#, "text is missing"),
      ("note_runs", #"{"runs":["1","9"],"text":"x"}"#, "no run 9"),
      ("tag_runs", #"{"runs":["1"]}"#, "neither tags nor remove"),
      ("tag_runs", #"{"runs":["1"],"tags":["a"]}"#, "tags is not an object"),
      ("tag_runs", #"{"runs":["1"],"tags":{"a":1}}"#, "tags: a is not a text"),
      ("rename_run", #"{"runs":["1"],"name":""}"#, "name is missing"),
      ("archive_runs", "{}", "runs names no run"),
      ("restore_runs", #"{"runs":["best:lost"]}"#, "lost"),
      ("move_runs", #"{"runs":["1"]}"#, "experiment is missing"),
    ]
    let before = try store.runs().map(\.tags)
    for (tool, arguments, told) in cases {
      let error = try call(tool, arguments, writes: true).error
      #expect(error?.contains(told) == true, "\(tool) \(arguments): \(error ?? "no error")")
    }
    let runs = try store.runs()
    #expect(runs.map(\.tags) == before && runs.count == 3)
    #expect(runs.allSatisfy { $0.note == nil && $0.experiment != "" })
    #expect(runs.map(\.name) == ["third", "fast", "slow"])
  }

  @Test("tools that write change what they say")
  func writing() throws {
    func change(_ tool: String, _ arguments: String) throws -> String? {
      let (value, error) = try call(tool, arguments, writes: true)
      return value?.compact ?? error
    }
    #expect(
      try change("tag_runs", #"{"runs":["slow",2],"tags":{"team":"a","x":""}}"#)
        == #"{"changed":[1,2]}"#)
    #expect(try store.run(id: 2).tags == ["team": "a", "x": ""])
    _ = try change("tag_runs", #"{"runs":[2],"remove":["x"]}"#)
    #expect(try store.run(id: 2).tags == ["team": "a"])
    _ = try change("note_runs", #"{"runs":["1"],"text":"look\nhere"}"#)
    #expect(try store.run(id: 1).note == "look\nhere")
    _ = try change("note_runs", #"{"runs":["1"],"text":""}"#)
    #expect(try store.run(id: 1).note == nil)
    _ = try change("rename_run", #"{"runs":["2"],"name":"faster"}"#)
    #expect(try store.run(id: 2).name == "faster")
    _ = try change("move_runs", #"{"runs":["2"],"experiment":"study"}"#)
    #expect(try store.run(id: 2).experiment == "study")
    _ = try change("archive_runs", #"{"runs":["1"]}"#)
    #expect(try store.run(id: 1).archivedAt != nil)
    _ = try change("restore_runs", #"{"runs":["1"]}"#)
    #expect(try store.run(id: 1).archivedAt == nil)
  }

  @Test("huge and deep arguments end nothing, and a huge answer is cut off and says so")
  func huge() throws {
    let long = String(repeating: "x", count: 2_000_000)
    #expect(try call("show_run", #"{"run":"\#(long)"}"#).error != nil)
    #expect(try call("list_runs", #"{"where":"\#(long)"}"#).error != nil)
    let many = (0..<20_000).map { "\"\($0)\"" }.joined(separator: ",")
    #expect(try call("compare_runs", #"{"runs":[\#(many)]}"#).error != nil)
    let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(try call("show_run", #"{"run":\#(deep)}"#).error != nil)
    let line =
      #"{"id":1,"method":"tools/call","params":{"name":"query","arguments":{"sql":"SELECT printf('%.*c', 500000, 'é') AS a"}}}"#
    var server = ToolServer(version: "", writes: false) { store }
    guard case .array(let contents)? = server.answer(line.utf8)?["result"]?["content"],
      case .string(let text)? = contents[0]["text"]
    else {
      Issue.record("no answer")
      return
    }
    #expect(text.utf8.count < 500_000 && text.contains("cut off"))
  }
}
