import TrackerValues

/// Ends trials that are unlikely to become the best.
package protocol Pruner: Sendable {
  /// Takes note of a trial's loss after an epoch.
  ///
  /// - Returns: why the trial is hopeless, as a clause with its figures; `nil` while it may go on
  mutating func report(trial: Int, epoch: Int, loss: Double) -> HopelessTrial?
  /// Takes note that a trial has come to its own end.
  mutating func finish(trial: Int)
}

/// What speaks against a trial.
package struct HopelessTrial: Hashable, Sendable {
  /// The trial's own loss.
  package let loss: Double
  /// The loss that it would have had to reach.
  package let bound: Double
  /// What that bound is, such as `the median of 7 trials`.
  package let meaning: String
}

/// The pruners by their names.
package enum PrunerMethod: String, CaseIterable, Hashable, Sendable {
  /// ``MedianPruner``.
  case median
  /// ``SuccessiveHalvingPruner``.
  case asha

  /// A pruner that lets every trial live for `leastEpochs`.
  package func makePruner(leastEpochs: Int) -> any Pruner {
    switch self {
    case .median: MedianPruner(leastEpochs: leastEpochs)
    case .asha: SuccessiveHalvingPruner(leastEpochs: leastEpochs)
    }
  }
}

/// Ends a trial whose best loss by an epoch is worse than the median of what finished trials averaged up to that epoch.
///
/// Source: D. Golovin et al., "Google Vizier", KDD 2017, section 3.2, the median stopping rule. That nothing is ended
/// before five trials have finished is Optuna's choice.
package struct MedianPruner: Pruner {
  private let leastEpochs: Int
  private var best: [Int: Double] = [:]
  /// Sums of losses up to each epoch, by trial.
  private var sums: [Int: [(epoch: Int, sum: Double)]] = [:]
  private var finished: Set<Int> = []

  /// So many trials must have finished before one is ended.
  static let startupTrials = 5

  /// A pruner that lets every trial live for `leastEpochs`.
  package init(leastEpochs: Int) { self.leastEpochs = leastEpochs }

  /// Takes note of an epoch; says so if the trial is hopeless.
  package mutating func report(trial: Int, epoch: Int, loss: Double) -> HopelessTrial? {
    let loss = loss.isNaN ? .infinity : loss
    let before = sums[trial]?.last
    // A trial that goes on after a crash repeats epochs, which count once.
    guard epoch > before?.epoch ?? -1 else { return nil }
    sums[trial, default: []].append((epoch, (before?.sum ?? 0) + loss))
    let own = min(best[trial] ?? .infinity, loss)
    best[trial] = own
    guard epoch >= leastEpochs else { return nil }
    let averages = finished.subtracting([trial]).compactMap { average(of: $0, upTo: epoch) }
    guard averages.count >= Self.startupTrials else { return nil }
    let bound = median(averages)
    guard own > bound else { return nil }
    return HopelessTrial(
      loss: own, bound: bound, meaning: "the median of \(averages.count) finished trials")
  }

  /// Takes note of a trial that came to its end.
  package mutating func finish(trial: Int) { finished.insert(trial) }

  /// The mean of a trial's losses from its start up to an epoch, or to its end if that came before.
  private func average(of trial: Int, upTo epoch: Int) -> Double? {
    guard let series = sums[trial] else { return nil }
    var (lower, upper) = (0, series.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if series[middle].epoch <= epoch { lower = middle + 1 } else { upper = middle }
    }
    return lower == 0 ? nil : series[lower - 1].sum / Double(lower)
  }
}

/// Asynchronous successive halving, in the form that stops trials: at the epochs r, rη, rη² … a trial goes on if it is among
/// the best 1/η of those that came so far.
///
/// Source: L. Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020 (ASHA), with η = 4 as there; that
/// a trial without enough rivals must be the best of them is Optuna's SuccessiveHalvingPruner.
package struct SuccessiveHalvingPruner: Pruner {
  private let leastEpochs: Int
  /// By rung: each trial's loss there.
  private var rungs: [[Int: Double]] = []

  /// η: one trial in so many goes on.
  static let reduction = 4

  /// A pruner whose first rung is at `leastEpochs`.
  package init(leastEpochs: Int) { self.leastEpochs = max(1, leastEpochs) }

  /// Takes note of an epoch; says so if the trial is hopeless.
  package mutating func report(trial: Int, epoch: Int, loss: Double) -> HopelessTrial? {
    var (rung, height) = (0, leastEpochs)
    while height < epoch {
      height *= Self.reduction
      rung += 1
    }
    guard height == epoch else { return nil }
    let loss = loss.isNaN ? .infinity : loss
    while rungs.count <= rung { rungs.append([:]) }
    rungs[rung][trial] = loss
    let rivals = rungs[rung].values.sorted()
    let bound = rivals[max(0, rivals.count / Self.reduction - 1)]
    guard loss > bound else { return nil }
    return HopelessTrial(
      loss: loss, bound: bound,
      meaning: "the best \(max(1, rivals.count / Self.reduction)) of \(rivals.count) trials")
  }

  /// Takes note of a trial that came to its end.
  package mutating func finish(trial: Int) {}
}
