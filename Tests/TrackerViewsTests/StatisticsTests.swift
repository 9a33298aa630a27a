import Foundation
import Testing
import TrackerJSON
import TrackerStore

@testable import TrackerViews

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
    struct Bootstrapped: Decodable {
      var values: [Double]
      var low, high, skewness: Double
    }
    struct Quantile: Decodable { var probability, z: Double }
    var bootstraps: [Bootstrapped]
    var quantiles: [Quantile]
    var samples: [Case]
    var tails: [Tail]
  }

  private func fixture() throws -> Fixture {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/statistics", withExtension: "json"))
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  private func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-10 * max(abs(b), 1e-3) }

  @Test("Measurements that are all alike have no spread, however their sum is rounded")
  func constantSample() throws {
    let sample = Sample(Array(repeating: 0.983_286_908_077_994_5, count: 25))
    #expect(sample.mean == 0.983_286_908_077_994_5 && sample.standardDeviation == 0)
    let interval = try #require(sample.interval())
    #expect(interval.lowerBound == sample.mean && interval.upperBound == sample.mean)
    let other = Sample((0..<25).map { 0.97 + 0.0001 * Double($0) })
    #expect(try #require(WelchTest(sample, other)).pValue < 1e-6)
    #expect(WelchTest(sample, sample) == nil)
  }

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

  @Test(
    "the bootstrap's interval is scipy's of the same resamples, and skewness scipy's, to ten digits"
  )
  func bootstrap() throws {
    for item in try fixture().bootstraps {
      let sample = Sample(item.values)
      #expect(isNear(sample.skewness, item.skewness))
      let interval = try #require(sample.bootstrapInterval())
      #expect(isNear(interval.lowerBound, item.low), "\(interval) \(item.low)")
      #expect(isNear(interval.upperBound, item.high), "\(interval) \(item.high)")
      #expect(sample.bootstrapInterval() == interval)
    }
  }

  @Test("the quantiles of the normal distribution are scipy's")
  func normal() throws {
    for item in try fixture().quantiles {
      #expect(isNear(Normal.quantile(item.probability), item.z))
      #expect(isNear(Normal.probability(below: item.z), item.probability))
    }
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity)
  }

  @Test("only a skewed sample of five or more is bootstrapped")
  func method() {
    func method(_ values: [Double]) -> MeanInterval.Method? { Sample(values).meanInterval?.method }
    #expect(method([1, 1.1, 0.9, 1, 9]) == .bootstrap)
    #expect(method([1, 1.1, 0.9, 9]) == .student)
    #expect(method([1, 1.1, 0.9, 1.05, 0.95]) == .student)
    #expect(method([1, 1, 1, 1, 1, 1]) == .student && method([1]) == nil)
    #expect(Sample([1]).skewness.isNaN && Sample([2, 2, 2]).skewness.isNaN)
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
      text.contains("lambda = 0.5 is better than lambda = 1 by 0.8 points (95 %: 0.52 to 1.1"),
      "\(text)")
    #expect(
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
        "p < 0.001, effect size 4.6, 5 runs each"), "\(text)")
    #expect(text.contains("lambda = 1 and lambda = 2: they cannot be told apart by 5 runs each"))
  }

  @Test(
    "runs that differ in their seeds are seeds, two of them too few, and what is left out is named")
  func seeds() {
    var all = runs([(0.5, 0.9), (0.5, 0.91), (1, 0.89), (1, 0.92), (1, .nan)])
    for index in all.indices { all[index].parameters["seed"] = .integer(Int64(index)) }
    all[3].status = .crashed
    let view = GroupView(
      runs: all, keys: ["lambda"], metric: "testAccuracy", direction: .maximize)
    let text = view.rendered(as: .table, style: TextStyle(width: 200))
    #expect(text.contains("2 seeds each are too few to tell. The difference is"), "\(text)")
    #expect(text.contains("without a finite testAccuracy: run 5."))
    #expect(text.contains("with the last value so far: run 4."))
  }

  @Test("of many tests those with the best group are told")
  func many() {
    let made = (0..<6).flatMap { group in
      (0..<3).map { (ParameterValue.integer(Int64(group)), Double(group) + 0.1 * Double($0)) }
    }
    let view = GroupView(
      runs: runs(made), keys: ["lambda"], metric: "testAccuracy", direction: .maximize)
    let text = view.rendered(as: .table, style: TextStyle(width: 200))
    #expect(view.tests.count == 15 && text.contains("The other 10 are in --format json."))
    #expect(text.contains("lambda = 5 is better than lambda = 0"))
    #expect(!text.contains("lambda = 4 is better"))
  }

  @Test("one run a group says nothing of chance, and that is said")
  func few() {
    let view = GroupView(
      runs: runs([(0.5, 0.9), (1, 0.8), (1, .nan)]), keys: ["lambda"], metric: "testAccuracy",
      direction: .maximize)
    let text = view.rendered(as: .table, style: TextStyle(width: 200))
    #expect(view.groups.map(\.sample.values.count) == [1, 1])
    #expect(
      text.contains("Too few runs")
        && text.contains("cannot be compared: one of them has only 1 run"))
    #expect(view.json.compact.contains("\"confidence\":null"))
  }
}
