import Testing
import TrackerSearch

@Suite("Samplers")
struct SamplerTests {
  private let dimensions: [SearchDimension] = [.choice(count: 3), .interval, .choice(count: 2)]

  @Test("a grid has every combination once, the last parameter changing first")
  func grid() throws {
    let sampler = try #require(
      GridSampler(dimensions: [.choice(count: 2), .choice(count: 3), .choice(count: 2)]))
    let points = (0..<(sampler.count ?? 0)).map { sampler.coordinates(trial: $0) }
    #expect(points.count == 12 && Set(points).count == 12)
    #expect(points[0] == [0, 0, 0] && points[1] == [0, 0, 1] && points[11] == [1, 2, 1])
    #expect(GridSampler(dimensions: dimensions) == nil)
    #expect(GridSampler(dimensions: Array(repeating: .choice(count: 1000), count: 9))?.count == nil)
  }

  @Test("random trials depend on seed and number alone, and fill the space evenly")
  func random() {
    let sampler = RandomSampler(dimensions: dimensions, seed: 7)
    let points = (0..<3000).map { sampler.coordinates(trial: $0) }
    #expect(points == (0..<3000).reversed().map { sampler.coordinates(trial: $0) }.reversed())
    #expect(
      points
        != (0..<3000).map {
          RandomSampler(dimensions: dimensions, seed: 8).coordinates(trial: $0)
        })
    for choice in 0..<3 {
      let share = Double(points.count { $0[0] == Double(choice) }) / 3000
      #expect(abs(share - 1.0 / 3) < 0.04)
    }
    #expect(points.allSatisfy { (0..<1).contains($0[1]) })
    #expect(abs(points.map { $0[1] }.reduce(0, +) / 3000 - 0.5) < 0.02)
    // Neither coordinates nor trials go together.
    let centred = points.map { [$0[1] - 0.5, $0[2] - 0.5] }
    var (within, between) = (0.0, 0.0)
    for (point, next) in zip(centred, centred.dropFirst()) {
      within += point[0] * point[1]
      between += point[0] * next[0]
    }
    #expect(abs(within / 3000) < 0.01 && abs(between / 3000) < 0.01)
  }

  @Test("TPE goes on from what is known as if it had never stopped")
  func resumed() {
    let whole = TestFunction.mixed.search(seed: 3, trials: 40)
    let sampler = TreeParzenSampler(dimensions: TestFunction.mixed.dimensions, seed: 3)
    for number in 0..<40 {
      #expect(
        sampler.coordinates(trial: number, after: Array(whole.prefix(number)))
          == whole[number].coordinates)
    }
  }

  @Test("TPE takes trials that failed, go on or came out alike")
  func strange() {
    let sampler = TreeParzenSampler(dimensions: dimensions, seed: 1)
    let losses: [Double?] = [nil, .nan, .infinity, 1, 1, 1, 1, 1, 1, 1, 1, -.infinity, nil]
    let history = losses.enumerated().map {
      Observation(
        coordinates: RandomSampler(dimensions: dimensions, seed: 2).coordinates(trial: $0),
        loss: $1)
    }
    for count in 0...history.count {
      let point = sampler.coordinates(trial: count, after: Array(history.prefix(count)))
      #expect(
        (0..<3).contains(point[0]) && (0...1).contains(point[1]) && (0..<2).contains(point[2]))
      #expect(point[0] == point[0].rounded() && point[2] == point[2].rounded())
    }
  }
}
