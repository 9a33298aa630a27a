import TestSupport
import Testing
import TrackerGradientCheck
import TrackerStore

@testable import TrackerExperiments

@Suite("Faults of many trainings")
struct TrainingFaultsTests {
  @Test("two threads find of each run what it is told alone", arguments: [1, 11, 12, 60])
  func together(count: Int) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    for number in 0..<count {
      let run = try store.startRun(RunStart(name: "\(number)"))
      for step in 0..<20 {
        // Falls, grows, is lost, does not move.
        let loss =
          switch number % 4 {
          case 0: 2.3 / Double(step + 1)
          case 1: 2.3 * Double(1 << step)
          case 2: step > 5 ? Double.nan : 2.3 / Double(step + 1)
          default: 2.3
          }
        try run.log([("loss", loss)], step: Int64(step))
      }
      try run.finish()
    }
    let runs = try store.runs()
    var alone = TrainingFaults(store: store)
    var expected: [Int64: String] = [:]
    for run in runs { expected[run.id] = try alone.fault(of: run)?.cause.rawValue }
    let found = TrainingFaults.all(of: runs, in: store).mapValues(\.cause.rawValue)
    #expect(found == expected)
    #expect(found.count == runs.count { (Int($0.name ?? "") ?? 0) % 4 != 0 })
  }
}
