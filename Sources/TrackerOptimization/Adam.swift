#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Adam over mini-batches.
///
/// Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015,
/// algorithm 1, with its β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
struct Adam: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  private var firstMoment: [Double]
  private var secondMoment: [Double]
  private var updates = 0

  static let defaultLearningRate = 0.001
  private static let firstDecay = 0.9
  private static let secondDecay = 0.999
  private static let epsilon = 1e-8

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
    firstMoment = [Double](repeating: 0, count: parameters.count)
    secondMoment = firstMoment
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    let rate =
      (settings.learningRate ?? Self.defaultLearningRate)
      * settings.schedule.factor(pass: iteration)
    try iterate.pass(over: objective, settings) { parameters, gradient in
      updates += 1
      let firstCorrection = 1 - pow(Self.firstDecay, Double(updates))
      let secondCorrection = 1 - pow(Self.secondDecay, Double(updates))
      let count = parameters.count
      parameters.withUnsafeMutableBufferPointer { parameters in
        gradient.withUnsafeBufferPointer { gradient in
          firstMoment.withUnsafeMutableBufferPointer { first in
            secondMoment.withUnsafeMutableBufferPointer { second in
              for index in 0..<count {
                let slope = gradient[index]
                first[index] =
                  Self.firstDecay * first[index] + (1 - Self.firstDecay) * slope
                second[index] =
                  Self.secondDecay * second[index] + (1 - Self.secondDecay) * (slope * slope)
                let spread = (second[index] / secondCorrection).squareRoot() + Self.epsilon
                parameters[index] -= rate * (first[index] / firstCorrection) / spread
              }
            }
          }
        }
      }
    }
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try archive.visit(&firstMoment, count: parameters.count)
    try archive.visit(&secondMoment, count: parameters.count)
    try archive.visit(&updates)
  }
}
