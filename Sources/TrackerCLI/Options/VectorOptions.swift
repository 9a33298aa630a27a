import ArgumentParser
import TrackerEngine
import TrackerExperiments
import TrackerGradientCheck
import TrackerSystem

/// The vectors of a gradient check that other code made.
struct VectorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The derivatives that the code claims.", valueName: "file"),
    completion: .file())
  var analytic: String?
  @Option(help: ArgumentHelp("The difference quotients.", valueName: "file"), completion: .file())
  var numerical: String?
  @Option(
    help: ArgumentHelp("The parameters; some causes need them.", valueName: "file"),
    completion: .file())
  var theta: String?
  @Option(
    help: """
      The layers' shapes, such as 65x100,101x10, the bias counted. Without --shapes and --layout all is \
      one block of which nothing is known.
      """)
  var shapes: String?
  @Option(
    help: """
      Where each layer's bias stands: first-row, last-row, first-column, last-column, own-block, none. \
      (default: first-row)
      """)
  var bias: BiasPlacement?
  @Option(
    help: """
      Every block by its name, its shape and, where needed, where its bias stands and C or F for the order \
      of its entries, such as W1:25x64,b1:25:own-block,conv:8x3x3x3.
      """)
  var layout: String?
  @Option(help: "The examples that the cost is a mean over.")
  var examples: Int?
  @Option(parsing: .unconditional, help: "The weight of the penalty lambda/2m * sum of squares.")
  var lambda: Double?
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      The cost at the parameters; what rounding may do depends on it. Given twice or more, or as a file of \
      values, each from an evaluation at the same parameters, it shows whether the cost repeats itself.
      """, valueName: "number or file"))
  var cost: [String] = []
  @Option(
    help: """
      What the cost is, such as mse, cross-entropy or hinge, in your words.
      """)
  var costForm: String?
  @Option(help: "The hidden layers' activation: sigmoid, tanh, relu, or another.")
  var activation: String?
  @Option(
    help: ArgumentHelp(
      "Difference quotients with another step, --second-epsilon.", valueName: "file"),
    completion: .file())
  var secondNumerical: String?
  @Option(help: "The step of --second-numerical. (default: twice --epsilon)")
  var secondEpsilon: Double?
  @Option(
    help: "The group that the record belongs to. (default: default)",
    completion: Completion.experiment)
  var experiment: String?
  @Option(help: "A name for people.")
  var name: String?
  @OptionGroup var patch: PatchOptions

  /// Whether vectors are to be checked, and not a run.
  var areGiven: Bool { analytic != nil || numerical != nil }

  func validate(besideRun hasRun: Bool) throws {
    let others: [Any?] = [
      theta, shapes, bias, layout, examples, lambda, costForm, activation, secondNumerical,
      secondEpsilon, experiment, name,
    ]
    if !areGiven {
      guard others.allSatisfy({ $0 == nil }), cost.isEmpty, !patch.noPatch else {
        throw ValidationError("the options on vectors go with --analytic and --numerical")
      }
      return
    }
    guard analytic != nil, numerical != nil else {
      throw ValidationError("--analytic and --numerical go together")
    }
    guard !hasRun else {
      throw ValidationError("name a run, or --analytic and --numerical, but not both")
    }
    if layout != nil, shapes != nil || bias != nil {
      throw ValidationError("--layout says all that --shapes and --bias say: give one or the other")
    }
    if secondEpsilon != nil, secondNumerical == nil {
      throw ValidationError(
        "--second-epsilon is the step of --second-numerical, which is not given")
    }
    if let secondEpsilon, !(secondEpsilon > 0 && secondEpsilon.isFinite) {
      throw ValidationError("--second-epsilon is a finite number above 0, not \(secondEpsilon)")
    }
    if let examples, examples < 1 {
      throw ValidationError("--examples is at least 1, not \(examples)")
    }
    if let lambda, !(lambda >= 0 && lambda.isFinite) {
      throw ValidationError("--lambda is a finite number, at least 0, not \(lambda)")
    }
  }

  func foreignCheck(_ method: CheckMethodOptions, in context: CommandContext) throws -> ForeignCheck
  {
    func path(_ file: String) -> String {
      absolutePath(file, in: context.workingDirectory)
    }
    // The rules of ε and the tolerance are those of a training; the method only says how the vectors were made.
    var training = TrainingConfiguration()
    try training.apply(method.given.filter { $0.key != "checkMethod" })
    try training.validate()
    let epsilon = training.check.epsilon ?? 1e-4
    try training.apply(method.given)
    var check = ForeignCheck(
      analytic: path(analytic ?? ""), numerical: path(numerical ?? ""), theta: theta.map(path),
      layout: try parameterLayout, epsilon: epsilon, method: training.check.method,
      tolerance: training.check.tolerance,
      costs: try cost.flatMap { text in
        try Double(text).map { [$0] } ?? VectorFile(path(text)).values
      })
    check.examples = examples
    check.lambda = lambda
    check.activation = activation
    check.costForm = costForm
    check.second = secondNumerical.map { (secondEpsilon ?? 2 * epsilon, path($0)) }
    return check
  }

  private var parameterLayout: ParameterLayout? {
    get throws {
      if let layout { return try ParameterLayout(describedBy: layout) }
      return try shapes.map { try ParameterLayout(parsing: $0, bias: bias ?? .firstRow) }
    }
  }
}
