import Testing
import TestSupport
import TrackerSQLite

@testable import TrackerStore

@Suite("Curves as they are drawn")
struct CurveTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func store(_ values: [Double], steps: (Int) -> Int64 = { Int64($0) }) throws -> Store {
    let store = try Store(path: folder.file("tracker.sqlite"))
    let run = try store.startRun(RunStart())
    try run.log(
      values.enumerated().map { index, value in
        ("cost", MetricPoint(step: steps(index), value: value, time: run.startedAt))
      })
    return store
  }

  @Test("a long series keeps its ends, its extremes and a value that is not a number")
  func extremes() throws {
    var values = (0..<100_000).map { Double($0 % 10) }
    (values[1], values[34_567], values[50_000], values[77_777]) = (-5, 100, .nan, -100)
    values[99_999] = 3.5
    let store = try store(values)
    let points = try store.points(run: 1, metric: "cost", spans: 100)
    #expect(
      try store.points(run: 1, metric: "cost").atResolution(spans: 100).map(\.step)
        == points.map(\.step))
    #expect(points.count <= 401 && points.count > 200)
    #expect(points.first?.value == 0 && points.last?.value == 3.5)
    for step in [1, 34_567, 50_000, 77_777, 99_999] as [Int64] {
      #expect(points.contains { $0.step == step }, "\(step)")
    }
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step })
  }

  @Test("a short series is whole, and one that is not there is empty")
  func short() throws {
    let store = try store([3, .infinity, 1])
    #expect(
      try store.points(run: 1, metric: "cost", spans: 10)
        == store.points(run: 1, metric: "cost"))
    #expect(try store.points(run: 1, metric: "loss", spans: 10).isEmpty)
  }

  @Test("a series as the middle values of its spans, and where it is first not finite")
  func medians() throws {
    var values = (0..<1000).map { Double($0 % 10) }
    values[553] = .nan
    let store = try store(values) { Int64(2 * $0) }
    func read(_ count: Int) throws -> (values: [Double], tail: [Double], notFiniteStep: Int64?) {
      try store.withMedians(atMost: count) { reader in
        let series = try #require(reader.series(run: 1, metric: "cost"))
        #expect(series.bounds == nil && reader.series(run: 1, metric: "loss") == nil)
        let all = series.first(series.count)
        return (all, series.last(2), all.firstIndex { !$0.isFinite }.flatMap(series.step))
      }
    }
    let all = try read(1000)
    #expect(all.values.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(all.notFiniteStep == 1106 && all.tail == [8, 9])
    let spans = try read(100)
    #expect(spans.values.count == 100 && spans.values[55].isNaN && spans.notFiniteStep == 1100)
    #expect(spans.values.indices.allSatisfy { $0 == 55 || spans.values[$0] == 5 })
    // A last span that is shorter than the others.
    #expect(try read(150).tail == [3, 7])
  }

  @Test(
    "a series knows whether all of it is finite without reading it",
    arguments: [[], [.nan], [.infinity], [-.infinity]] as [[Double]])
  func bounds(odd: [Double]) throws {
    let store = try store([3, 1, 2] + odd + [2.5])
    for count in [2, 100] {
      let bounds = try store.withMedians(atMost: count) {
        try #require($0.series(run: 1, metric: "cost")).bounds
      }
      #expect(bounds == (odd.isEmpty ? count == 2 ? 2.5...3 : 1...3 : nil), "\(count)")
    }
  }

  @Test("what cannot be read of a series that is looked at is said in the end")
  func unreadable() throws {
    let store = try store([1, 2, 3])
    try Connection(path: store.path, mode: .readWrite).execute("DROP TABLE metric_point")
    #expect(throws: StoreError.self) {
      try store.withMedians(atMost: 10) { $0.series(run: 1, metric: "cost")?.first(3) }
    }
  }

  @Test("steps may be as far apart as steps can be, and many values at one")
  func steps() throws {
    let far = try store([1, 2, 3] + Array(repeating: 4, count: 50)) { index in
      index == 0 ? .min : index == 1 ? 0 : .max
    }
    let points = try far.points(run: 1, metric: "cost", spans: 5)
    #expect(points.map(\.step) == [.min, 0, .max, .max] && points.last?.value == 4)
  }

  @Test("of many values at one step the first and the last stay")
  func oneStep() throws {
    let store = try store((0..<50).map(Double.init)) { _ in 7 }
    #expect(try store.points(run: 1, metric: "cost", spans: 5).map(\.value) == [0, 49])
  }

  @Test("a value at a step is the last one until then")
  func atStep() throws {
    let store = try store([5, 4, 3]) { Int64($0) * 10 }
    func value(_ step: Int64) throws -> Double? {
      try store.point(run: 1, metric: "cost", atStep: step)?.value
    }
    #expect(try [-1, 0, 9, 10, 99].map(value) == [nil, 5, 5, 4, 3])
    #expect(try store.point(run: 2, metric: "cost", atStep: 0) == nil)
  }

  @Test("a target is reached by the first value that is as good, and NaN and ∞ are as they are")
  func reaching() throws {
    let store = try store([.nan, .infinity, 5, 3, 4, 2])
    func step(_ target: Double, _ direction: MetricDirection) throws -> Int64? {
      try store.firstPoint(run: 1, metric: "cost", reaching: target, direction)?.step
    }
    #expect(try step(4, .minimize) == 3 && step(1, .minimize) == nil)
    #expect(try step(100, .maximize) == 1)
  }
}
