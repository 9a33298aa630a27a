public import TrackerGradientCheck
public import TrackerOptimization

/// What happens in a training, in the order it happens.
public enum TrainingEvent: Sendable {
  /// The training begins at these parameters.
  case started(parameters: [Double])
  /// A gradient check was made.
  case gradientCheck(GradientCheck, CheckMoment)
  /// An epoch is done; epoch 0 is the start.
  case epoch(EpochMetrics)
  /// The whole state after an epoch: ``Trainer`` goes on from it to the bit.
  case checkpoint(epoch: Int, state: [UInt8])
}

/// Where in a training a check was made.
public struct CheckMoment: Hashable, Sendable {
  /// Which check of the schedule it was.
  public enum Name: String, Sendable {
    case start, end, step
  }
  /// Which check of the schedule it was.
  public var name: Name
  /// The epochs done by then.
  public var epoch: Int

  /// A moment of a training.
  public init(_ name: Name, epoch: Int) {
    self.name = name
    self.epoch = epoch
  }
}

/// What was measured at the end of an epoch.
public struct EpochMetrics: Hashable, Sendable {
  /// Epochs done; 0 at the start.
  public var epoch: Int
  /// The measurements by their names, in the order they are shown.
  public var values: [(key: String, value: Double)]

  /// Measurements at the end of an epoch.
  public init(epoch: Int, values: [(key: String, value: Double)]) {
    self.epoch = epoch
    self.values = values
  }

  /// The measurement of this name.
  public subscript(key: String) -> Double? { values.first { $0.key == key }?.value }

  /// Whether the values are the same to the bit, NaN included.
  public static func == (a: EpochMetrics, b: EpochMetrics) -> Bool {
    a.epoch == b.epoch
      && a.values.elementsEqual(b.values) {
        $0.key == $1.key && $0.value.bitPattern == $1.value.bitPattern
      }
  }

  /// Hashes what equal values have in common.
  public func hash(into hasher: inout Hasher) { hasher.combine(epoch) }
}

/// What the trainer's caller wants next.
public enum Continuation: Sendable {
  /// The next epoch.
  case proceed
  /// An end, with all that is there by now.
  case stop
}

/// How a training ended.
public struct TrainingOutcome: Sendable {
  /// Why there was no further epoch.
  public enum Reason: Hashable, Sendable {
    /// The optimiser had nothing more to do, or could not go on.
    case optimizer(StopReason)
    /// All epochs are done.
    case epochLimit
    /// The held-out cost did not get better any more.
    case patience(bestEpoch: Int)
    /// The caller asked to stop.
    case stopped
  }
  /// Why there was no further epoch.
  public var reason: Reason
  /// The epochs done.
  public var epochs: Int
  /// The parameters at the end; after early stopping, those of the best epoch.
  public var parameters: [Double]

  /// The reason's name, for programs: one of ``StopReason``'s, or `epochLimit`, `patience`, `stopped`.
  public var reasonName: String {
    switch reason {
    case .optimizer(let reason): reason.rawValue
    case .epochLimit: "epochLimit"
    case .patience: "patience"
    case .stopped: "stopped"
    }
  }

  /// Why it ended, in a sentence.
  public var sentence: String {
    switch reason {
    case .optimizer(let reason): reason.sentence
    case .epochLimit: "All \(epochs) epochs are done."
    case .patience(let best): "The held-out cost was best at epoch \(best), and no better since."
    case .stopped: "Stopped after \(epochs) epochs."
    }
  }
}
