import TrackerStore
import TrackerViews

/// How much of a page its runs take beside their curves, so that the curves can be given the rest.
struct PageWeight {
  /// What a page of so few runs may weigh, and what each run of more may.
  private static let (leastLimit, runLimit) = (1_000_000.0, 5_000.0)
  /// What curves never take more than, nor are ever given less: what a hundred runs and fewer may have, and each of more.
  private static let (mostCurves, mostCurvesOfRun, leastCurves) = (640_000.0, 6_400.0, 100_000.0)

  /// The bytes that the curves may take.
  let left: Double

  init(_ runs: [Run]) {
    let count = Double(runs.count)
    // Some pictures and sentences are not foreseen.
    let limit = max(Self.leastLimit, Self.runLimit * count) * 0.97
    let most = max(Self.mostCurves, Self.mostCurvesOfRun * count)
    let others = Self.ofPage + Self.weight(of: runs) + Self.pictures(of: runs)
    left = min(most, max(Self.leastCurves, limit - others))
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

  /// What the runs take in the tables, in their own parts, in charts of single values, and in the data, measured.
  private static func weight(of runs: [Run]) -> Double {
    let varied = ParameterDifferences(runs).keys
    let texts = runs.map { [$0.environment.command, $0.note ?? "", $0.outcome ?? ""] }
    let measured = RunSection.measuredCount(of: runs)
    var bytes = 0
    for (run, texts) in zip(runs, texts) {
      bytes += 600 + 5 * (run.name?.utf8.count ?? 0) + 250 * run.gradientChecks.count
      bytes += 2 * texts.reduce(0) { $0 + $1.utf8.count }
      for key in varied {
        guard let value = run.parameters[key] else { continue }
        let length = if case .text(let text) = value { text.utf8.count } else { 6 }
        bytes += 93 + key.utf8.count + 4 * length
      }
      for (key, value) in run.tags { bytes += 40 + key.utf8.count + 4 * value.utf8.count }
    }
    for (place, run) in runs.enumerated() {
      for key in run.metrics.keys { bytes += 68 + (place < measured ? 50 + key.utf8.count : 0) }
    }
    let commands = runs.reduce(0) { $0 + $1.environment.command.utf8.count }
    return Double(bytes + min(commands, ReproductionSection.byteLimit))
  }
}
