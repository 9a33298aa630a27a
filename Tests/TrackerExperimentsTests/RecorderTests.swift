import TestSupport
import Testing
import TrackerStore

@testable import TrackerEngine
@testable import TrackerExperiments

private struct StoppedByTest: Error {}

@Suite("What a training's events become in the store")
struct RecorderTests {
  private func epoch(_ number: Int) -> TrainingEvent {
    .epoch(EpochMetrics(epoch: number, values: [("cost", 1 / Double(number + 1))]))
  }

  private func count(_ store: Store) throws -> Int {
    try store.run(id: 1).metrics["cost"]?.count ?? 0
  }

  @Test("Short epochs wait for each other, and are written before all that comes after them")
  func shortEpochs() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let run = try store.startRun(RunStart())
    var recorder = Recorder(writer: ResilientWriter(run), patience: .seconds(3600))
    for number in 0..<5 { try recorder.record(epoch(number)) }
    #expect(try count(store) == 0)
    try recorder.record(.checkpoint(epoch: 4, state: [1]))
    #expect(try count(store) == 5)
    try recorder.record(epoch(5))
    #expect(try count(store) == 5)
    _ = try recorder.finish(TrainingOutcome(reason: .epochLimit, epochs: 5, parameters: [0]))
    let points = try store.points(run: 1, metric: "cost")
    #expect(points.map(\.step) == Array(0...5))
    #expect(points.map(\.value) == (1...6).map { 1 / Double($0) })
    #expect(try store.run(id: 1).status == .finished)
  }

  @Test("An epoch that people see is in the store before the next one, with those before it")
  func shownEpoch() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let run = try store.startRun(RunStart())
    var recorder = Recorder(writer: ResilientWriter(run), patience: .seconds(3600))
    for number in 0..<3 { try recorder.record(epoch(number)) }
    try recorder.record(epoch(3), isShown: true)
    #expect(try count(store) == 4)
    try recorder.record(epoch(4))
    #expect(try count(store) == 4)
  }

  @Test("An error takes no epoch away")
  func error() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let run = try store.startRun(RunStart())
    var recorder = Recorder(writer: ResilientWriter(run), patience: .seconds(3600))
    for number in 0..<3 { try recorder.record(epoch(number)) }
    recorder.fail(StoppedByTest())
    #expect(try count(store) == 3)
    #expect(try store.run(id: 1).status == .failed)
  }

  @Test("Without patience each epoch is in the store at once")
  func longEpochs() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let run = try store.startRun(RunStart())
    var recorder = Recorder(writer: ResilientWriter(run), patience: .zero)
    for number in 0..<3 {
      try recorder.record(epoch(number))
      #expect(try count(store) == number + 1)
    }
  }
}
