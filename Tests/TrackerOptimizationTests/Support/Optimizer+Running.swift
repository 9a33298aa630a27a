@testable import TrackerOptimization

extension OptimizerMethod {
  /// The methods that step on the whole cost with a line search.
  static let searching: [OptimizerMethod] = [.lbfgs, .tnc, .bfgs, .cg, .gd]
}

extension Optimizer {
  /// Begins and goes on until there is no next iteration, or there were this many.
  mutating func run(_ objective: some Objective, iterations: Int = .max) throws {
    try begin(objective)
    try advance(objective, iterations: iterations)
  }

  /// Goes on by at most this many iterations.
  mutating func advance(_ objective: some Objective, iterations: Int) throws {
    var done = 0
    while stopReason == nil, done < iterations {
      try advance(objective)
      done += 1
    }
  }
}
