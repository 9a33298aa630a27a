/// The methods of minimisation on offer.
public enum OptimizerMethod: String, CaseIterable, Codable, Sendable {
  /// Limited-memory BFGS.
  case lbfgs
  /// Truncated Newton with preconditioned conjugate gradients inside.
  case tnc
  /// BFGS with a dense inverse Hessian.
  case bfgs
  /// Non-linear conjugate gradients.
  case cg
  /// Gradient descent, backtracking or with fixed steps.
  case gd
  /// Stochastic gradient descent over mini-batches, with momentum.
  case sgd
  /// Adam over mini-batches.
  case adam

  /// Whether an iteration is a pass over mini-batches instead of a step of the whole objective.
  public var isMiniBatch: Bool { self == .sgd || self == .adam }

  /// The learning rate where none is set; `nil` for a method that finds its own step lengths.
  public var defaultLearningRate: Double? {
    switch self {
    case .sgd: 0.01
    case .adam: 0.001
    case .lbfgs, .tnc, .bfgs, .cg, .gd: nil
    }
  }

  var type: any IterativeOptimizer.Type {
    switch self {
    case .lbfgs: LimitedMemoryBFGS.self
    case .tnc: TruncatedNewton.self
    case .gd: GradientDescent.self
    case .bfgs: DenseBFGS.self
    case .cg: ConjugateGradient.self
    case .sgd: StochasticGradientDescent.self
    case .adam: Adam.self
    }
  }
}
