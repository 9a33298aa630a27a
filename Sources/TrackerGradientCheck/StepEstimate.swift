public import TrackerOptimization

/// How far a difference quotient is from the derivative, by a second step of 2ε: how much of it is
/// truncation, how much may be rounding, and what would be left without either.
public struct StepEstimate: Hashable, Sendable {
  /// An entry at which the two steps were compared.
  public struct Entry: Hashable, Sendable {
    /// The index in the flat vector.
    public let index: Int
    /// What the program claims.
    public let analytic: Double
    /// The quotient with ε.
    public let numerical: Double
    /// The quotient with 2ε.
    public let numericalAtTwice: Double
    /// The derivative with the leading error of truncation taken off (L. F. Richardson, 1911).
    public let extrapolated: Double
    /// |numerical − extrapolated|.
    public var truncation: Double { abs(numerical - extrapolated) }
  }

  /// The entries, those that differed most.
  public let entries: [Entry]
  /// What rounding alone may change, from ulp(J)/ε.
  public let rounding: Double
  /// What the step is to blame for, if it is.
  public let verdict: Verdict

  /// Whether a failed check is the step's fault.
  public enum Verdict: String, Codable, Hashable, Sendable {
    /// The entries agree as they are.
    case agrees
    /// Extrapolated, they agree: ε is too large.
    case epsilonTooLarge = "epsilon-too-large"
    /// The differences are no larger than rounding makes them: ε is too small.
    case epsilonTooSmall = "epsilon-too-small"
    /// No step would make them agree.
    case notTheStep = "not-the-step"
  }

  /// The largest truncation error of the entries.
  public var truncation: Double { entries.reduce(0) { max($0, $1.truncation) } }

  /// Compares quotients with ε and 2ε at the entries that differ most.
  ///
  /// - Parameters:
  ///   - check: a check of `objective`; its parameters must be known
  /// - Throws: ``GradientCheckError``, and what `objective` throws
  public init(of objective: some Objective, for check: GradientCheck) throws {
    guard let parameters = check.parameters else {
      throw GradientCheckError.lengthDiffers(expected: objective.parameterCount, found: 0)
    }
    var atTwice = try DifferenceQuotients(
      of: objective, at: parameters, method: check.method, epsilon: 2 * check.epsilon)
    self.init(
      entries: try check.worst.map { ($0, try atTwice.derivative($0.index)) }, of: check)
  }

  /// The same from quotients that are there already, such as a network's incremental ones.
  ///
  /// - Parameter numericalAtTwice: all quotients with 2ε, of length `check.layout.count`
  public init(for check: GradientCheck, numericalAtTwice: [Double]) {
    self.init(entries: check.worst.map { ($0, numericalAtTwice[$0.index]) }, of: check)
  }

  private init(entries pairs: [(GradientCheck.Entry, Double)], of check: GradientCheck) {
    // The error is proportional to ε for a one-sided quotient, to ε² for the others.
    let factor = check.method == .forward ? 1.0 : 1.0 / 3
    let entries = pairs.map { entry, atTwice in
      Entry(
        index: entry.index, analytic: entry.analytic, numerical: entry.numerical,
        numericalAtTwice: atTwice,
        extrapolated: entry.numerical + (entry.numerical - atTwice) * factor)
    }
    let rounding =
      check.cost.map { check.method.roundingError(cost: $0, epsilon: check.epsilon) }
      ?? check.rounding
    self.entries = entries
    self.rounding = rounding
    let tolerance = check.tolerance
    func all(_ agree: (Entry) -> Bool) -> Bool { entries.allSatisfy(agree) }
    if all({ tolerance.agrees($0.analytic, $0.numerical, rounding: check.rounding) }) {
      verdict = .agrees
    } else if all({ tolerance.agrees($0.analytic, $0.extrapolated, rounding: check.rounding) }) {
      verdict = .epsilonTooLarge
    } else if all({ tolerance.agrees($0.analytic, $0.numerical, rounding: rounding) }) {
      verdict = .epsilonTooSmall
    } else {
      verdict = .notTheStep
    }
  }

  /// What to tell the user, or `nil` when there is nothing to say.
  public var suggestion: String? {
    switch verdict {
    case .agrees: nil
    case .epsilonTooLarge:
      "Only ε is too large: with a second step, and its error taken off, all agree. Divide ε by ten."
    case .epsilonTooSmall:
      "Only ε is too small: the differences are within rounding, ulp(J)/ε. Multiply ε by ten or more."
    case .notTheStep: "No step would make them agree: the gradient or the cost is wrong."
    }
  }
}
