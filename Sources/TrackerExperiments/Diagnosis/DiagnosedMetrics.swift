import TrackerDiagnosis
import TrackerStore

/// Which metrics a diagnosis reads, chosen by their names: the same for all runs that record the same ones.
struct DiagnosedMetrics {
  let loss: String?
  let heldOutLoss: String?
  let accuracy: Shares
  let heldOutAccuracy: Shares
  let gradientNorm: String?
  /// What training lowers, and distances from what is right.
  let losses: [String]
  /// Metrics of rewards, and losses of networks that play against each other.
  let games: [String]
  let layers: LayerStatistics

  /// What tells a share of right answers.
  struct Shares {
    /// The metric that says so by its name.
    let accuracy: String?
    /// Scores that are such a share where they lie in 0…1, best first.
    let scores: [String]

    /// The one that a run has.
    func key(in run: Run) -> String? {
      accuracy
        ?? scores.first { run.metrics[$0].map { $0.min >= 0 && $0.max <= 1 } ?? false }
    }
  }

  /// What these metrics are to a diagnosis.
  init(among keys: Set<String>) {
    let metrics = keys.sorted().map(KnownMetric.init)
    let layers = LayerStatistics(among: metrics.map(\.key))
    /// Those that are accepted, best first.
    func best(_ isHeldOut: Bool, _ accept: (KnownMetric) -> Bool) -> [String] {
      metrics.filter { metric in
        let held = metric.role == .validation || metric.role == .test
        return held == isHeldOut && accept(metric) && !layers.contains(metric.key)
      }.sorted { a, b in
        (a.rank ?? 9, a.wordCount, a.role == nil ? 1 : 0, a.key) < (
          b.rank ?? 9, b.wordCount, b.role == nil ? 1 : 0, b.key
        )
      }.map(\.key)
    }
    func loss(_ isHeldOut: Bool) -> String? {
      best(isHeldOut) { $0.quantity == .loss && ($0.rank ?? 9) < 8 }.first
        ?? best(isHeldOut) { $0.quantity == .error }.first
    }
    func shares(_ isHeldOut: Bool) -> Shares {
      Shares(
        accuracy: best(isHeldOut) { $0.quantity == .accuracy }.first,
        scores: best(isHeldOut) { $0.quantity == .score && $0.rank == 1 })
    }
    self.loss = loss(false)
    heldOutLoss = loss(true)
    accuracy = shares(false)
    heldOutAccuracy = shares(true)
    gradientNorm =
      metrics.first { $0.quantity == .norm && !$0.key.contains("/") && $0.key != "stepLength" }?.key
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
