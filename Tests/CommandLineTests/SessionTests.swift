import Foundation
import TrackerStore
import Testing

/// `tracker session`: the line protocol behind the Python module, which tests its every ending itself.
@Suite("Sessions")
struct SessionTests {
  /// The answers to these lines, given all at once.
  private func answers(_ bench: Workbench, _ lines: String...) throws -> [[String: Any]] {
    let process = Process()
    process.executableURL = Workbench.program
    process.arguments = ["session"]
    process.currentDirectoryURL = bench.folder
    process.environment = ["PATH": "/usr/bin:/bin"]
    try lines.joined(separator: "\n").appending("\n")
      .write(toFile: bench.path("requests"), atomically: true, encoding: .utf8)
    process.standardInput = FileHandle(forReadingAtPath: bench.path("requests"))
    try Data().write(to: URL(fileURLWithPath: bench.path("answers")))
    process.standardOutput = FileHandle(forWritingAtPath: bench.path("answers"))
    try process.run()
    process.finish()
    #expect(process.terminationStatus == 0)
    return try String(contentsOfFile: bench.path("answers"), encoding: .utf8)
      .split(separator: "\n").map {
        try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
  }

  @Test("what is asked for is recorded, and each answer has the number of its request")
  func everything() throws {
    let bench = try Workbench()
    let answers = try answers(
      bench,
      #"{"request":"start","number":1,"run":7,"name":"r","parameters":{"lr":0.1,"net":{"depth":3},"sizes":[4,2]},"tags":{"team":"a"}}"#,
      #"{"request":"log","number":2,"run":7,"step":0,"time":1764300000000,"values":{"loss":0.5,"acc":NaN}}"#,
      #"{"request":"log","number":3,"run":7,"step":1,"time":1764300000001,"values":{"loss":1e-300,"acc":-Infinity}}"#,
      #"{"request":"log","number":4,"run":7,"values":{"inner":{"a":true},"text":"NaN"}}"#,
      #"{"request":"params","number":5,"run":7,"parameters":{"lr":0.2,"more":"x"}}"#,
      #"{"request":"tags","number":6,"run":7,"tags":{"b":"c"},"remove":["team"]}"#,
      #"{"request":"note","number":7,"run":7,"text":"done"}"#,
      #"{"request":"artifact","number":8,"run":7,"name":"t","text":"hello"}"#,
      #"{"request":"artifact","number":9,"run":7,"name":"log","append":"one "}"#,
      #"{"request":"artifact","number":10,"run":7,"name":"log","append":"two"}"#,
      #"{"request":"alert","number":11,"run":7,"title":"slow","level":"error","step":1}"#,
      #"{"request":"query","number":12,"sql":"SELECT count(*) AS n FROM metric_points"}"#,
      #"{"request":"finish","number":13,"run":7,"outcome":"all well"}"#)
    #expect(answers.compactMap { $0["number"] as? Int } == [1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])
    #expect(answers.allSatisfy { $0["error"] == nil }, "\(answers)")
    #expect(answers[2]["kept"] as? [String] == ["lr"])
    #expect((answers[9]["rows"] as? [[String: Int]])?.first?["n"] == 6)
    let store = try Store(path: bench.store, access: .existing)
    let run = try store.run(id: 1)
    #expect(run.status == .finished && run.outcome == "all well" && run.note == "done")
    #expect(
      run.parameters == [
        "lr": 0.1, "net.depth": 3, "sizes": "[4,2]", "more": "x",
      ])
    #expect(run.tags == ["b": "c"] && run.alerts.map(\.title) == ["slow"])
    #expect(try store.points(run: 1, metric: "loss").map(\.value) == [0.5, 1e-300])
    #expect(run.metrics["acc"]?.last == -.infinity && run.metrics["inner/a"]?.last == 1)
    #expect(run.metrics["text"]?.last.isNaN == true && run.metrics["text"]?.lastStep == 0)
    #expect(try store.artifact(run: 1, name: "log") == Array("one two".utf8))
  }

  @Test(
    "a line that makes no sense is answered, and ends nothing",
    arguments: [
      (#"{"request":"log","number":9"#, "not a JSON object"), ("[1]", "not a JSON object"),
      (#"{"request":"log"}"#, "no number"),
      (#"{"request":"fly","number":9}"#, "no such request"),
      (#"{"request":"log","number":9,"run":5,"values":{"a":1}}"#, "no run 5"),
      (#"{"request":"log","number":9,"run":1,"values":{"a":"word"}}"#, "not a number"),
      (#"{"request":"log","number":9,"run":1,"step":1.5,"values":{"a":1}}"#, "not a whole number"),
      (#"{"request":"start","number":9,"run":1}"#, "goes on"),
      (#"{"request":"artifact","number":9,"run":1,"name":"x","content":"?"}"#, "Base64"),
      (#"{"request":"artifact","number":9,"run":1,"name":"x","path":"none"}"#, "cannot be read"),
      (
        #"{"request":"finish","number":9,"run":1,"status":"running"}"#,
        "finished, failed, interrupted, crashed"
      ),
      (#"{"request":"check","number":9,"run":1}"#, "needs analytic"),
      (#"{"request":"query","number":9,"sql":"DELETE FROM run"}"#, "read"),
      (#"{"request":"resume","number":9,"run":2,"id":77}"#, "no run 77"),
    ])
  func mistakes(line: String, message: String) throws {
    let bench = try Workbench()
    let answers = try answers(
      bench, #"{"request":"start","number":1,"run":1}"#, line, "",
      #"{"request":"log","number":10,"run":1,"values":{"a":1}}"#,
      #"{"request":"finish","number":11,"run":1}"#)
    let errors = answers.compactMap { $0["error"] as? String }
    #expect(errors.count == 1 && errors[0].contains(message), "\(answers)")
    #expect(answers.last?["number"] as? Int == 11 && answers.last?["error"] == nil)
    #expect(try Store(path: bench.store, access: .existing).run(id: 1).metrics["a"]?.count == 1)
  }

  @Test("a line that comes again is taken once, and points that the store has are passed over")
  func again() throws {
    let bench = try Workbench()
    let log = { (number: Int, step: Int) in
      "{\"request\":\"log\",\"number\":\(number),\"run\":1,\"step\":\(step),\"time\":176430000000\(step),\"values\":{\"x\":\(step)}}"
    }
    _ = try answers(
      bench, #"{"request":"start","number":1,"run":1,"uuid":"mine"}"#, log(2, 0), log(2, 0),
      log(3, 1),
      log(4, 1))
    let store = try Store(path: bench.store, access: .existing)
    #expect(try store.points(run: 1, metric: "x").map(\.value) == [0, 1, 1])
    // The session was killed; the next one is told what had no answer.
    _ = try answers(
      bench, #"{"request":"resume","number":0,"run":1,"uuid":"mine","since":1764300000000}"#,
      log(2, 0), log(3, 1), log(4, 1), log(5, 1), log(6, 2),
      #"{"request":"finish","number":7,"run":1}"#)
    #expect(try store.points(run: 1, metric: "x").map(\.value) == [0, 1, 1, 1, 2])
    #expect(try store.run(id: 1).status == .finished)
  }

  @Test(
    "an address that is none is told at the start, and no password becomes a name of a file",
    arguments: [
      ("http://", "is not the address of a server"),
      ("http://a b", "is not the address of a server"),
      ("HTTPS://me:secret@host", "the address holds a name or a password"),
    ])
  func addresses(address: String, message: String) throws {
    let bench = try Workbench()
    let answers = try answers(
      bench, #"{"request":"start","number":1,"run":1,"store":"\#(address)"}"#)
    #expect((answers.first?["error"] as? String)?.contains(message) == true, "\(answers)")
    #expect(!FileManager.default.fileExists(atPath: bench.path("tracker-queue")))
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test("the page's example gives the page's answers")
  func documentation() throws {
    let bench = try Workbench()
    let script = try #require(documentationBlocks("sh", of: "session.md").first)
    let lines = script.split(separator: "\n").filter { $0.hasPrefix("{") }.map(String.init)
    let answers = try answers(bench, lines.joined(separator: "\n"))
    #expect(answers.compactMap { $0["number"] as? Int } == [1, 3, 4])
    #expect(try Store(path: bench.store, access: .existing).run(id: 1).metrics["acc"]?.last == 0.8)
  }
}
