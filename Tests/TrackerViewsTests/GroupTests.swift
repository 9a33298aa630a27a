import TestGallery
import Testing
import TrackerStore

@testable import TrackerViews

@Suite("Groups of runs")
struct GroupTests {
  /// Runs of three seeds each for every value of λ, with these last values of a metric.
  private func runs(_ metric: String, _ values: [[Double]]) -> [Run] {
    values.enumerated().flatMap { group, values in
      values.enumerated().map { seed, value in
        var run = Gallery.run(
          Int64(group * 10 + seed + 1), lambda: Double(group), seed: Int64(seed))
        run.metrics = [
          metric: MetricSummary(
            first: value, last: value, min: value, max: value, count: 1, lastStep: 1)
        ]
        return run
      }
    }
  }

  private func view(_ metric: String, _ values: [[Double]]) -> GroupView {
    GroupView(
      runs: runs(metric, values), keys: ["lambda"], metric: metric,
      direction: MetricDirection.known(for: metric))
  }

  @Test(
    "An interval goes no further than what the metric can be",
    arguments: [
      ("val/acc", [0.99, 1, 0.9], 0.0...1), ("val_acc", [99, 100, 90], 0...100),
      ("train/loss", [0.001, 0.2, 0.002], 0 ... .infinity),
      ("train/loss", [-0.1, 0.2, 0.002], -.infinity ... .infinity),
      ("reward", [1, 40, 2], -.infinity ... .infinity),
    ] as [(String, [Double], ClosedRange<Double>)])
  func bounds(metric: String, values: [Double], bounds: ClosedRange<Double>) throws {
    #expect(KnownMetric(metric).bounds(of: values) == bounds)
    let view = view(metric, [values, values.reversed()])
    for group in view.groups {
      let interval = try #require(group.interval).range
      #expect(bounds.contains(interval.lowerBound) && bounds.contains(interval.upperBound))
      // What the bounds do not cut is Student's.
      let free = try #require(group.sample.interval())
      #expect(interval == free.clamped(to: bounds))
    }
  }

  @Test(
    "An interval of a difference leaves out 0 exactly where the corrected p-value is below 0.05")
  func correctedAlike() throws {
    let values: [[Double]] = [
      [0.90, 0.91, 0.92], [0.91, 0.93, 0.94], [0.60, 0.601, 0.604], [0.5, 0.9, 0.7],
      [0.904, 0.911, 0.919],
    ]
    let view = view("val/acc", values)
    #expect(view.tests.count == 10)
    #expect(view.tests.contains(where: view.isFinding))
    #expect(view.tests.contains { !view.isFinding($0) })
    for test in view.tests {
      let (interval, p) = (try #require(test.confidence), try #require(test.pValue))
      #expect(interval.contains(0) == (p >= 0.05), "\(view.sentence(test))")
      let alone = try #require(test.welch).confidence
      #expect(interval.lowerBound <= alone.lowerBound && interval.upperBound >= alone.upperBound)
    }
  }

  @Test("Names of groups are reduced to what differs, and what cannot be told is one line")
  func words() throws {
    var runs = runs("val/acc", [[0.90, 0.91, 0.92], [0.1, 0.12, 0.11], [0.895, 0.93, 0.9]])
    for index in runs.indices { runs[index].parameters["optimizer"] = "tnc" }
    let view = GroupView(
      runs: runs, keys: ["lambda", "optimizer"], metric: "val/acc", direction: .maximize)
    let finding = try #require(view.tests.first(where: view.isFinding))
    let sentence = view.sentence(finding)
    #expect(sentence.contains("is better than lambda = 1 (both optimizer = tnc) by"), "\(sentence)")
    #expect(view.untold(1) == "1 other pair of groups cannot be told apart.")
    #expect(view.untold(0) == nil)
  }

  @Test("Of many groups the best alone is tested against the others")
  func manyGroups() {
    let view = view(
      "val/acc",
      (0..<20).map { group in (0..<3).map { Double(group) / 40 + Double($0) / 1000 } })
    #expect(view.tests.count == 19)
    #expect(view.tests.allSatisfy { $0.a == 0 })
  }
}
