public import TrackerGradientCheck
public import TrackerOptimization

/// All that decides a training: two trainings with equal configurations on equal data do the same, to
/// the bit, on one machine and build.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
  /// How inputs are scaled; fitted on the training part alone.
  public var scale = FeatureScaling.unit
  /// The share of each class that is held out, 0 up to 1.
  public var testFraction = 0.2
  /// The seed of that split.
  public var splitSeed: UInt64 = 0

  /// Units of each hidden layer.
  public var hidden = [100]
  /// The hidden layers' activation.
  public var activation = Activation.sigmoid
  /// The output layer's activation.
  public var output = OutputActivation.sigmoid
  /// How the cost is computed.
  public var cost = CostForm.stable
  /// λ, the weight of the penalty λ/2m Σ θ².
  public var lambda = 0.5
  /// How the parameters are made at the start.
  public var initialization = Initialization.glorot
  /// The seed of the initial parameters and of the order of mini-batches.
  public var seed: UInt64 = 0

  /// The method of minimisation; its seed is ``seed``.
  public var optimizer = OptimizerSettings()
  /// At most this many epochs.
  public var epochs = 200
  /// Stop after this many epochs without a better held-out cost; `nil`: never.
  public var patience: Int?
  /// Where the optimiser's gradient comes from.
  public var gradient = GradientSource.backprop
  /// The step of a numerical ``gradient``; `nil`: the source's own.
  public var dx: Double?

  /// When the gradient is checked, and how.
  public var check = CheckSettings()
  /// Save the whole state every so many epochs; `nil`: never.
  public var checkpointEvery: Int?

  /// The defaults.
  public init() {}

  /// ε, the step that a gradient check takes: the one that was asked for, or else the difference
  /// method's own, at most 10⁻⁷ for rectified units. A difference quotient is wrong where it
  /// reaches over a kink; the network's are not subtracted from whole costs, so that a small step costs
  /// no digits.
  public var checkEpsilon: Double {
    let suggested = check.method.suggestedEpsilon
    return check.epsilon ?? (activation == .relu ? min(suggested, 1e-7) : suggested)
  }
}

/// When and how the gradient is checked.
public struct CheckSettings: Codable, Hashable, Sendable {
  /// When.
  public var schedule = CheckSchedule.start
  /// ε, the step of the difference quotients; `nil`: ``TrainingConfiguration/checkEpsilon``.
  public var epsilon: Double?
  /// How two derivatives may differ.
  public var tolerance = GradientTolerance.default
  /// The difference quotient.
  public var method = DifferenceMethod.central

  /// The defaults.
  public init() {}
}

/// When the gradient is checked.
public enum CheckSchedule: Hashable, Sendable {
  /// Before the first epoch.
  case start
  /// After the last epoch.
  case end
  /// Before the first and after the last.
  case both
  /// Before the first, and after every so many epochs.
  case every(Int)
  /// Not at all.
  case never

  /// Whether it is checked before the first epoch.
  public var includesStart: Bool { self != .end && self != .never }
  /// Whether it is checked after the last epoch.
  public var includesEnd: Bool { self == .end || self == .both }
}

extension CheckSchedule: LosslessStringConvertible, Codable {
  /// Reads `start`, `end`, `both`, `every=N` or `never`.
  public init?(_ description: String) {
    switch description {
    case "start": self = .start
    case "end": self = .end
    case "both": self = .both
    case "never": self = .never
    default:
      guard description.hasPrefix("every="), let count = Int(description.dropFirst(6)), count > 0
      else { return nil }
      self = .every(count)
    }
  }

  /// What it says in words.
  public var description: String {
    switch self {
    case .start: "start"
    case .end: "end"
    case .both: "both"
    case .every(let count): "every=\(count)"
    case .never: "never"
    }
  }

  /// Reads its text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let schedule = CheckSchedule(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not a schedule of checks")
    }
    self = schedule
  }

  /// Writes its text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Where the gradient that trains comes from.
public enum GradientSource: String, Codable, Hashable, Sendable, CaseIterable {
  /// Back-propagation.
  case backprop
  /// (J(θ + dx) − J(θ)) / dx.
  case forwardDifference = "forward-difference"
  /// (J(θ + dx) − J(θ − dx)) / 2dx.
  case centralDifference = "central-difference"

  var differenceMethod: DifferenceMethod? {
    switch self {
    case .backprop: nil
    case .forwardDifference: .forward
    case .centralDifference: .central
    }
  }

  /// The step where none is given: for forward differences the 0.01 that is often taught, for central
  /// ones a finer one.
  var step: Double { self == .forwardDifference ? 0.01 : 1e-4 }
}
