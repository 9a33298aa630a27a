import TestGallery
import TrackerStore

@testable import TrackerReport
@testable import TrackerViews

/// How much runs tell of themselves.
struct Telling: Sendable, CustomStringConvertible {
  let parameters: Int
  /// How many of the parameters differ between the runs.
  let varied: Int
  let metrics: Int
  let tags: Int
  /// The words of a run's command and of its note.
  let words: Int

  var description: String {
    "\(parameters) parameters, \(varied) of them different, \(metrics) metrics, \(tags) tags, \(words) words"
  }

  /// A report of such runs, whose values need all their digits.
  func report(runs count: Int64, epochs: Int) -> ReportView {
    let runs = (1...count).map { run($0, epochs: epochs) }
    let aim = RankingMetric(runs)
    let ranking = aim?.ranking(runs) ?? runs
    let budget = ReportView.curveBudget(runs, ranking: ranking.map(\.id), aim: aim?.key)
    return ReportView(
      title: "Much", runs: runs.map { item($0, budget) }, madeAt: Gallery.now, ranking: aim)
  }

  private func run(_ id: Int64, epochs: Int) -> Run {
    var run = Gallery.run(id, seed: id % 5, checks: [Gallery.soundCheck().0], epochs: 1)
    for place in 0..<parameters {
      run.parameters["option\(place)"] =
        place < varied ? .real(wave(id + Int64(place), 7)) : .text("as everywhere")
    }
    run.metrics = [:]
    for place in 0..<metrics {
      let values = (0..<4).map { wave(id * 31 + Int64(place), $0) }
      let key = ["testAccuracy", "cost", "train/loss", "val/loss"].dropFirst(place).first
      run.metrics[key ?? "layers/\(place)/norm"] = MetricSummary(
        first: values[0], last: values[1], min: values.min() ?? 0, max: values.max() ?? 1,
        count: epochs, lastStep: Int64(epochs))
    }
    for place in 0..<tags { run.tags["tag\(place)"] = "value \(id * Int64(place))" }
    let words = (0..<words).map { place in
      "--option\(place) " + (place < varied ? wave(id, place).readable() : "as everywhere")
    }
    run.environment.command = "python train.py " + words.joined(separator: " ")
    run.note = words.prefix(10).joined(separator: ", ")
    return run
  }

  private func item(_ run: Run, _ budget: CurveBudget) -> ReportRun {
    let count = run.metrics.values.map(\.count).max() ?? 0
    let points = (0..<count).map { step in
      MetricPoint(
        step: Int64(step), value: 1 / Double(step + 1) + wave(run.id, step),
        time: Timestamp(milliseconds: Gallery.now.milliseconds + Int64(step) * 15))
    }
    // One curve stands for all: what they take is what counts.
    let buckets = points.buckets(count: budget.buckets(of: run.id))
    let curves = run.metrics.keys.map { key in
      BucketedCurve(
        run: run.id, metric: key, buckets: buckets,
        fine: budget.fineBuckets(of: run.id, key).map { points.buckets(count: $0) } ?? [])
    }
    return ReportRun(run: run, curves: curves.sorted { $0.metric < $1.metric })
  }

  /// A number between 0 and 1 that has all its digits.
  private func wave(_ run: Int64, _ place: Int) -> Double {
    let bits =
      (UInt64(bitPattern: run) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(place)) &* 0xBF58_476D_1CE4_E5B9
    return Double((bits ^ (bits >> 29)) >> 11) / 9_007_199_254_740_992
  }
}
