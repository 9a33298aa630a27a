/// Where the bias of a layer stands in its block of parameters.
public enum BiasPlacement: String, Codable, Hashable, Sendable, CaseIterable {
  /// The block's first row holds the biases, as when a column of ones is put before the inputs.
  case firstRow = "first-row"
  /// The block's last row holds the biases.
  case lastRow = "last-row"
  /// The block has no biases.
  case none
}

/// One matrix of parameters inside the flat vector, row-major.
public struct ParameterBlock: Codable, Hashable, Sendable {
  /// `theta1`, `theta2`, …
  public var name: String
  /// Inputs, the bias among them.
  public var rows: Int
  /// Units.
  public var columns: Int
  /// Where the bias stands.
  public var bias: BiasPlacement

  /// A block of `rows` × `columns` parameters.
  public init(name: String, rows: Int, columns: Int, bias: BiasPlacement = .firstRow) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.bias = bias
  }

  /// `rows` × `columns`.
  public var count: Int { rows * columns }

  /// The row that holds the biases, or `nil`.
  public var biasRow: Int? {
    switch bias {
    case .firstRow: 0
    case .lastRow: rows - 1
    case .none: nil
    }
  }
}

/// How a flat vector of parameters is cut into matrices: one after the other, each row-major.
public struct ParameterLayout: Codable, Hashable, Sendable {
  /// The matrices in their order.
  public let blocks: [ParameterBlock]

  /// A layout of these blocks, one after the other.
  public init(_ blocks: [ParameterBlock]) { self.blocks = blocks }

  /// The layout of a fully connected network: a block of (inputs + 1) × units for each layer, the
  /// bias row first, named `theta1`, `theta2`, ….
  ///
  /// - Parameter layerSizes: units of each layer, the inputs first, such as `[64, 100, 10]`
  public init(layerSizes: [Int]) {
    blocks = zip(layerSizes, layerSizes.dropFirst()).enumerated().map { index, sizes in
      ParameterBlock(name: "theta\(index + 1)", rows: sizes.0 + 1, columns: sizes.1)
    }
  }

  /// The length of the flat vector.
  public var count: Int { blocks.reduce(0) { $0 + $1.count } }

  /// The index in the flat vector of each block's first entry.
  public var offsets: [Int] {
    var next = 0
    return blocks.map { block in
      defer { next += block.count }
      return next
    }
  }
}
