/// Two gradients of one function at one point, compared entry by entry: the one that a program claims,
/// and difference quotients.
public struct GradientCheck: Sendable {
  /// How the vectors are cut into matrices.
  public let layout: ParameterLayout
  /// The difference quotient.
  public let method: DifferenceMethod
  /// The step ε.
  public let epsilon: Double
  /// How far two derivatives may differ.
  public let tolerance: GradientTolerance
  /// What is allowed on top because the quotients were subtracted from whole costs; 0 if they were not.
  public let rounding: Double
  /// The claimed derivatives, of length `layout.count`.
  public let analytic: [Double]
  /// The difference quotients, of the same length.
  public let numerical: [Double]
  /// The point θ, of the same length, if known.
  public let parameters: [Double]?
  /// J(θ), if known.
  public let cost: Double?
  /// How long the check took.
  public let seconds: Double
  /// The bias and the weights of each layer, in order; a part that is not there is left out.
  public let blocks: [Block]
  /// The ten entries that differ most, worst first; those that are not finite before all others.
  public let worst: [Entry]

  /// A part of a layer's matrix.
  public enum Part: String, Codable, Hashable, Sendable, CaseIterable {
    /// The biases.
    case bias
    /// All others.
    case weights
  }

  /// The bias or the weights of one layer.
  public struct Block: Hashable, Sendable {
    /// The number of the layer's block in the layout, from 0.
    public let index: Int
    /// The layer's name, such as `theta1`.
    public let name: String
    /// Which part of the layer.
    public let part: Part
    /// The whole block's rows, the bias row among them.
    public let rows: Int
    /// The whole block's columns.
    public let columns: Int
    /// How many entries were compared.
    public let checkedCount: Int
    /// How many of them do not agree.
    public let failedCount: Int
    /// max |a − n|; NaN if any derivative is not finite.
    public let maxAbsoluteDifference: Double
    /// max |a − n| / max(|a|, |n|), 0 where both are 0; NaN if any derivative is not finite.
    public let maxRelativeDifference: Double
    /// The entry with the largest absolute difference, or the first that is not finite.
    public let worst: Entry?
    /// Whether all entries agree.
    public var passed: Bool { failedCount == 0 }
  }

  /// One parameter's two derivatives.
  public struct Entry: Hashable, Sendable {
    /// The layer's name.
    public let block: String
    /// The row within the layer, from 0, the bias row counted.
    public let row: Int
    /// The column within the layer, from 0.
    public let column: Int
    /// The index in the flat vector.
    public let index: Int
    /// What the program claims.
    public let analytic: Double
    /// The difference quotient.
    public let numerical: Double
    /// |a − n|.
    public var absoluteDifference: Double { abs(analytic - numerical) }
    /// |a − n| / max(|a|, |n|); 0 where both are 0.
    public var relativeDifference: Double {
      let scale = max(abs(analytic), abs(numerical))
      return scale == 0 ? 0 : absoluteDifference / scale
    }
  }

  /// Compares two gradients.
  ///
  /// - Parameters:
  ///   - analytic: the claimed derivatives, of length `layout.count`
  ///   - numerical: the difference quotients, of the same length
  ///   - parameters: the point, of the same length, if known
  ///   - cost: J at the point, if known
  ///   - rounding: what the quotients may be wrong by from rounding alone; for quotients of whole costs
  ///     ``DifferenceMethod/roundingError(cost:epsilon:)``
  public init(
    analytic: [Double], numerical: [Double], parameters: [Double]? = nil, cost: Double? = nil,
    layout: ParameterLayout, method: DifferenceMethod, epsilon: Double,
    tolerance: GradientTolerance = .default, rounding: Double = 0, seconds: Double = 0
  ) {
    precondition(analytic.count == layout.count && numerical.count == layout.count)
    precondition(parameters.map { $0.count == layout.count } ?? true)
    self.layout = layout
    self.method = method
    self.epsilon = epsilon
    self.tolerance = tolerance
    self.rounding = rounding
    self.analytic = analytic
    self.numerical = numerical
    self.parameters = parameters
    self.cost = cost
    self.seconds = seconds
    let comparison = Comparison(
      layout: layout, analytic: analytic, numerical: numerical, tolerance: tolerance,
      rounding: rounding)
    blocks = comparison.blocks()
    worst = comparison.worst(10)
  }

  /// How many entries were compared.
  public var checkedCount: Int { blocks.reduce(0) { $0 + $1.checkedCount } }
  /// How many entries do not agree.
  public var failedCount: Int { blocks.reduce(0) { $0 + $1.failedCount } }
  /// Whether every entry agrees.
  public var passed: Bool { failedCount == 0 }
  /// max |a − n|; NaN if any derivative is not finite.
  public var maxAbsoluteDifference: Double { blocks.maximum(of: \.maxAbsoluteDifference) }
  /// max |a − n| / max(|a|, |n|); NaN if any derivative is not finite.
  public var maxRelativeDifference: Double { blocks.maximum(of: \.maxRelativeDifference) }
}

/// The work of comparing.
private struct Comparison {
  let layout: ParameterLayout
  let analytic: [Double]
  let numerical: [Double]
  let tolerance: GradientTolerance
  let rounding: Double

  func blocks() -> [GradientCheck.Block] {
    zip(layout.blocks, layout.offsets).enumerated().flatMap { index, pair in
      let (block, offset) = pair
      return GradientCheck.Part.allCases.compactMap { part -> GradientCheck.Block? in
        let entries = block.entries(of: part)
        guard !entries.isEmpty else { return nil }
        return self.block(block, index: index, part: part, entries: entries, offset: offset)
      }
    }
  }

  private func block(
    _ block: ParameterBlock, index: Int, part: GradientCheck.Part, entries: [Int], offset: Int
  ) -> GradientCheck.Block {
    var failed = 0
    var largest = -1.0
    var largestRelative = 0.0
    var worst: GradientCheck.Entry?
    for own in entries {
      let entry = entry(at: offset + own, block, offset: offset)
      if !tolerance.agrees(entry.analytic, entry.numerical, rounding: rounding) { failed += 1 }
      let difference = entry.absoluteDifference
      // A NaN stays: no comparison with it is true.
      if difference > largest || (!difference.isFinite && largest.isFinite) {
        largest = difference.isFinite ? difference : .nan
        worst = entry
      }
      if !(entry.relativeDifference <= largestRelative) {
        largestRelative = entry.relativeDifference.isFinite ? entry.relativeDifference : .nan
      }
      if largest.isNaN { largestRelative = .nan }
    }
    return GradientCheck.Block(
      index: index, name: block.name, part: part, rows: block.rows, columns: block.columns,
      checkedCount: entries.count, failedCount: failed,
      maxAbsoluteDifference: largest, maxRelativeDifference: largestRelative, worst: worst)
  }

  func worst(_ count: Int) -> [GradientCheck.Entry] {
    // Infinite where not finite, so that these come first and the order is a total one.
    let differences = zip(analytic, numerical).map { a, n in
      (a - n).isFinite ? abs(a - n) : .infinity
    }
    var indices = [Int]()
    for index in differences.indices {
      let place = indices.lastIndex { differences[$0] >= differences[index] }.map { $0 + 1 } ?? 0
      guard place < count else { continue }
      indices.insert(index, at: place)
      if indices.count > count { indices.removeLast() }
    }
    let offsets = layout.offsets
    return indices.compactMap { index in
      guard
        let number = offsets.indices.last(where: { offsets[$0] <= index }),
        layout.blocks[number].count > 0
      else { return nil }
      return entry(at: index, layout.blocks[number], offset: offsets[number])
    }
  }

  private func entry(
    at index: Int, _ block: ParameterBlock, offset: Int
  ) -> GradientCheck.Entry {
    GradientCheck.Entry(
      block: block.name, row: (index - offset) / block.columns,
      column: (index - offset) % block.columns, index: index, analytic: analytic[index],
      numerical: numerical[index])
  }
}

extension ParameterBlock {
  /// The row-major indices within the block of one part's entries.
  func entries(of part: GradientCheck.Part) -> [Int] {
    (0..<count).filter { isBias(row: $0 / columns, column: $0 % columns) == (part == .bias) }
  }
}

extension [GradientCheck.Block] {
  fileprivate func maximum(of value: KeyPath<GradientCheck.Block, Double>) -> Double {
    reduce(0) { largest, block in
      let next = block[keyPath: value]
      return largest.isNaN || next.isNaN ? .nan : Swift.max(largest, next)
    }
  }
}
