import Synchronization

/// Whose examples a metric is measured on.
package enum MetricRole: String, Sendable, Hashable, CaseIterable {
  /// Those that the model learns from.
  case train
  /// Those that are held out to choose by.
  case validation
  /// Those that are held out to the end.
  case test
}

/// What a metric measures.
package enum MetricQuantity: String, Sendable, Hashable, CaseIterable {
  /// What training lowers: a cost, a cross-entropy, a perplexity.
  case loss
  /// A part of the loss that only holds parameters down.
  case penalty
  /// A share of the answers that are right.
  case accuracy
  /// Another measure of which more is better: F1, BLEU, a reward.
  case score
  /// A distance from what is right, of which less is better: an error rate, RMSE.
  case error
  /// A setting that changes as training goes on: a learning rate, a temperature.
  case rate
  /// A length of a vector.
  case norm
  /// A statistic of weights, activations or other metrics.
  case statistic
  /// Time taken.
  case time
  /// A number of things: epochs, steps, examples.
  case count
  /// Things a second.
  case throughput
  /// What the machine uses.
  case system
}

/// What is known of a metric by its name alone, whoever chose the name: `testAccuracy`, `val_acc`, `eval/f1`,
/// `train/loss`, `mAP@50`, `system/gpu_mem_mb`.
///
/// A name is read as its words, and the last one that says what is measured counts: `reward_loss` is a loss,
/// `loss_scale` a scale. What is not known is `nil`.
package struct KnownMetric: Sendable, Hashable {
  /// The name.
  package let key: String
  /// The words of the name, in lower case.
  package let words: [String]
  /// On whose examples it is measured; `nil` where the name does not say.
  package let role: MetricRole?
  /// What it measures.
  package let quantity: MetricQuantity?
  /// Which way it is better.
  package let direction: MetricDirection?
  /// What it is counted in: `s`, `MB`, `%`.
  package let unit: String?
  /// How well it serves as the one figure that runs are ranked by: less is better; `nil` where it never does.
  package let rank: Int?
  /// How many words its name has beside its role: the fewer, the more it is of the whole.
  package let wordCount: Int

  /// What is known of a name.
  package init(_ key: String) {
    self = Self.read.withLock { read in
      if let known = read[key] { return known }
      let metric = KnownMetric(reading: key)
      // Names without end, as a server may be told, are not kept.
      if read.count == 4096 { read.removeAll() }
      read[key] = metric
      return metric
    }
  }

  /// Names that were read before: each comes with every run.
  private static let read = Mutex<[String: KnownMetric]>([:])

  private init(reading key: String) {
    let name = MetricName(key)
    self.key = key
    words = name.words
    role = name.words.last { MetricVocabulary.roles[$0] != nil }.flatMap {
      MetricVocabulary.roles[$0]
    }
    let term = MetricVocabulary.term(of: name)
    quantity = term?.quantity
    direction = term?.direction
    unit = MetricVocabulary.unit(of: name, term)
    rank = term?.rank
    wordCount = name.words.count {
      MetricVocabulary.roles[$0] == nil && !MetricVocabulary.wholeWords.contains($0)
    }
  }

  /// Whether more of it is better, and it may be aimed at.
  package var isAccuracyLike: Bool { quantity == .accuracy || quantity == .score }
  /// Whether it is what training lowers, or another distance from what is right.
  package var isLossLike: Bool { quantity == .loss || quantity == .error }

  /// Whether it is one of several losses that add up to the loss of the whole: `train/box_loss`.
  package var isAddend: Bool { quantity == .loss && rank == MetricVocabulary.rankOfAddends }
  /// Whether it is the loss of the whole, and no part of it.
  package var isWholeLoss: Bool {
    quantity == .loss && rank.map { $0 < MetricVocabulary.rankOfAddends } ?? false
  }

  /// Whether the name says that a training is measured, and not only its time, its counts or its machine.
  package var isMeasurement: Bool {
    switch quantity {
    case .loss, .penalty, .accuracy, .score, .error, .rate, .norm, .throughput: true
    case .statistic, .time, .count, .system, nil: false
    }
  }

  /// What our own trainer records, in the order in which people look at it.
  package static let ofTrainer = MetricVocabulary.own.map { KnownMetric($0.key) }

  /// What it is, in words for people: `held-out accuracy`, `validation loss`; the name itself where not all of it is
  /// known.
  package var title: String {
    MetricVocabulary.ownTitle(key) ?? MetricVocabulary.title(of: MetricName(key), role) ?? key
  }
}

/// Metric keys in the order in which people look at them: our trainer's first, then what is aimed at, then the rest, by
/// name.
package func inReadingOrder(metrics keys: some Sequence<String>) -> [String] {
  let placed = Set(keys).map { key -> (key: String, place: Int) in
    if let own = MetricVocabulary.own.firstIndex(where: { $0.key == key }) { return (key, own) }
    let place =
      switch KnownMetric(key).quantity {
      case .loss, .accuracy, .score, .error: 0
      case .penalty, nil: 1
      case .norm, .rate: 2
      case .statistic: 3
      case .time, .count, .throughput: 4
      case .system: 5
      }
    return (key, MetricVocabulary.own.count + place)
  }
  return placed.sorted { ($0.place, $0.key) < ($1.place, $1.key) }.map(\.key)
}
