import TrackerStore
import TrackerViews

/// How much of a page its runs take beside their curves, so that the curves can be given the rest; and how many
/// runs' metrics and commands the page can have in writing, which its script could fill in, too.
struct PageWeight {
  /// What a page of so few runs may weigh, and what each run of more may.
  private static let (leastLimit, runLimit) = (1_000_000.0, 5_000.0)
  /// What curves never take more than: what a hundred runs and fewer may have, and each of more.
  private static let (mostCurves, mostCurvesOfRun) = (640_000.0, 6_400.0)
  /// What curves are never given less than; and what a chart, and a curve at its coarsest, cannot do without.
  private static let (leastCurves, chart, leastCurve) = (100_000.0, 3_000.0, 100.0)
  /// A page of more rows of metrics is slow to open.
  private static let rowLimit = 1_500

  /// The bytes that the curves may take.
  let left: Double
  /// How many of the best runs have their metrics and commands with them.
  let measured: Int

  init(_ runs: [Run]) {
    let count = Double(runs.count)
    // Some pictures and sentences are not foreseen.
    let limit = max(Self.leastLimit, Self.runLimit * count) * 0.97
    let most = max(Self.mostCurves, Self.mostCurvesOfRun * count)
    let others = Self.ofPage + Self.weight(of: runs) + Self.pictures(of: runs)
    let keys = runs.flatMap(\.metrics.keys)
    let least = max(
      Self.leastCurves,
      Self.chart * Double(Set(keys).count) + Self.leastCurve * Double(keys.count))
    let rows = runs.reduce(0) { $0 + Self.rows(of: $1) }
    let share =
      keys.isEmpty
      ? 1 : min(1, Double(Self.rowLimit) / Double(keys.count), (limit - others - least) / rows)
    measured = share < 1 ? max(1, Int(saturating: count * share)) : runs.count
    left = min(most, max(least, limit - others - rows * Double(measured) / max(1, count)))
  }

  /// Style, script, headings, and what is said of all runs and of groups of them.
  private static let ofPage = 170_000.0

  /// What networks and checks take that are drawn: the more inputs, classes and derivatives they have, the more.
  private static func pictures(of runs: [Run]) -> Double {
    let networks = runs.compactMap(\.dataset).map { data in
      3_000 + min(9_000, 100 * Double(data.features))
        + min(9_000, 30 * Double(data.classes) * Double(data.classes))
    }
    let pictured = CheckSection.pictured(in: runs)
    let checks = runs.lazy.flatMap(\.gradientChecks).filter { pictured.contains($0.id) }.map {
      2_000 + min(8_000, $0.blocks.reduce(0) { $0 + Double($1.checkedCount) })
    }
    func most(_ weights: some Sequence<Double>) -> Double {
      weights.sorted(by: >).prefix(6).reduce(0, +)
    }
    return most(networks) + most(checks)
  }

  /// What a run's metrics and its command take in its own part.
  private static func rows(of run: Run) -> Double {
    let bytes = run.metrics.keys.reduce(0) { $0 + 50 + $1.utf8.count }
    return Double(bytes + 70 + run.environment.command.utf8.count)
  }

  /// What the runs take in the tables, in their own parts but for these rows, in charts of single values, and in the data,
  /// measured.
  private static func weight(of runs: [Run]) -> Double {
    let varied = ParameterDifferences(runs).keys
    let texts = runs.map { [$0.note ?? "", $0.outcome ?? ""] }
    var bytes = 0
    for (run, texts) in zip(runs, texts) {
      bytes += 600 + 5 * (run.name?.utf8.count ?? 0) + 250 * run.gradientChecks.count
      bytes += run.environment.command.utf8.count + 2 * texts.reduce(0) { $0 + $1.utf8.count }
      for key in varied {
        guard let value = run.parameters[key] else { continue }
        let length = if case .text(let text) = value { text.utf8.count } else { 6 }
        bytes += 60 + key.utf8.count + 4 * length
      }
      for (key, value) in run.tags { bytes += 40 + key.utf8.count + 4 * value.utf8.count }
    }
    bytes += runs.reduce(0) { $0 + 50 * $1.metrics.count }
    let commands = runs.reduce(0) { $0 + $1.environment.command.utf8.count }
    return Double(bytes + min(commands, ReproductionSection.byteLimit))
  }
}
