public import TrackerValues

/// The best epoch so far, by its held-out cost.
struct EarlyStopping: Sendable {
  var cost = Double.infinity
  var epoch = 0
  var parameters: [Double] = []

  mutating func see(cost: Double, epoch: Int, parameters: [Double]) {
    guard cost < self.cost else { return }
    self.cost = cost
    self.epoch = epoch
    self.parameters = parameters
  }
}

/// All that a training goes on from.
struct TrainingState {
  var epoch: Int
  var seconds: Double
  var best: EarlyStopping
  var optimizer: [UInt8]

  init(epoch: Int, seconds: Double, best: EarlyStopping, optimizer: [UInt8]) {
    self.epoch = epoch
    self.seconds = seconds
    self.best = best
    self.optimizer = optimizer
  }

  /// Little-endian words: epoch, seconds, best epoch, best cost, the number of the best parameters,
  /// these, and then the optimiser's state.
  var encoded: [UInt8] {
    var words = [
      UInt64(epoch), seconds.bitPattern, UInt64(best.epoch), best.cost.bitPattern,
      UInt64(best.parameters.count),
    ]
    words += best.parameters.map(\.bitPattern)
    return words.map(\.littleEndian).withUnsafeBytes { Array($0) } + optimizer
  }

  init(decoding bytes: [UInt8]) throws {
    func word(_ index: Int) -> UInt64? {
      guard bytes.count >= (index + 1) * 8 else { return nil }
      return bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
      }
    }
    guard let epoch = word(0).flatMap(Int.init(exactly:)), let seconds = word(1),
      let bestEpoch = word(2).flatMap(Int.init(exactly:)), let bestCost = word(3),
      let count = word(4).flatMap(Int.init(exactly:)), count <= bytes.count / 8 - 5
    else { throw DamagedCheckpoint() }
    self.epoch = epoch
    self.seconds = Double(bitPattern: seconds)
    best = EarlyStopping(
      cost: Double(bitPattern: bestCost), epoch: bestEpoch,
      parameters: (5..<5 + count).compactMap { word($0).map(Double.init(bitPattern:)) })
    optimizer = Array(bytes[((5 + count) * 8)...])
  }
}

/// A checkpoint's bytes are not what was written.
public struct DamagedCheckpoint: ExplainedError, Hashable {
  /// What it says in words.
  public var description: String { "the saved state of the training is damaged" }
  /// What sort of trouble it is.
  public var kind: ExplainedErrorKind { .data }
}
