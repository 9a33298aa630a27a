import TrackerSystem
import TrackerValues

/// How parameters are made before the first epoch.
public enum Initialization: Hashable, Sendable {
  /// Every parameter, biases too, uniformly from lower…upper.
  case uniform(lower: Double, upper: Double)
  /// Weights uniformly from ±√(6 / (inputs + units)), biases 0 (X. Glorot and Y. Bengio, AISTATS 2010,
  /// eq. 16).
  case glorot
  /// Weights normal with variance 2 / inputs, biases 0 (K. He et al., ICCV 2015, eq. 10).
  case he

  /// Parameters for a network of these layer sizes, flat: each layer's matrix row-major, bias row
  /// first.
  public func makeParameters(layerSizes: [Int], seed: UInt64) -> [Double] {
    var generator = RandomGenerator(seed: seed)
    var parameters: [Double] = []
    for (inputs, units) in zip(layerSizes, layerSizes.dropFirst()) {
      for row in 0...inputs {
        for _ in 0..<units {
          switch self {
          case .uniform(let lower, let upper):
            parameters.append(lower + (upper - lower) * generator.uniform())
          case .glorot:
            let limit = (6 / Double(inputs + units)).squareRoot()
            parameters.append(row == 0 ? 0 : limit * (2 * generator.uniform() - 1))
          case .he:
            let deviation = (2 / Double(inputs)).squareRoot()
            parameters.append(row == 0 ? 0 : deviation * generator.normal())
          }
        }
      }
    }
    return parameters
  }
}

extension Initialization: LosslessStringConvertible, Codable {
  /// Reads `0.12` for −0.12…0.12, `0:3` for 0…3, `glorot` or `he`.
  public init?(_ description: String) {
    switch description {
    case "glorot": self = .glorot
    case "he": self = .he
    default:
      let parts = description.split(separator: ":", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { Double($0) }.filter(\.isFinite)
      guard numbers.count == parts.count else { return nil }
      switch numbers.count {
      case 1 where numbers[0] >= 0: self = .uniform(lower: 0 - numbers[0], upper: numbers[0])
      case 2 where numbers[0] <= numbers[1]: self = .uniform(lower: numbers[0], upper: numbers[1])
      default: return nil
      }
    }
  }

  /// `-0.12:0.12`, `0:3`, `glorot` or `he`.
  public var description: String {
    switch self {
    case .uniform(let lower, let upper): "\(lower.spelling):\(upper.spelling)"
    case .glorot: "glorot"
    case .he: "he"
    }
  }

  /// Reads its text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = Initialization(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "not a range of initial parameters")
    }
    self = value
  }

  /// Writes its text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// ln x.
func logarithm(_ x: Double) -> Double { log(x) }
