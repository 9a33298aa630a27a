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
      let claimed = indices.map { analytic[$0] }
      let theta = indices.map { parameters[$0] }
      let squares = dot(theta, theta)
      let slope = penalty ?? (squares > 0 ? dot(claimed, theta) / squares : 0)
      let expected = theta.map { slope * $0 }
      let visible = tolerance.absolute + rounding
      // A slope that was fitted meets a block of one weight whatever the data contribute.
      if slope > 0, largest(expected) > visible, largest(claimed, less: expected) <= visible,
        Match(
          claimed, expected, instead: claimed.map { _ in 0 }, freeNumbers: penalty == nil ? 1 : 0,
          check: self
        ).bits >= 20
      {
        return VacuousBlock(
          name: block.name, slope: slope, largestDataPart: largest(claimed, less: expected))
      }
      // Without a penalty in sight, only derivatives that are all but exactly 0 are no coincidence.
      guard largest(claimed) <= 1e-12 else { return nil }
      return VacuousBlock(name: block.name, slope: 0, largestDataPart: largest(claimed))
    }
  }
}

/// max |values|, or max |values − others|; 0 of nothing.
private func largest(_ values: [Double], less others: [Double]? = nil) -> Double {
  values.indices.reduce(0) { max($0, abs(values[$1] - (others?[$1] ?? 0))) }
}
