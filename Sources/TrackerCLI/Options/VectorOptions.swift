import ArgumentParser
import TrackerExperiments
import TrackerGradientCheck

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
  @Option(help: "The layers' shapes, such as 65x100,101x10.")
  var shapes: String?
  @Option(help: "Where each layer's bias stands: first-row, last-row, none. (default: first-row)")
  var bias: BiasPlacement?
  @Option(help: "The examples that the cost is a mean over.")
  var examples: Int?
  @Option(parsing: .unconditional, help: "The weight of the penalty lambda/2m * sum of squares.")
  var lambda: Double?
  @Option(
    parsing: .unconditional, help: "The cost at the parameters; what rounding may do depends on it."
  )
  var cost: Double?
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
    let others: [Any?] = [theta, shapes, bias, examples, lambda, cost, experiment, name]
    if !areGiven {
      guard others.allSatisfy({ $0 == nil }), !patch.noPatch else {
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
    if let examples, examples < 1 {
      throw ValidationError("--examples is at least 1, not \(examples)")
    }
    if let lambda, !(lambda >= 0 && lambda.isFinite) {
      throw ValidationError("--lambda is a finite number, at least 0, not \(lambda)")
    }
  }

  func foreignCheck(_ method: CheckMethodOptions, in context: CommandContext) throws -> ForeignCheck
  {
    func path(_ file: String?) -> String? {
      file.map { FileSystem.absolute($0, in: context.workingDirectory) }
    }
    return ForeignCheck(
      analytic: path(analytic) ?? "", numerical: path(numerical) ?? "", theta: path(theta),
      shapes: shapes, bias: bias ?? .firstRow, examples: examples, lambda: lambda,
      epsilon: method.epsilon ?? 1e-4, method: method.checkMethod ?? .central,
      tolerance: method.checkTolerance.map { GradientTolerance($0) } ?? .default, cost: cost)
  }
}
