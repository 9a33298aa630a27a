import TestSupport
import Testing
import TrackerStore

@testable import TrackerReport
@testable import TrackerViews

@Suite("Gathering a report")
struct GatheringTests {
  @Test("One thread or several read the same curves and means")
  func threads() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("tracker.sqlite"))
    for number in 0..<14 {
      // Two groups of seeds, and runs of their own.
      let kind = number < 10 ? Double(number / 5) : Double(number)
      let run = try store.startRun(
        RunStart(parameters: ["lambda": .real(kind), "seed": .integer(Int64(number))]))
      try run.log(
        (0..<900).flatMap { step in
          ["cost", "testAccuracy"].map { key in
            let value = Double((step * 37 + number * 11) % 101) / 100
            return (key, MetricPoint(step: Int64(step), value: value, time: run.startedAt))
          }
        })
      try run.finish()
    }
    let runs = try store.runs(RunQuery())
    func gathered(_ threads: Int) throws -> (curves: [[BucketedCurve]], means: [[MeanCurve.Point]])
    {
      var gathering = ReportGathering(
        runs, ranking: nil, parts: try .embedded().withoutQueries, from: store)
      let view = try gathering.view(
        title: "Runs", madeAt: Timestamp(milliseconds: 0), command: "", threads: threads)
      return (
        view.runs.map { $0.curves.sorted { $0.metric < $1.metric } }, view.means.map { $0.points() }
      )
    }
    let (one, many) = (try gathered(1), try gathered(5))
    #expect(one.curves == many.curves)
    #expect(one.curves.allSatisfy { $0.count == 2 && $0[0].buckets.count > 100 })
    #expect(one.means == many.means)
    #expect(one.means.count == 4 && one.means.allSatisfy { !$0.isEmpty })
  }
}
