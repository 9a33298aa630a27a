package import TrackerValues

/// A text that says no values.
package struct DomainSyntaxError: ExplainedError, Hashable {
  /// What is wrong, as a sentence without a full stop.
  package let message: String

  /// What it says in words.
  package var description: String { message }
  /// What sort of trouble it is.
  package var kind: ExplainedErrorKind { .usage }
}

extension Domain {
  /// So many values a range may have.
  static let valueLimit = 10_000

  /// Reads what an option may be:
  ///
  /// - `0,0.1,0.5`: these values; `1...5` or `0...1:0.25` among them: a range, by 1 or by the step given
  /// - `uniform:0...1`, `log:1e-4...1`: a number from there, uniform or with a uniform logarithm
  /// - `int:1...9`, `log-int:8...512`: a whole number from there
  ///
  /// - Throws: ``DomainSyntaxError``
  package init(_ text: String) throws(DomainSyntaxError) {
    if let colon = text.firstIndex(of: ":") {
      let bounds = text[text.index(after: colon)...]
      switch text[..<colon] {
      case "uniform": self = try Self.real(bounds, isLogarithmic: false)
      case "log": self = try Self.real(bounds, isLogarithmic: true)
      case "int": self = try Self.integer(bounds, isLogarithmic: false)
      case "log-int": self = try Self.integer(bounds, isLogarithmic: true)
      default: self = .choices(try Self.list(text))
      }
    } else {
      self = .choices(try Self.list(text))
    }
  }

  private static func real(
    _ text: Substring, isLogarithmic: Bool
  ) throws(DomainSyntaxError) -> Domain {
    guard let (lower, upper) = bounds(text) else {
      throw DomainSyntaxError(message: "\"\(text)\" is not a range of numbers such as 0.01...1")
    }
    return .real(
      try checked(lower, upper, text, isLogarithmic: isLogarithmic), isLogarithmic: isLogarithmic)
  }

  private static func integer(
    _ text: Substring, isLogarithmic: Bool
  ) throws(DomainSyntaxError) -> Domain {
    guard let (lower, upper) = bounds(text), let least = Int(exactly: lower),
      let greatest = Int(exactly: upper)
    else {
      throw DomainSyntaxError(
        message: "\"\(text)\" is not a range of whole numbers such as 10...200")
    }
    _ = try checked(lower, upper, text, isLogarithmic: isLogarithmic)
    return .integer(least...greatest, isLogarithmic: isLogarithmic)
  }

  private static func checked(
    _ lower: Double, _ upper: Double, _ text: Substring, isLogarithmic: Bool
  ) throws(DomainSyntaxError) -> ClosedRange<Double> {
    guard lower < upper else {
      throw DomainSyntaxError(
        message: "\"\(text)\" does not rise from its first number to its second")
    }
    guard !isLogarithmic || lower > 0 else {
      throw DomainSyntaxError(
        message: "\"\(text)\" has no logarithm at its lower end, which must be above 0")
    }
    return lower...upper
  }

  /// `a...b`, or `a..b`.
  private static func bounds(_ text: Substring) -> (Double, Double)? {
    for dots in ["...", ".."] {
      guard let range = text.firstRange(of: dots) else { continue }
      guard let lower = Double(text[..<range.lowerBound]), lower.isFinite,
        let upper = Double(text[range.upperBound...]), upper.isFinite
      else { return nil }
      return (lower, upper)
    }
    return nil
  }

  private static func list(_ text: String) throws(DomainSyntaxError) -> [String] {
    var values: [String] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard !item.isEmpty else {
        throw DomainSyntaxError(message: "\"\(text)\" has an empty value between its commas")
      }
      values += try range(item) ?? [String(item)]
    }
    guard Set(values).count == values.count else {
      throw DomainSyntaxError(message: "\"\(text)\" has a value twice")
    }
    return values
  }

  /// The values of `1...5` or `0...1:0.25`; `nil` for any other text.
  private static func range(_ item: Substring) throws(DomainSyntaxError) -> [String]? {
    let parts = item.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard item.contains("..."), let (lower, upper) = bounds(parts[0]) else { return nil }
    guard let step = parts.count == 1 ? 1 : Double(parts[1]), step > 0, step.isFinite else {
      throw DomainSyntaxError(message: "\"\(item)\" has no step above 0 after its colon")
    }
    // A hair more, for steps that are not binary fractions.
    let steps = ((upper - lower) / step + 1e-9).rounded(.down)
    guard steps >= 0, steps < Double(valueLimit) else {
      throw DomainSyntaxError(
        message: "\"\(item)\" has \(steps < 0 ? "no" : "more than \(valueLimit)") values")
    }
    return (0...Int(steps)).map { index in
      // Twelve decimals, so that 3 × 0.1 is 0.3.
      let value = ((lower + Double(index) * step) * 1e12).rounded() / 1e12
      return Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
  }
}
