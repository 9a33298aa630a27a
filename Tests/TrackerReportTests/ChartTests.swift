import Testing
import TrackerStore

@testable import TrackerDrawing
@testable import TrackerReport
@testable import TrackerViews

@Suite("Charts")
struct ChartTests {
  @Test("Ticks stand at round values and cover the data")
  func linearTicks() {
    let scale = ChartScale(covering: [0.1, 0.97])
    #expect(scale.ticks.map { $0.readable() } == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
    #expect(scale.position(0.5) == 0.5)
  }

  @Test("Crowded positive values get a logarithmic scale, with ticks at powers of ten")
  func logarithmicTicks() {
    let scale = ChartScale(covering: [1e-6, 2e-6, 3e-6, 1e-5, 5])
    #expect(scale.spacing == .log)
    #expect(scale.ticks.allSatisfy { $0 >= scale.lower && $0 <= scale.upper })
    #expect(scale.ticks.map { $0.readable() } == ["1e-6", "0.0001", "0.01", "1"])
    #expect(scale.position(0) == nil)
  }

  @Test(
    "A scale copes with everything that is a number",
    arguments: [
      [], [.nan, .infinity], [0.0], [7, 7, 7], [-1.797e308, 1.797e308], [.leastNonzeroMagnitude],
      [1e-300, 1e300],
      [1, 1.000_000_000_000_000_2], [-3, -2],
    ])
  func extremes(values: [Double]) {
    for spacing in [ChartScale.Spacing.linear, .log] {
      let scale = ChartScale(covering: values, spacing: spacing)
      #expect(scale.ticks.count >= 1 && scale.ticks.count < 20)
      for value in values where value.isFinite {
        let position = scale.position(value)
        #expect(position == nil || (0...1).contains(position ?? -1))
      }
    }
  }

  @Test("A number is found at its place in the order, whatever order the numbers are in")
  func order() {
    let mixed = (0..<2000).map { Double(($0 * 7919) % 1009) }
    // Halves that rise and fall make bad pivots of those in the middle.
    let rising = (0..<2000).map(Double.init)
    let organ = rising.filter { Int($0) % 2 == 0 } + rising.reversed().filter { Int($0) % 2 == 1 }
    let series: [[Double]] = [
      mixed, rising, rising.reversed(), organ, [5, 5, 5, 5], [2, 1], [3],
    ]
    for numbers in series {
      let sorted = numbers.sorted()
      for place in [0, numbers.count / 100, numbers.count / 2, numbers.count - 1] {
        var numbers = numbers
        #expect(numbers.ordered(at: place) == sorted[place])
        #expect(numbers.sorted() == sorted)
      }
    }
  }

  @Test("Thinning keeps the ends, the highest and the lowest point, and never adds any")
  func thinning() {
    var points = (0..<10_000).map { ChartPoint(x: Double($0), y: Double($0 % 100)) }
    points[4321].y = 1e6
    points[8765].y = -1e6
    let few = thinned(points, to: 100)
    #expect(few.count <= 100)
    for index in [0, 4321, 8765, 9999] { #expect(few.contains(points[index])) }
    #expect(zip(few, few.dropFirst()).allSatisfy { $0.x < $1.x })
    #expect(thinned(Array(points.prefix(50)), to: 100).count == 50)
  }

  @Test("A curve breaks where it has no finite value, and says how many it lacks")
  func gaps() {
    let values = [1, 2, .nan, 3, .infinity, 4]
    let points = values.enumerated().map { ChartPoint(x: Double($0), y: $1) }
    let chart = LineChart([points], x: ChartScale(steps: 0, 5), pointLimits: [100])
    #expect(chart.lines[0].gapCount == 2)
    #expect(chart.lines[0].path.filter { $0 == "M" }.count == 3)
  }

  @Test("A path is the points to so many decimals, with nothing that need not be written")
  func paths() {
    let points = [(0, 0.5), (1.25, 0.004), (1.25, 0.004), (10.1, -3), (9, 12)].map {
      ChartPoint(x: $0, y: $1)
    }
    #expect(Pen(decimals: 0).path(points) == "M0 1l1-1 9-3-1 15")
    #expect(Pen(decimals: 1).path(points) == "M0 .5l1.3-.5 8.8-3-1.1 15")
    #expect(Pen(decimals: 2).path(points) == "M0 .5l1.25-.5 8.85-3-1.1 15")
    #expect(Pen(decimals: 2).path([points[1]]) == "M1.25 0h0")
    #expect(Pen(decimals: 2).path([]).isEmpty)
  }

  @Test("Base64 pads as RFC 4648 has it")
  func base64Padding() {
    #expect(
      ["", "f", "fo", "foo", "foob"].map { base64(Array($0.utf8)) }
        == ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="])
  }
}
