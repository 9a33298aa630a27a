import Testing
import TrackerSearch

@Suite("The importance of a parameter")
struct ImportanceTests {
  private let points = (0..<400).map {
    RandomSampler(dimensions: [.choice(count: 4), .interval, .interval], seed: 5).coordinates(
      trial: $0)
  }

  private func share(_ axis: Int, _ dimension: SearchDimension, _ value: ([Double]) -> Double)
    -> Double?
  {
    ParameterImportance.share(
      coordinates: points.map { $0[axis] }, dimension: dimension, values: points.map(value))
  }

  @Test("is all of it where nothing else matters, and nothing where it does not matter")
  func extremes() throws {
    #expect(share(0, .choice(count: 4)) { $0[0] } == 1)
    #expect(try #require(share(1, .interval) { $0[0] }) < 0.03)
    // Quarters of a straight line: 15/16 of its variance lies between them.
    #expect(abs(try #require(share(1, .interval) { $0[1] }) - 0.9375) < 0.02)
    #expect(
      abs(try #require(share(1, .interval) { 3 * $0[1] + 4 * $0[2] }) - 0.9375 * 9 / 25) < 0.08)
  }

  @Test("agrees with the formula worked by hand")
  func formula() throws {
    // Groups {1, 2, 3, 4} and {5, 6, 7, 8}: within 5 + 5, total 42, n = 8, k = 2.
    let share = ParameterImportance.share(
      coordinates: [0, 0, 0, 0, 1, 1, 1, 1, 1], dimension: .choice(count: 2),
      values: [1, 2, 3, 4, 5, 6, 7, 8, .nan])
    let expected: Double = 1 - (10.0 / 6) / (42.0 / 7)
    #expect(abs(try #require(share) - expected) < 1e-15)
  }

  @Test("is unknown where too few trials speak, or all came out alike")
  func unknown() {
    #expect(share(0, .choice(count: 4)) { _ in 1 } == nil)
    #expect(
      ParameterImportance.share(coordinates: [0, 1], dimension: .choice(count: 2), values: [1, 2])
        == nil)
    #expect(
      ParameterImportance.share(
        coordinates: Array(repeating: 0, count: 9), dimension: .choice(count: 1),
        values: (0..<9).map(Double.init)) == nil)
    #expect(ParameterImportance.share(coordinates: [], dimension: .interval, values: []) == nil)
  }
}
