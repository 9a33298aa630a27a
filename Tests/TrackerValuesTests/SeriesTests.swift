import Testing
import TrackerValues

@Suite("Series that go by")
struct SeriesTests {
  @Test("moments are those of all values at a step, in one piece or several, whichever steps come")
  func moments() throws {
    let series: [[(step: Int64, value: Double)]] = [
      (0..<50).map { (step: Int64(2 * $0), value: Double($0)) },
      // Between those of before, beyond both ends, and twice at a step.
      [(-3, 1), (1, 2), (2, 4), (2, 8), (98, 1), (99, 0.5), (200, 7)],
      [(1, .nan), (3, .infinity), (200, 9)],
    ]
    for length in [1, 3, 100] {
      var moments = SeriesMoments()
      for points in series {
        for start in stride(from: 0, to: points.count, by: length) {
          let piece = points[start..<min(start + length, points.count)]
          moments.add(steps: piece.map(\.step), values: piece.map(\.value))
        }
      }
      let all = Dictionary(grouping: series.joined().filter(\.value.isFinite), by: \.step)
      #expect(moments.all.map(\.step) == all.keys.sorted())
      for one in moments.all {
        let values = try #require(all[one.step]).map(\.value)
        let mean = values.reduce(0, +) / Double(values.count)
        #expect(one.count == Double(values.count))
        #expect(abs(one.mean - mean) < 1e-12)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        #expect(abs(one.squares - squares) < 1e-12)
      }
    }
  }

  @Test("buckets are the same in one piece or several, and tell what is not a number")
  func buckets() {
    let steps = (0..<1000).map { Int64($0) }
    let values = steps.map { $0 % 97 == 96 ? .nan : Double(($0 * 31) % 50) }
    func buckets(_ length: Int, _ count: Int?) -> [SeriesBuckets.Bucket] {
      var buckets = SeriesBuckets(from: 0, through: 999, count: count)
      for start in stride(from: 0, to: steps.count, by: length) {
        let piece = start..<min(start + length, steps.count)
        buckets.add(
          steps: Array(steps[piece]), values: Array(values[piece]), times: Array(steps[piece]))
      }
      return buckets.all
    }
    let whole = buckets(1000, 40)
    #expect(whole.count == 40)
    #expect(whole.allSatisfy { $0.count + $0.nonFiniteCount == 25 })
    #expect(whole.map(\.step) == (1...40).map { Int64(25 * $0 - 1) })
    #expect(whole[3].nonFiniteCount == 1 && whole[3].nonFiniteFrom == nil)
    // NaN is equal to nothing: texts are.
    #expect("\(buckets(7, 40))" == "\(whole)")
    #expect(buckets(7, nil).count == 1000)
  }
}
