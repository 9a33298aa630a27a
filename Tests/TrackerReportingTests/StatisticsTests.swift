import Foundation
import Testing
import TrackerStore

@testable import TrackerReporting

/// Against scipy.stats; Fixtures/make_statistics.py made the figures.
@Suite("Statistics of groups")
struct StatisticsTests {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      var a, b: [Double]
      var mean, standardDeviation, low, high: Double
      var statistic, degrees, pValue, differenceLow, differenceHigh, hedges: Double
    }
    struct Tail: Decodable { var t, degrees, tail: Double }
    var samples: [Case]
    var tails: [Tail]
  }

  private func fixture() throws -> Fixture {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/statistics", withExtension: "json"))
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-10 * max(abs(b), 1e-3) }

  @Test("means, intervals, Welch's test and Hedges' g are scipy's to ten digits")
  func samples() throws {
    for item in try fixture().samples {
      let (a, b) = (Sample(item.a), Sample(item.b))
      #expect(isNear(a.mean, item.mean) && isNear(a.standardDeviation, item.standardDeviation))
      let interval = try #require(a.interval())
      #expect(isNear(interval.lowerBound, item.low) && isNear(interval.upperBound, item.high))
      let test = try #require(WelchTest(a, b))
      #expect(isNear(test.statistic, item.statistic) && isNear(test.degreesOfFreedom, item.degrees))
      #expect(isNear(test.pValue, item.pValue), "\(test.pValue) \(item.pValue)")
      #expect(isNear(test.confidence.lowerBound, item.differenceLow))
      #expect(isNear(test.confidence.upperBound, item.differenceHigh))
      #expect(isNear(test.effectSize, item.hedges))
    }
  }

  @Test("the tails of Student's t are scipy's, and its quantiles their inverse")
  func tails() throws {
    for item in try fixture().tails {
      let distribution = StudentT(degreesOfFreedom: item.degrees)
      let tail = distribution.twoSidedTail(item.t)
      #expect(abs(tail - item.tail) <= 1e-10 * item.tail, "\(item)")
      // Beyond the smallest number there is no way back.
      if item.t > 0.01, item.tail > 0 {
        #expect(isNear(distribution.twoSidedQuantile(tail: tail), item.t))
      }
    }
  }

  @Test("Holm's correction is the one of the paper, and no p-value passes 1")
  func holm() {
    let adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005])
    let expected = [0.03, 0.06, 0.06, 0.02]
    #expect(zip(adjusted, expected).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(holmAdjusted([0.6, 0.9]) == [1, 1])
    #expect(holmAdjusted([]).isEmpty)
  }

  private func runs(_ values: [(lambda: ParameterValue, accuracy: Double)]) -> [Run] {
    values.enumerated().map { index, item in
      Run(
        id: Int64(index + 1), status: .finished, startedAt: Timestamp(milliseconds: 0),
        parameters: ["lambda": item.lambda],
        metrics: [
          "testAccuracy": MetricSummary(
            first: 0, last: item.accuracy, min: 0, max: 1, count: 2, lastStep: 1)
        ],
        environment: RunEnvironment(
          program: "t", gitCommit: nil, gitDirty: nil, host: "h", user: "u",
          process: ProcessIdentity(pid: 1, startTime: nil, bootID: nil, pidNamespace: nil),
          command: "c"))
    }
  }

  @Test("groups are told apart in plain words where chance cannot explain them, and only there")
  func words() {
    let made =
      [0.971, 0.969, 0.972, 0.970, 0.968].map { (ParameterValue.real(0.5), $0) }
      + [0.961, 0.963, 0.962, 0.960, 0.964].map { (ParameterValue.real(1), $0) }
      + [0.962, 0.964, 0.961, 0.960, 0.962].map { (ParameterValue.real(2), $0) }
    let view = GroupView(
      runs: runs(made), keys: ["lambda"], metric: "testAccuracy", direction: .maximize)
    #expect(view.groups.map(\.values) == [[.real(0.5)], [.real(1)], [.real(2)]])
    let text = view.rendered(as: .table, style: TextStyle(width: 200))
    #expect(
      text.contains("lambda = 0.5 is better than lambda = 1 by 0.8 points (95 %: 0.57 to 1"),
      "\(text)")
    #expect(text.contains("p < 0.001, 5 runs each"))
    #expect(text.contains("lambda = 1 and lambda = 2 cannot be told apart"))
  }

  @Test("one run a group says nothing of chance, and that is said")
  func few() {
    let view = GroupView(
      runs: runs([(0.5, 0.9), (1, 0.8), (1, .nan)]), keys: ["lambda"], metric: "testAccuracy",
      direction: .maximize)
    let text = view.rendered(as: .table, style: TextStyle(width: 200))
    #expect(view.groups.map(\.sample.values.count) == [1, 1])
    #expect(text.contains("Too few runs") && text.contains("says nothing of chance"))
    #expect(view.json.compact.contains("\"confidence\":null"))
  }
}
