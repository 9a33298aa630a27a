/// All that is known of a check and of the network around it. Every part may be missing; the rules use
/// what is there and say what else would decide.
public struct DiagnosisInput: Sendable {
  /// The two gradients, and how they were measured.
  public var check: GradientCheck?
  /// Difference quotients at the same point with another step.
  public var secondStep: SecondStep?
  /// J at the parameters of the check, evaluated again and again.
  public var costs: [Double] = []
  /// The types that the vectors have where they come from, such as `float32` or `int64`.
  public var elementTypes = ElementTypes()
  /// m, the examples that the cost is a mean over.
  public var exampleCount: Int?
  /// λ, of the penalty λ/2m Σ θ².
  public var lambda: Double?
  /// The hidden layers' activation, such as `relu`.
  public var activation: String?
  /// How the cost is computed: `stable` or `clamped`.
  public var costForm: String?
  /// What the cost is, such as `mse` or `cross-entropy`; `nil` of our own network, whose cost is a
  /// cross-entropy, and where it is not known.
  public var costKind: String?
  /// The range of the initial parameters as the option takes it, such as `0:3`.
  public var initialRange: String?
  /// At the check, the share of saturated units of each layer, the first hidden layer first.
  public var saturatedFractions: [Double]
  /// At the check, how many outputs the cost clamped.
  public var clampHits: Int?
  /// The command of the program `tracker` that repeats the run, to which options are added in ``Finding/confirm``;
  /// `nil` of any other code, in whose terms it is then said what would confirm a cause.
  public var command: String?
  /// Whether the code that is judged is not that program's.
  var isForeign: Bool { command == nil }

  /// What is known. Set the other properties as they are.
  public init(
    check: GradientCheck? = nil, exampleCount: Int? = nil, lambda: Double? = nil,
    command: String? = nil
  ) {
    self.check = check
    self.exampleCount = exampleCount
    self.lambda = lambda
    self.command = command
    saturatedFractions = []
  }

  /// Difference quotients with another step than the check's.
  public struct SecondStep: Sendable {
    /// The step.
    public var epsilon: Double
    /// The quotients, of the same length as the check's.
    public var numerical: [Double]

    /// Quotients with this step.
    public init(epsilon: Double, numerical: [Double]) {
      self.epsilon = epsilon
      self.numerical = numerical
    }
  }

  /// NumPy's names of the types of a check's vectors.
  public struct ElementTypes: Sendable {
    /// Of the claimed derivatives.
    public var analytic: String?
    /// Of the difference quotients.
    public var numerical: String?
    /// Of the parameters.
    public var parameters: String?

    /// Nothing known.
    public init() {}
  }

  /// λ/m, if both are known.
  var penalty: Double? {
    guard let lambda, let exampleCount, exampleCount > 0 else { return nil }
    return lambda / Double(exampleCount)
  }
}
