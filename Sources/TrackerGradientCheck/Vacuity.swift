/// A part of a check in which both sides are the penalty's derivative alone: their agreement says
/// nothing about back-propagation.
public struct VacuousBlock: Hashable, Sendable {
  /// The layer's name.
  public let name: String
  /// The factor k of a = k · θ: λ/m, or 0 where no derivative is above the tolerance.
  public let slope: Double
  /// max |a − k · θ| over the weights: what the data contribute.
  public let largestDataPart: Double
}

extension GradientCheck {
  /// The layers whose weights agree only because the data contribute nothing that the tolerance could
  /// see: a and n are both k · θ. So it is where units are saturated or dead.
  ///
  /// A stationary point is no such thing: there the data's part and the penalty's cancel.
  ///
  /// - Parameter penalty: λ/m; if it is not known, it is fitted
  public func vacuousBlocks(penalty: Double? = nil) -> [VacuousBlock] {
    guard let parameters else { return [] }
    return blocks.compactMap { block in
      guard block.part == .weights, block.passed else { return nil }
      let offset = layout.offsets[block.index]
      let matrix = layout.blocks[block.index]
      let indices = matrix.entries(of: .weights).map { offset + $0 }
      var products = 0.0
      var squares = 0.0
      for index in indices {
        products += analytic[index] * parameters[index]
        squares += parameters[index] * parameters[index]
      }
      let slope = penalty ?? (squares > 0 ? products / squares : 0)
      var largestPenalty = 0.0
      var largestData = 0.0
      for index in indices {
        largestPenalty = max(largestPenalty, abs(slope * parameters[index]))
        largestData = max(largestData, abs(analytic[index] - slope * parameters[index]))
      }
      let visible = tolerance.absolute + rounding
      // Without a penalty in sight, only derivatives that are all but exactly 0 are no coincidence.
      let hasPenalty = slope > 0 && largestPenalty > visible
      guard largestData <= (hasPenalty ? visible : 1e-12) else { return nil }
      return VacuousBlock(
        name: block.name, slope: hasPenalty ? slope : 0, largestDataPart: largestData)
    }
  }
}
