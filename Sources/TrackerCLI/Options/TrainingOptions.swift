import ArgumentParser
import TrackerEngine
import TrackerGradientCheck
import TrackerOptimization

struct TrainingOptions: ParsableArguments {
  @Option(help: "lbfgs, tnc, bfgs, cg, gd, sgd, adam. (default: lbfgs)")
  var optimizer: OptimizerMethod?
  @Option(help: "The step of gd, sgd and adam. (default: the method's own)")
  var learningRate: Double?
  @Option(help: "The momentum of sgd, 0 up to 1. (default: 0.9)")
  var momentum: Double?
  @Flag(inversion: .prefixedNo, help: "Look ahead along sgd's momentum. (default: --nesterov)")
  var nesterov: Bool?
  @Option(
    help: ArgumentHelp(
      "How the learning rate falls: constant, step:10:0.5, exponential:0.95, cosine:100, inverse:0.1.",
      discussion: "(default: constant)"))
  var schedule: LearningRateSchedule?
  @Option(help: "Examples in a mini-batch of sgd and adam. (default: 32)")
  var batchSize: Int?
  @Option(help: "Pairs that lbfgs remembers. (default: 10)")
  var memory: Int?
  @Option(help: "At most this many epochs. (default: 200)")
  var epochs: Int?
  @Option(help: "Stop when the gradient's largest entry is below this. (default: 1e-5)")
  var tolerance: Double?
  @Option(help: "Stop after this many epochs without a better held-out cost. (default: never)")
  var patience: Int?
  @Option(help: "backprop, forward-difference, central-difference. (default: backprop)")
  var gradient: GradientSource?
  @Option(help: "The step of a numerical --gradient. (default: 0.01 forward, 1e-4 central)")
  var dx: Double?

  @Option(
    help: ArgumentHelp(
      "Save the whole state every so many epochs, for resume. (default: every half minute)",
      valueName: "epochs"))
  var checkpointEvery: Int?

  func apply(to training: inout TrainingConfiguration) {
    checkpointEvery.map { training.checkpointEvery = $0 }
    optimizer.map { training.optimizer.method = $0 }
    learningRate.map { training.optimizer.learningRate = $0 }
    momentum.map { training.optimizer.momentum = $0 }
    nesterov.map { training.optimizer.nesterov = $0 }
    schedule.map { training.optimizer.schedule = $0 }
    batchSize.map { training.optimizer.batchSize = $0 }
    memory.map { training.optimizer.memory = $0 }
    epochs.map { training.epochs = $0 }
    tolerance.map { training.optimizer.tolerance = $0 }
    patience.map { training.patience = $0 }
    gradient.map { training.gradient = $0 }
    dx.map { training.dx = $0 }
  }
}

struct CheckOptions: ParsableArguments {
  @Option(help: "When: start, end, both, every=N, never. (default: start)")
  var check: CheckSchedule?
  @OptionGroup var method: CheckMethodOptions
  @Flag(help: "Exit with status 1 if a check fails.")
  var requireCheck = false

  func apply(to training: inout TrainingConfiguration) {
    check.map { training.check.schedule = $0 }
    method.apply(to: &training.check)
  }
}

/// How a gradient is checked.
struct CheckMethodOptions: ParsableArguments {
  @Option(
    help:
      "The step of the difference quotients. (default: 1e-4 central, 1e-7 with relu, 1e-8 forward)")
  var epsilon: Double?
  @Option(help: "How far two derivatives may differ, absolute and relative. (default: 1e-6)")
  var checkTolerance: Double?
  @Option(help: "central, forward, complex-step. (default: central)")
  var checkMethod: DifferenceMethod?

  func validate() throws {
    if let epsilon, !(epsilon > 0 && epsilon.isFinite) {
      throw ValidationError("--epsilon is a finite number above 0, not \(epsilon)")
    }
    if let checkTolerance, !(checkTolerance >= 0 && checkTolerance.isFinite) {
      throw ValidationError(
        "--check-tolerance is a finite number, at least 0, not \(checkTolerance)")
    }
  }

  func apply(to check: inout CheckSettings) {
    epsilon.map { check.epsilon = $0 }
    checkTolerance.map { check.tolerance = GradientTolerance($0) }
    checkMethod.map { check.method = $0 }
  }
}
