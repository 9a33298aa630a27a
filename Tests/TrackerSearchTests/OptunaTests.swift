import Foundation
import Testing
import TrackerSearch

/// TPE against Optuna's: the best of 100 trials, 30 seeds each (Fixtures/*.json, with the scripts that made them).
@Suite("TPE beside Optuna's")
struct OptunaTests {
  /// How sure a one-sided test must be to call TPE worse: of one function by Mann and Whitney's test, which asks whether
  /// its bests tend to be higher than Optuna's; of all together by van Elteren's. Not adjusted for the number of
  /// functions, which is the stricter way.
  private let level = 0.05

  private func reference(_ name: String) throws -> [String: [Double]] {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode([String: [Double]].self, from: Data(contentsOf: url))
  }

  private func best(_ function: TestFunction, seeds: Range<UInt64>) -> [Double] {
    seeds.map { seed in
      function.search(seed: seed, trials: 100).compactMap(\.loss).min() ?? .infinity
    }
  }

  @Test(
    "its median is no higher on the functions and seeds that its settings were chosen on",
    arguments: TestFunction.all)
  func chosen(function: TestFunction) throws {
    let theirs = try #require(try reference("optuna")[function.name])
    #expect(theirs.count == 30)
    #expect(median(best(function, seeds: 0..<30)) <= median(theirs))
  }

  @Test(
    "on other seeds, and on functions that no setting was chosen on, it is not worse, but for chance",
    arguments: [("optuna", TestFunction.all), ("held_out", TestFunction.heldOut)])
  func heldOut(fixture: String, functions: [TestFunction]) throws {
    let reference = try reference(fixture)
    #expect(Set(reference.keys) == Set(functions.map(\.name)))
    var sum = 0.0
    for function in functions {
      let theirs = try #require(reference[function.name])
      #expect(theirs.count == 30)
      let ours = best(function, seeds: 100..<130)
      let comparison = RankComparison(ours, theirs)
      let figures =
        "\(function.name): median \(median(ours)), Optuna's \(median(theirs)); less in "
        + "\(comparison.firstIsLess) of pairs, p \(comparison.chance)"
      print(figures)
      #expect(comparison.chance >= level, "\(figures)")
      sum += comparison.z
    }
    // Ranks within each function, all with the same numbers of seeds (P. van Elteren, 1960).
    let overall = RankComparison.chance(sum / Double(functions.count).squareRoot())
    print("\(fixture), all: p \(overall)")
    #expect(overall >= level)
  }

  @Test("the comparison by ranks is scipy's")
  func ranks() {
    // scipy.stats.mannwhitneyu([1, 2, 2, 5, 7], [2, 3, 6, 8, 9, 9], alternative="greater",
    // method="asymptotic", use_continuity=False).pvalue
    let comparison = RankComparison([1, 2, 2, 5, 7], [2, 3, 6, 8, 9, 9])
    #expect(abs(comparison.chance - 0.9517600982455208) < 1e-12)
    #expect(RankComparison([1, 1], [1, 1]).z == 0)
  }
}
