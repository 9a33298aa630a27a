/// The typed value of a parameter.
public enum ParameterValue: Hashable, Sendable {
  /// A whole number, such as a seed.
  case integer(Int64)
  /// A number; NaN and ±∞ are values like any other.
  case real(Double)
  /// A text.
  case text(String)
  /// Yes or no.
  case boolean(Bool)
}

extension ParameterValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension ParameterValue: CustomStringConvertible {
  /// The value in its one spelling: a text as it is, a number as ``Swift/Double/spelling``.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): value.spelling
    case .text(let text): text
    case .boolean(let value): "\(value)"
    }
  }
}

extension Double {
  /// The number as it is typed: with the digits that tell it from all others, a whole one without a point, such as `0.12`, `3`, `1e-07`.
  package var spelling: String {
    self == rounded() && abs(self) < 1e15 ? "\(Int64(self))" : "\(self)"
  }
}
