import Foundation
import TestGallery
import Testing
import TrackerStore

@testable import TrackerDrawing
@testable import TrackerReport
@testable import TrackerViews

@Suite("Sections of the report")
struct ReportSectionTests {
  /// Three values of λ with four seeds each; less λ is better, the seed does a little, the check's ε nothing.
  static let seeded: [Run] = (0..<12).map { index in
    var run = Gallery.run(Int64(index + 1), lambda: [0, 0.5, 1][index % 3], seed: Int64(index / 3))
    run.parameters["epsilon"] = .real(index % 2 == 0 ? 1e-4 : 1e-5)
    run.metrics["testAccuracy"]?.last = 0.98 - 0.01 * Double(index % 3) + 0.0001 * Double(index / 3)
    return run
  }

  @Test("Runs that differ only in their seeds are groups, told apart by what else differs")
  func seedGroups() throws {
    let groups = try #require(SeedGroups(Self.seeded))
    #expect(groups.keys == ["lambda"] || groups.keys == ["epsilon", "lambda"])
    #expect(groups.groups.map(\.count) == [4, 4, 4])
    #expect(groups.name(of: groups.groups[1]) == "lambda = 0.5")
    #expect(SeedGroups(Array(Self.seeded.prefix(3))) == nil, "no run repeats another")
    // A run of its own kind makes no key of what only it has otherwise.
    var other = Self.seeded[0]
    other.id = 99
    other.parameters["optimizer"] = "tnc"
    #expect(SeedGroups(Self.seeded + [other])?.keys == ["lambda"])
  }

  @Test("Metrics that few of the runs have do not stand for all")
  func headline() {
    let summary = MetricSummary(first: 1, last: 1, min: 1, max: 1, count: 1, lastStep: 0)
    var runs = Self.seeded
    for index in runs.indices {
      let keys = index < 5 ? ["loss", "val/accuracy"] : ["train/loss", "val/f1", "val/loss"]
      runs[index].metrics = Dictionary(uniqueKeysWithValues: keys.map { ($0, summary) })
    }
    #expect(RankingMetric.headline(of: Array(runs.prefix(8))) == ["loss", "val/accuracy"])
    #expect(RankingMetric.headline(of: Array(runs.dropFirst(3))) == ["train/loss", "val/f1"])
  }

  @Test("A mean curve has Student's interval at each step, of the runs that have a value there")
  func meanCurve() throws {
    var curve = MeanCurve(group: 0, metric: "cost")
    for values in [[1.0, 4.0], [2.0, .nan], [4.5]] {
      curve.moments.add(steps: values.indices.map { Int64($0) }, values: values)
    }
    let points = curve.points()
    try #require(points.count == 2)
    // By hand: mean 2.5, standard deviation √3.25, t(2 degrees of freedom) = 4.302653.
    #expect(abs(points[0].mean - 2.5) < 1e-12)
    #expect(abs(points[0].upper - 2.5 - 4.302652729911275 * (3.25 / 3).squareRoot()) < 1e-9)
    #expect(points[1] == .init(step: 1, mean: 4, lower: 4, upper: 4))
    var long = MeanCurve(group: 0, metric: "cost")
    long.moments.add(steps: Array(0...999), values: Array(repeating: 1, count: 1000))
    #expect(long.points(limit: 50).map(\.step).first == 0)
    #expect(long.points(limit: 50).map(\.step).last == 999)
    #expect(long.points(limit: 50).count == 50)
  }

  @Test("What mattered comes first, and what only watches a run is no cause")
  func effects() throws {
    let view = try #require(EffectView(runs: Self.seeded, metric: RankingMetric(Self.seeded)))
    #expect(view.metric.key == "testAccuracy" && view.metric.direction == .maximize)
    #expect(view.effects.map(\.key) == ["lambda", "seed"])
    #expect(try #require(view.effects[0].share) > 0.99)
    #expect(try #require(view.effects[1].share) < 0.01)
    #expect(
      EffectView(runs: Array(Self.seeded.prefix(2)), metric: RankingMetric(Self.seeded)) == nil)
  }

  @Test(
    "An axis is a scale for numbers, by powers of ten where they are far apart, and places for names",
    arguments: [
      ([.real(0), .real(0.5), .integer(1)], .real(0.5), 0.5),
      ([.real(0.001), .real(0.01), .real(0.1)], .real(0.01), 0.5),
      (["glorot", "he"], "glorot", 0.25), (["tnc", nil], nil, 0.75),
      ([.boolean(true), .boolean(false)], .boolean(true), 0.75), (["one", "one"], "one", 0.5),
    ] as [([ParameterValue?], ParameterValue?, Double)])
  func axis(values: [ParameterValue?], value: ParameterValue?, share: Double) throws {
    let axis = ParameterAxis(values)
    #expect(abs(try #require(axis.position(value)) - share) < 1e-9)
    #expect(!axis.ticks().isEmpty && axis.ticks().allSatisfy { (0...1).contains($0.share) })
  }

  @Test("The filter's example is met by the better half of the runs, however its number is rounded")
  func filterExample() throws {
    var run = Gallery.run(1)
    run.metrics["testAccuracy"]?.last = 0.3088
    let up = RankingMetric(given: "testAccuracy", direction: .maximize)
    let down = RankingMetric(given: "testAccuracy", direction: .minimize)
    func example(_ ranking: RankingMetric?) -> String {
      RunTableSection([run], ranking, labels: RunLabels([run]), TextStyle()).example
    }
    #expect(example(up) == "metrics.testAccuracy >= 0.3088")
    #expect(example(down) == "metrics.testAccuracy <= 0.31")
    #expect(example(nil) == "status = finished")
  }

  @Test("Names below an axis have room side by side", arguments: [0, 1, 4, 12, 60])
  func axisNames(count: Int) {
    let names = (0..<count).map { ParameterValue.text("a name that is rather long \($0)") }
    let ticks = ParameterAxis(names).ticks(total: 52)
    #expect(ticks.map(\.label.count).reduce(0, +) <= 52)
    #expect(ticks.isEmpty == (count == 0))
    #expect(ticks.allSatisfy { $0.label.count >= 4 })
  }

  @Test("A network is shown with what it confuses, its surest mistakes and its weights")
  func network() throws {
    let view = NetworkView(
      classNames: ["a", "b<i>"], areHeldOut: true, confusion: [[9, 1], [0, 7]],
      mistakes: [
        .init(
          features: (0..<16).map(Double.init), label: 0, predicted: 1, probability: 0.87)
      ],
      featureRange: 0...15, layerSizes: [16, 3, 2],
      weights: [0, 100].flatMap { step in
        [
          NetworkView.Weights(
            layer: "theta1", step: step, values: (0..<48).map { Double($0) * 0.1 - 2 }),
          NetworkView.Weights(
            layer: "theta2", step: step, values: [.nan, 1, .infinity, -1, 0, 0.5]),
        ]
      })
    var run = ReportRun(run: Gallery.run(1))
    run.network = view
    let html = try ReportView(runs: [run], madeAt: Gallery.now).html(times: .utc)
    #expect(html.contains("16 of 17 held-out examples are classified correctly."))
    #expect(html.contains("A a that is taken for b&lt;i&gt;"))
    #expect(html.contains("87 %"))
    #expect(html.contains("All 3 hidden units"))
    #expect(html.matches(of: /class="ridge"/).count == 4)
    #expect(!html.contains("<i>"))
  }

  @Test("Examples are drawn from white to black, and weights from blue to red, with zero between")
  func pictures() {
    let example = InputPictures.example([0, 5, 10, 20], side: 2, range: 0...10)
    #expect(example.pixels == [0, 8, 15, 15])
    #expect(InputPictures.example([3, 3, 3, 3], side: 2, range: 3...3).pixels == [0, 0, 0, 0])
    let (units, shown) = InputPictures.units([-1, 1, 0, 0.5, 0, 0, 0, .nan], side: 2, units: 2)
    #expect(shown == 2 && units.width == 5 && units.height == 2)
    #expect(units.pixels == [0, 7, 15, 14, 11, 7, 7, 15, 7, 7])
    #expect(
      InputPictures.units([Double](repeating: 1, count: 784 * 100), side: 28, units: 100).shown
        == 12)
  }

  @Test("What all runs share is said once, and each run has the rest")
  func sharedFacts() throws {
    let html = try ReportView(
      runs: Self.seeded.map { ReportRun(run: $0) }, madeAt: Gallery.now
    ).html(times: .utc)
    #expect(html.matches(of: /<dt>optimizer<dd>lbfgs/).count == 1)
    #expect(html.matches(of: /<dt>lambda<dd>/).count == 12)
    let alone = try ReportView(runs: [ReportRun(run: Self.seeded[0])], madeAt: Gallery.now).html()
    #expect(!alone.contains("What all runs share"))
    #expect(alone.contains("<dt>optimizer<dd>lbfgs"))
  }
}
