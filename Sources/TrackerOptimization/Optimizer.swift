/// A method of minimisation that is advanced one iteration at a time, so that its caller can record,
/// stop, save and go on between any two.
///
/// The whole state is a value: what ``encodedState()`` wrote,
/// ``OptimizerSettings/restoreOptimizer(from:)`` reads back, and the iterations that follow are the
/// same to the bit. An error that the objective throws comes out of ``advance(_:)``; for a mini-batch
/// method the pass is then half done, and the last saved state is where to go on from.
public protocol Optimizer: Sendable {
  /// The current point, of length n.
  var parameters: [Double] { get }
  /// The cost at ``parameters``; for a mini-batch method the mean over the last pass.
  var cost: Double { get }
  /// The gradient at ``parameters``, of length n; for a mini-batch method the mean over the last pass.
  var gradient: [Double] { get }
  /// Iterations done; for a mini-batch method, passes over the data.
  var iteration: Int { get }
  /// Evaluations of the objective so far; a mini-batch counts as its share of one.
  var evaluations: Double { get }
  /// The length of the last step, ‖θ_k − θ_(k−1)‖₂; 0 before the first.
  var stepLength: Double { get }
  /// Why there is no next iteration; `nil` while there is one.
  var stopReason: StopReason? { get }

  /// Evaluates the objective at the start. Called once, before the first ``advance(_:)``.
  mutating func begin(_ objective: some Objective) throws

  /// Does one iteration. Does nothing once ``stopReason`` is set.
  mutating func advance(_ objective: some Objective) throws

  /// Everything that the next iteration depends on, as bytes.
  func encodedState() -> [UInt8]
}
