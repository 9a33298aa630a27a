import TestSupport
import Testing
import TrackerMLflow
import TrackerStore
import TrackerSystem

@testable import TrackerExchange

/// Folders for other programs, read back by our own importers; what those programs read is tested in `Tests/Push`.
@Suite("Exports for other programs")
struct ExportTests {
  let folder: TemporaryFolder
  let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("t.sqlite"))
  }

  private static let values = [
    0.1, .nan, .infinity, -.infinity, 12_345 * .leastNonzeroMagnitude, -1e308, 1 / 3, -0.0,
    .leastNonzeroMagnitude,
  ]

  private func hardRun() throws -> Int64 {
    let run = try store.startRun(
      RunStart(
        experiment: "an/experiment: #1", name: "../a \"run\" 🙂",
        parameters: [
          "whole": 1, "big": .integer(.max), "real": 0.1, "text": "one", "yes": true,
          "nested/key": "a: b", "odd@key": "odd",
        ],
        tags: ["team": "a: \"b\"", "lines": "one\ntwo"], note: "A note\nof two lines"))
    for (number, value) in Self.values.enumerated() {
      try run.log(
        [("train", value), ("train/loss", value)], step: Int64(number) - 3,
        time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)))
    }
    try run.logArtifact(name: "models/a.bin", kind: "file", data: [1, 2, 3])
    try run.logArtifact(name: "models", kind: "file", data: [4])
    try run.logArtifact(name: "../../outside", kind: "file", data: [5])
    try run.finish(.failed, error: "it broke")
    return run.id
  }

  private func imported(_ path: String, _ format: ForeignFormat) throws -> Store {
    let copy = try Store(path: folder.file("copy.sqlite"))
    _ = try ForeignImport(
      path: path, format: format, options: ForeignOptions(), keepsArtifacts: true, program: "test"
    ).run(into: copy) { _ in }
    return copy
  }

  @Test("a folder mlruns comes back to the bit")
  func mlruns() throws {
    let id = try hardRun()
    try store.startRun(RunStart()).finish()
    let path = folder.file("mlruns")
    var export = try MLflowFolderExport(
      store: store, folder: path, options: PushOptions(document: { _ in "{}" }))
    try export.write(run: id)
    try export.write(run: 2)
    #expect(!exists(folder.file("outside")) && !exists("\(path)/outside"))
    let run = try store.run(id: id)
    let copy = try imported(path, .mlflow)
    #expect(try copy.runs().count == 2)
    let back = try #require(try copy.runs().first { $0.uuid == run.uuid })
    #expect(back.experiment == run.experiment && back.name == run.name && back.note == run.note)
    #expect(
      back.status == .failed && back.startedAt == run.startedAt && back.endedAt == run.endedAt)
    for key in ["whole", "big", "real", "text", "yes", "nested/key"] {
      #expect(back.parameters[key] == run.parameters[key], "\(key)")
    }
    #expect(back.parameters.count == run.parameters.count && back.tags["lines"] == "one\ntwo")
    #expect(back.tags["team"] == run.tags["team"] && back.tags["tracker.error"] == "it broke")
    // `train` is a file: `train/loss` cannot lie in it.
    let keys = back.metrics.keys.sorted()
    #expect(keys.count == 2 && keys[0] == "train" && keys[1].hasPrefix("train_loss-"))
    for (ours, theirs) in [("train", keys[0]), ("train/loss", keys[1])] {
      let points = try store.points(run: id, metric: ours)
      let others = try copy.points(run: back.id, metric: theirs)
      #expect(points.map(\.step) == others.map(\.step) && points.map(\.time) == others.map(\.time))
      for (point, other) in zip(points, others) {
        #expect(
          point.value.bitPattern == other.value.bitPattern || point.value.isNaN && other.value.isNaN
        )
      }
    }
    #expect(try copy.artifacts(run: back.id).count == 1)
    #expect(export.report.omissions.counts.map(\.count).sorted() == [1, 1, 2])
  }

  @Test("TensorBoard's events come back as float32")
  func tensorBoard() throws {
    let id = try hardRun()
    let path = folder.file("logs")
    var export = try TensorBoardExport(store: store, folder: path)
    try export.write(run: id)
    let run = try store.run(id: id)
    let copy = try imported(path, .tensorboard)
    let back = try #require(try copy.runs().first)
    #expect(try copy.runs().count == 1)
    #expect(
      back.status == .failed && back.startedAt == run.startedAt && back.endedAt == run.endedAt)
    for (key, value) in run.parameters {
      #expect(back.parameters[key]?.description == value.description, "\(key)")
    }
    #expect(back.tags["team"] == run.tags["team"] && back.tags["note"] == run.note)
    for key in run.metrics.keys {
      let points = try store.points(run: id, metric: key)
      let others = try copy.points(run: back.id, metric: key)
      #expect(points.map(\.step) == others.map(\.step) && points.map(\.time) == others.map(\.time))
      for (point, other) in zip(points, others) {
        let narrow = Double(Float(point.value))
        #expect(narrow.bitPattern == other.value.bitPattern || narrow.isNaN && other.value.isNaN)
      }
    }
    #expect(export.pointCount == 2 * Self.values.count)
  }

  @Test("two runs of one name have folders of their own")
  func sameName() throws {
    for _ in 0..<3 { try store.startRun(RunStart(name: "twin")).finish() }
    var export = try TensorBoardExport(store: store, folder: folder.file("logs"))
    for run in try store.runs() { try export.write(run: run.id) }
    #expect(try Folder.names(in: folder.file("logs/default")).count == 3)
  }
}
