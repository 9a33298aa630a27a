import Foundation
import TestSupport
import Testing
import TrackerStore

@testable import TrackerExchange

@Suite("Tables and lines of other programs")
struct TableTests {
  private func imported(_ text: String, as name: String) throws -> Store {
    let folder = try TemporaryFolder()
    let path = folder.file(name)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let store = try Store(path: folder.file("t.sqlite"))
    let format = try #require(ForeignFormat.recognized(at: path))
    _ = try ForeignImport(
      path: path, format: format, options: ForeignOptions(), keepsArtifacts: true, program: "test"
    ).run(into: store) { _ in }
    return store
  }

  @Test("columns that spaces align are read without them")
  func aligned() throws {
    let store = try imported(
      """
                        epoch,      train/box_loss,   metrics/mAP50(B)
                            1,             1.21853,            0.25331
                            2,             1.10042,            0.41012

      """, as: "results.csv")
    let run = try store.run(id: 1)
    #expect(run.metrics.keys.sorted() == ["metrics/mAP50(B)", "train/box_loss"])
    let points = try store.points(run: 1, metric: "train/box_loss")
    #expect(points.map(\.step) == [1, 2])
    #expect(points.map(\.value) == [1.21853, 1.10042])
  }

  @Test(
    "a file whose lines are objects is read whatever it is called",
    arguments: ["metrics.json", "20260101.log"])
  func lines(name: String) throws {
    let store = try imported(
      """
      {"iteration": 19, "total_loss": 1.5, "lr": 0.01}
      {"iteration": 39, "total_loss": 1.25, "lr": 0.01}
      """, as: name)
    #expect(try store.points(run: 1, metric: "total_loss").map(\.step) == [19, 39])
  }

  @Test(
    "the column of pandas' row numbers is the step, and no metric", arguments: ["", "Unnamed: 0"])
  func pandas(index: String) throws {
    let store = try imported("\(index),loss\n5,0.5\n6,0.25\n", as: "history.csv")
    #expect(try store.run(id: 1).metrics.keys.sorted() == ["loss"])
    #expect(try store.points(run: 1, metric: "loss").map(\.step) == [5, 6])
    let both = try imported("\(index),epoch,loss\n0,1,0.5\n1,2,0.25\n", as: "history.csv")
    #expect(try both.run(id: 1).metrics.keys.sorted() == ["loss"])
    #expect(try both.points(run: 1, metric: "loss").map(\.step) == [1, 2])
  }

  @Test("the folders of a program that makes one for each run are read with their settings")
  func folders() throws {
    let folder = try TemporaryFolder()
    for (number, settings) in ["lr0: 0.01\nmodel: yolo11n.pt\n", "lr0: 0.02\n"].enumerated() {
      let run = folder.file("detect/train\(number + 1)")
      try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
      try "epoch,time,train/box_loss\n1,3.5,1.25\n".write(
        toFile: "\(run)/results.csv", atomically: true, encoding: .utf8)
      try settings.write(toFile: "\(run)/args.yaml", atomically: true, encoding: .utf8)
    }
    #expect(ForeignFormat.recognized(at: folder.file("detect")) == .csv)
    let store = try Store(path: folder.file("t.sqlite"))
    _ = try ForeignImport(
      path: folder.file("detect"), format: .csv, options: ForeignOptions(), keepsArtifacts: true,
      program: "test"
    ).run(into: store) { _ in }
    let runs = try store.runs().sorted { $0.id < $1.id }
    #expect(runs.map(\.name) == ["train1", "train2"])
    #expect(runs.map { $0.parameters["lr0"] } == [.real(0.01), .real(0.02)])
    #expect(runs[0].parameters["model"] == .text("yolo11n.pt"))
  }

  @Test(
    "lists of numbers by name are curves, as Keras' history, XGBoost's results and a frame of pandas have them",
    arguments: ["history.json", "History.JSON"])
  func curves(name: String) throws {
    let store = try imported(
      #"{"loss": [2.5, NaN, 1], "valid": {"auc": [0.5, 0.75]}}"#, as: name)
    #expect(try store.run(id: 1).metrics.keys.sorted() == ["loss", "valid/auc"])
    let loss = try store.points(run: 1, metric: "loss")
    #expect(loss.map(\.step) == [0, 1, 2])
    #expect(loss[1].value.isNaN && loss[2].value == 1)
    #expect(try store.points(run: 1, metric: "valid/auc").map(\.value) == [0.5, 0.75])
    let frame = try imported(#"{"epoch": [5, 6], "loss": [0.5, 0.25]}"#, as: name)
    #expect(try frame.points(run: 1, metric: "loss").map(\.step) == [5, 6])
    let rows = try imported(
      #"[{"step": 5, "loss": 0.5},\#n {"step": 6, "eval_loss": 0.25}]"#, as: name)
    #expect(try rows.points(run: 1, metric: "eval_loss").map(\.step) == [6])
  }

  @Test("a document that is too large to be read whole is refused for that")
  func largeDocument() throws {
    let error = #expect(throws: ForeignError.self) {
      try imported(#"{"loss": [1"# + String(repeating: " ", count: 1 << 24) + "]}", as: "a.json")
    }
    #expect(error?.description.contains("larger than 16777216 bytes") == true)
  }

  @Test("what stands beside the lists of metrics are results, settings, or left out")
  func mixedDocument() throws {
    let text = #"""
      {
        "epochs": [1, 2, 3], "train_loss": [2.5, 1, 0.5], "phase": [0, 2], "classes": ["a", "b"],
        "config": {"lr": 0.1, "model": {"width": 64}}, "none": null, "empty": [],
        "test": {"acc": 0.75}, "backbone": "cnn", "val_loss": [null, 2]
      }
      """#
    let store = try imported(text, as: "history.json")
    let run = try store.run(id: 1)
    #expect(run.metrics.keys.sorted() == ["phase", "test/acc", "train_loss", "val_loss"])
    #expect(try store.points(run: 1, metric: "train_loss").map(\.step) == [1, 2, 3])
    #expect(try store.points(run: 1, metric: "val_loss").map(\.step) == [2])
    #expect(try store.points(run: 1, metric: "test/acc").map(\.step) == [3])
    #expect(
      run.parameters == [
        "config.lr": .real(0.1), "config.model.width": .integer(64), "backbone": .text("cnn"),
      ])
  }

  @Test("a long list beside many short ones takes the time of the numbers that there are")
  func unequalLists() throws {
    let short = (0..<5_000).map { "\"a\($0)\": [1]" }.joined(separator: ", ")
    let long = [String](repeating: "1", count: 50_000).joined(separator: ",")
    let clock = ContinuousClock()
    let start = clock.now
    let store = try imported("{\(short), \"loss\": [\(long)]}", as: "a.json")
    #expect(try store.run(id: 1).metrics["loss"]?.count == 50_000)
    // A look at each list for each row takes 250 million looks.
    #expect(clock.now - start < .seconds(120))
  }

  @Test(
    "a document that tells of no metric is refused",
    arguments: [
      #"{"hidden": [64, 32], "note": "x"}"#, #"{"loss": 1, "files": ["a"]}"#,
      "{\n  \"log_history\": []\n}\n", "[1, 2]", "[]", "[{\n}, 1]",
    ])
  func noDocument(text: String) throws {
    let error = #expect(throws: ForeignError.self) { try imported(text, as: "a.json") }
    #expect(error?.description.contains("Hugging Face's Trainer") == true)
  }

  @Test("a state of Hugging Face's Trainer is the run of its folder, whichever checkpoint it is of")
  func trainerState() throws {
    let folder = try TemporaryFolder()
    func write(_ checkpoint: String, steps: ClosedRange<Int>) throws {
      let place = folder.file("out/tiny/\(checkpoint)")
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      let rows = steps.map { #"{"epoch": 0.5, "loss": 2.0, "step": \#($0)}"# }
      try """
      {
        "best_metric": null,
        "log_history": [\(rows.joined(separator: ",\n"))],
        "num_train_epochs": 3,
        "stateful_callbacks": {"TrainerControl": {"args": {}, "attributes": {}}}
      }
      """.write(toFile: "\(place)/trainer_state.json", atomically: true, encoding: .utf8)
    }
    let store = try Store(path: folder.file("t.sqlite"))
    func take(_ path: String) throws {
      let path = folder.file(path)
      #expect(ForeignFormat.recognized(at: path) == .json)
      _ = try ForeignImport(
        path: path, format: .json, options: ForeignOptions(), keepsArtifacts: true, program: "test"
      ).run(into: store) { _ in }
    }
    try write("checkpoint-9", steps: 1...9)
    try write("checkpoint-10", steps: 1...10)
    try take("out/tiny/checkpoint-9/trainer_state.json")
    #expect(try store.points(run: 1, metric: "loss").map(\.step) == Array(1...9))
    try take("out")
    #expect(try store.points(run: 1, metric: "loss").map(\.step) == Array(1...10))
    try write(".", steps: 1...12)
    try take("out/tiny")
    #expect(try store.points(run: 1, metric: "loss").map(\.step) == Array(1...12))
    #expect(try store.runs().map(\.name) == ["tiny"])
    #expect(try store.run(id: 1).parameters == ["num_train_epochs": .integer(3)])
  }

  @Test("a table without names of columns is refused, and no row is taken for them")
  func nameless() throws {
    let error = #expect(throws: ForeignError.self) {
      try imported("0.5,0.9\n0.25,0.95\n", as: "history.csv")
    }
    #expect(error?.description.contains("holds no names of columns") == true)
  }

  @Test("a time is a moment, or what something took, which is a metric")
  func times() throws {
    let took = try imported("epoch,time,loss\n1,12.5,0.5\n2,25.25,0.25\n", as: "results.csv")
    #expect(try took.points(run: 1, metric: "time").map(\.value) == [12.5, 25.25])
    let lines = try imported(
      """
      {"step": 1, "time": 0.5, "loss": 2}
      {"step": 2, "time": 1700000000.5, "loss": 1}
      {"step": 3, "time": 1700000001000, "loss": 1}
      """, as: "log.jsonl")
    #expect(try lines.points(run: 1, metric: "time").map(\.value) == [0.5])
    #expect(
      try lines.points(run: 1, metric: "loss").suffix(2).map(\.time.milliseconds)
        == [1_700_000_000_500, 1_700_000_001_000])
  }

  @Test(
    "what is neither a line of numbers nor a table is not taken for one",
    arguments: [
      "iter 0: loss 2.3\n", "{\n  \"loss\": 1\n}\n", "",
      "{\"tracker\":\"export\",\"schema\":7}\n", "{ \"tracker\": \"export\", \"schema\": 7 }\n",
      "{\"tracker\":\"export\",\"sch",
    ])
  func others(text: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("metrics.json")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(ForeignFormat.recognized(at: path) == nil)
    #expect(Store.isExport(path) == text.contains("tracker"))
  }
}
