import TrackerSystem

/// How the learning rate changes from pass to pass: the factor on the initial rate in pass t = 0, 1, ….
///
/// Written and read as text, such as `constant` or `step:10:0.5`.
public enum LearningRateSchedule: Hashable, Sendable {
  /// The factor stays 1.
  case constant
  /// factor^⌊t / every⌋.
  case step(every: Int, factor: Double)
  /// factor^t.
  case exponential(factor: Double)
  /// ½ (1 + cos(π t / passes)), and 0 from `passes` on (Loshchilov and Hutter, SGDR, ICLR 2017,
  /// eq. 5 without restarts).
  case cosine(passes: Int)
  /// 1 / (1 + decay t) (Robbins and Monro, Ann. Math. Statist. 22, 1951: the steps' sum diverges).
  case inverse(decay: Double)

  /// The factor on the learning rate in the pass with this number, from 0.
  public func factor(pass: Int) -> Double {
    switch self {
    case .constant: 1
    case .step(let every, let factor): pow(factor, Double(pass / every))
    case .exponential(let factor): pow(factor, Double(pass))
    case .cosine(let passes):
      pass >= passes ? 0 : 0.5 * (1 + cos(Double.pi * Double(pass) / Double(passes)))
    case .inverse(let decay): 1 / (1 + decay * Double(pass))
    }
  }

  var isValid: Bool {
    switch self {
    case .constant: true
    case .step(let every, let factor): every > 0 && factor > 0 && factor <= 1
    case .exponential(let factor): factor > 0 && factor <= 1
    case .cosine(let passes): passes > 0
    case .inverse(let decay): decay >= 0 && decay.isFinite
    }
  }
}

extension LearningRateSchedule: LosslessStringConvertible {
  /// The forms that ``init(_:)`` reads.
  public static let forms =
    "constant, step:EVERY:FACTOR, exponential:FACTOR, cosine:PASSES or inverse:DECAY, "
    + "with 0 < FACTOR <= 1, EVERY and PASSES at least 1, DECAY at least 0"

  /// The schedule as ``init(_:)`` reads it.
  public var description: String {
    switch self {
    case .constant: "constant"
    case .step(let every, let factor): "step:\(every):\(factor)"
    case .exponential(let factor): "exponential:\(factor)"
    case .cosine(let passes): "cosine:\(passes)"
    case .inverse(let decay): "inverse:\(decay)"
    }
  }

  /// Reads one of ``forms``; `nil` for any other text.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    switch (parts[0], parts.count) {
    case ("constant", 1): self = .constant
    case ("step", 3):
      guard let every = Int(parts[1]), let factor = Double(parts[2]) else { return nil }
      self = .step(every: every, factor: factor)
    case ("exponential", 2):
      guard let factor = Double(parts[1]) else { return nil }
      self = .exponential(factor: factor)
    case ("cosine", 2):
      guard let passes = Int(parts[1]) else { return nil }
      self = .cosine(passes: passes)
    case ("inverse", 2):
      guard let decay = Double(parts[1]) else { return nil }
      self = .inverse(decay: decay)
    default: return nil
    }
    guard isValid else { return nil }
  }
}

extension LearningRateSchedule: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let schedule = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "no schedule: \(text); expected \(Self.forms)")
    }
    self = schedule
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
