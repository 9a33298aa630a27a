import CTrackerKernels
import TrackerSystem

/// Adam over mini-batches.
///
/// Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015,
/// algorithm 1, with its β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
struct Adam: IterativeOptimizer {
  let settings: OptimizerSettings
  var iterate: Iterate
  private var moments: Moments

  init(settings: OptimizerSettings, startingAt parameters: [Double]) {
    self.settings = settings
    iterate = Iterate(startingAt: parameters)
    moments = Moments(count: parameters.count)
  }

  mutating func iterateOnce(_ objective: some Objective) throws {
    try iterate.pass(over: objective, settings) { parameters, gradient, rate in
      moments.update(&parameters, gradient, rate: rate)
    }
  }

  mutating func visitState(_ archive: inout StateArchive) throws {
    try iterate.visit(&archive)
    try moments.visit(&archive, count: parameters.count)
  }
}

/// The running means of the gradient and of its square.
private struct Moments: Sendable {
  private var first: [Double]
  private var second: [Double]
  private var updates = 0

  private static let firstDecay = 0.9
  private static let secondDecay = 0.999
  private static let epsilon = 1e-8

  init(count: Int) {
    first = [Double](repeating: 0, count: count)
    second = first
  }

  /// m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η m̂ / (√v̂ + ε).
  mutating func update(_ parameters: inout [Double], _ gradient: [Double], rate: Double) {
    precondition(parameters.count == first.count && gradient.count == first.count)
    updates += 1
    // The corrections of both moments are taken out of the loop: one division an element is left.
    let scaledRate = rate / (1 - pow(Self.firstDecay, Double(updates)))
    let spreadScale = 1 / (1 - pow(Self.secondDecay, Double(updates))).squareRoot()
    let adam = TrackerAdam(
      first_decay: Self.firstDecay, second_decay: Self.secondDecay, rate: scaledRate,
      spread: spreadScale, epsilon: Self.epsilon)
    tracker_adam_update(adam, gradient, &first, &second, &parameters, gradient.count)
  }

  mutating func visit(_ archive: inout StateArchive, count: Int) throws {
    try archive.visit(&first, count: count)
    try archive.visit(&second, count: count)
    try archive.visit(&updates)
  }
}
