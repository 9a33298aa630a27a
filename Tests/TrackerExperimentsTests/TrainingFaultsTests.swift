import TestSupport
import Testing
import TrackerGradientCheck
import TrackerSQLite
import TrackerStore

@testable import TrackerExperiments

@Suite("Faults of many trainings")
struct TrainingFaultsTests {
  @Test("of many runs each has the fault that it is told alone; one that cannot be read has none")
  func together() throws {
    let count = 60
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
    var expected: [Int64: String] = [:]
    for run in runs {
      var alone = TrainingFaults(store: store)
      expected[run.id] = try alone.fault(of: run)?.cause.rawValue
    }
    var together = TrainingFaults(store: store)
    #expect(together.faults(of: runs).mapValues(\.cause.rawValue) == expected)
    #expect(expected.count == runs.count { (Int($0.name ?? "") ?? 0) % 4 != 0 })
    try Connection(path: store.path, mode: .readWrite).execute("DROP TABLE metric_point")
    #expect(together.faults(of: runs).isEmpty)
  }
}
