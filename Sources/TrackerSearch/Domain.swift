import TrackerSystem
import TrackerValues

/// What an option may be in a search.
package enum Domain: Hashable, Sendable {
  /// One of these, as they are typed.
  case choices([String])
  /// A number; the logarithm of a logarithmic one is uniform.
  case real(ClosedRange<Double>, isLogarithmic: Bool)
  /// A whole number; the logarithm of a logarithmic one is uniform.
  case integer(ClosedRange<Int>, isLogarithmic: Bool)

  /// The same with each choice in another spelling; one that two choices come to is listed once.
  package func spelled(_ spelling: (String) -> String) -> Domain {
    guard case .choices(let choices) = self else { return self }
    var seen: Set<String> = []
    return .choices(choices.map(spelling).filter { seen.insert($0).inserted })
  }

  /// The axis that samplers see.
  package var dimension: SearchDimension {
    if case .choices(let choices) = self { .choice(count: choices.count) } else { .interval }
  }

  /// The value at a coordinate, ready to be typed: a number with six significant digits.
  package func text(at coordinate: Double) -> String {
    switch self {
    case .choices(let choices): return choices[Int(coordinate)]
    case .real(let range, _):
      let value = rounded(value(at: coordinate))
      return min(max(value, range.lowerBound), range.upperBound).spelling
    case .integer(let range, _):
      return "\(min(max(Int(value(at: coordinate).rounded()), range.lowerBound), range.upperBound))"
    }
  }

  /// The coordinate of a value; `nil` for a text that is none.
  package func coordinate(of text: String) -> Double? {
    if case .choices(let choices) = self { return choices.firstIndex(of: text).map(Double.init) }
    guard let value = Double(text) else { return nil }
    let (lower, upper) = scaledBounds
    return upper > lower ? min(max((scaled(value) - lower) / (upper - lower), 0), 1) : 0.5
  }

  private func value(at coordinate: Double) -> Double {
    let (lower, upper) = scaledBounds
    let value = lower + coordinate * (upper - lower)
    return isLogarithmic ? exp(value) : value
  }

  private var isLogarithmic: Bool {
    switch self {
    case .choices: false
    case .real(_, let isLogarithmic), .integer(_, let isLogarithmic): isLogarithmic
    }
  }

  private func scaled(_ value: Double) -> Double { isLogarithmic ? log(value) : value }

  /// The bounds on the scale on which the distribution is uniform. Each whole number has an interval of its own,
  /// from a half below to a half above.
  private var scaledBounds: (Double, Double) {
    switch self {
    case .choices: (0, 1)
    case .real(let range, _): (scaled(range.lowerBound), scaled(range.upperBound))
    case .integer(let range, _):
      (scaled(Double(range.lowerBound) - 0.5), scaled(Double(range.upperBound) + 0.5))
    }
  }
}

/// The number to six significant digits.
private func rounded(_ value: Double) -> Double {
  guard value != 0 else { return 0 }
  let decimals = 5 - log10(abs(value)).rounded(.down)
  let scale = pow(10, abs(decimals))
  return decimals < 0 ? (value / scale).rounded() * scale : (value * scale).rounded() / scale
}
