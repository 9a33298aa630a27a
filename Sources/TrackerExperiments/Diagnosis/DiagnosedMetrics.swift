import TrackerDiagnosis
import TrackerStore

/// Which metrics a diagnosis reads, chosen by their names: the same for all runs that record the same ones.
struct DiagnosedMetrics {
  let loss: Losses
  let heldOutLoss: Losses
  let accuracy: Shares
  let heldOutAccuracy: Shares
  let gradientNorm: String?
  /// What counts the epochs.
  let epoch: String?
  /// What training lowers, and distances from what is right.
  let losses: [String]
  /// Metrics of rewards, and losses of networks that play against each other.
  let games: [String]
  let layers: LayerStatistics

  /// Metrics that tell the same, the best name first.
  struct Candidates {
    let keys: [String]

    /// The one to read of a run: one with a curve before one that sums the run up in one point, as the Trainer of Hugging
    /// Face's `train_loss` does beside `loss`, and a test after training beside `val_loss`.
    func key(in run: Run) -> String? {
      keys.first { (run.metrics[$0]?.count ?? 0) > 1 } ?? keys.first
    }
  }

  /// What tells how wrong the answers are.
  struct Losses {
    /// Losses of the whole.
    let whole: Candidates
    /// Losses that add up to that of the whole, where it is not there.
    let addends: [String]
    /// Distances from what is right.
    let errors: Candidates

    /// Those to read of a run: their sum is the loss.
    func keys(in run: Run) -> [String] {
      if !addends.isEmpty { return addends }
      let best = Candidates(keys: whole.keys + errors.keys).key(in: run)
      return best.map { [$0] } ?? []
    }
  }

  /// What tells a share of right answers.
  struct Shares {
    /// Metrics that say so by their name.
    let accuracies: Candidates
    /// Scores that are such a share where they lie in 0…1, best first.
    let scores: [String]

    /// The one to read of a run.
    func key(in run: Run) -> String? {
      accuracies.key(in: run)
        ?? Candidates(
          keys: scores.filter { run.metrics[$0].map { $0.min >= 0 && $0.max <= 1 } ?? false }
        ).key(in: run)
    }
  }

  /// What these metrics are to a diagnosis.
  init(among keys: Set<String>) {
    let metrics = keys.sorted().map(KnownMetric.init)
    let layers = LayerStatistics(among: metrics.map(\.key))
    /// Validation, which goes along with training, before test.
    func roleOrder(_ metric: KnownMetric) -> Int {
      metric.role == nil ? 2 : metric.role == .test ? 1 : 0
    }
    /// Those that are accepted, best first.
    func best(_ isHeldOut: Bool, _ accept: (KnownMetric) -> Bool) -> [String] {
      metrics.filter { metric in
        let held = metric.role == .validation || metric.role == .test
        return held == isHeldOut && accept(metric) && !layers.contains(metric.key)
      }.sorted { a, b in
        (a.rank ?? 9, a.wordCount, roleOrder(a), a.key) < (
          b.rank ?? 9, b.wordCount, roleOrder(b), b.key
        )
      }.map(\.key)
    }
    func loss(_ isHeldOut: Bool) -> Losses {
      let whole = best(isHeldOut, \.isWholeLoss)
      return Losses(
        whole: Candidates(keys: whole), addends: whole.isEmpty ? best(isHeldOut, \.isAddend) : [],
        errors: Candidates(keys: best(isHeldOut) { $0.quantity == .error }))
    }
    func shares(_ isHeldOut: Bool) -> Shares {
      Shares(
        accuracies: Candidates(keys: best(isHeldOut) { $0.quantity == .accuracy }),
        scores: best(isHeldOut) { $0.quantity == .score && $0.rank == 1 })
    }
    self.loss = loss(false)
    heldOutLoss = loss(true)
    accuracy = shares(false)
    heldOutAccuracy = shares(true)
    gradientNorm =
      metrics.first { $0.quantity == .norm && !$0.key.contains("/") && $0.key != "stepLength" }?.key
    // `epoch`, `train/epoch`; not `train_loss_epoch`.
    epoch = metrics.first { $0.words.last == "epoch" && $0.wordCount == 0 }?.key
    losses = metrics.filter { $0.quantity == .loss || $0.quantity == .error }.map(\.key)
    games = Self.games(metrics)
    self.layers = layers
  }

  private static func games(_ metrics: [KnownMetric]) -> [String] {
    let ofRewards: Set = ["reward", "rewards", "rew", "return", "returns", "episodic", "episode"]
    let ofPlayers: Set = [
      "d", "g", "disc", "gen", "discriminator", "generator", "critic", "actor", "policy", "adv",
      "adversarial", "gan",
    ]
    let rewards = metrics.filter { !ofRewards.isDisjoint(with: $0.words) }.map(\.key)
    let players = metrics.filter { $0.quantity == .loss && !ofPlayers.isDisjoint(with: $0.words) }
      .map(\.key)
    return rewards + (players.count > 1 ? players : [])
  }
}
