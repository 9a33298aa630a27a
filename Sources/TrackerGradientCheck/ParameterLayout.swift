/// Where the bias of a layer stands in its block of parameters.
public enum BiasPlacement: String, Codable, Hashable, Sendable, CaseIterable {
  /// The block's first row holds the biases, as when a column of ones is put before the inputs.
  case firstRow = "first-row"
  /// The block's last row holds the biases.
  case lastRow = "last-row"
  /// The first column holds them, as in a matrix of units × (1 + inputs).
  case firstColumn = "first-column"
  /// The last column holds them.
  case lastColumn = "last-column"
  /// The block is nothing but biases: those of the block before it.
  case ownBlock = "own-block"
  /// The block has no biases, or it is not known to have any.
  case none

  /// Whether the biases stand in a row or a column of the block itself.
  var isInside: Bool {
    switch self {
    case .firstRow, .lastRow, .firstColumn, .lastColumn: true
    case .ownBlock, .none: false
    }
  }
}

/// In which order a matrix's entries stand in a flat vector.
public enum StorageOrder: String, Codable, Hashable, Sendable, CaseIterable {
  /// Row after row, as NumPy's `ravel()` and PyTorch's `flatten()` write them.
  case rowMajor = "C"
  /// Column after column, as `Theta(:)` in Octave and MATLAB, and `ravel(order="F")`, write them.
  case columnMajor = "F"
}

/// One matrix of parameters inside the flat vector.
public struct ParameterBlock: Codable, Hashable, Sendable {
  /// `theta1`, `theta2`, …, or what the block is called where it comes from.
  public var name: String
  /// Rows, the bias row among them.
  public var rows: Int
  /// Columns, the bias column among them.
  public var columns: Int
  /// Where the bias stands.
  public var bias: BiasPlacement
  /// In which order a file holds the entries; every vector of this library is row-major.
  public var order: StorageOrder

  /// A block of `rows` × `columns` parameters.
  public init(
    name: String, rows: Int, columns: Int, bias: BiasPlacement = .firstRow,
    order: StorageOrder = .rowMajor
  ) {
    self.name = name
    self.rows = rows
    self.columns = columns
    self.bias = bias
    self.order = order
  }

  /// `rows` × `columns`.
  public var count: Int { rows * columns }

  /// Whether the entry at this row and column is a bias.
  public func isBias(row: Int, column: Int) -> Bool {
    switch bias {
    case .firstRow: row == 0
    case .lastRow: row == rows - 1
    case .firstColumn: column == 0
    case .lastColumn: column == columns - 1
    case .ownBlock: true
    case .none: false
    }
  }
}

/// How a flat vector of parameters is cut into matrices, one after the other.
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

  /// The layout of a vector of which nothing is known: one plain block, a single column.
  public init(plain count: Int) {
    blocks = [ParameterBlock(name: "theta", rows: count, columns: 1, bias: .none)]
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

  /// Where each entry of the row-major vector stands in the file: `nil` where all blocks are row-major.
  public var fileIndices: [Int]? {
    guard blocks.contains(where: { $0.order == .columnMajor }) else { return nil }
    return zip(blocks, offsets).flatMap { block, offset in
      (0..<block.count).map { index in
        block.order == .rowMajor
          ? offset + index
          : offset + index % block.columns * block.rows + index / block.columns
      }
    }
  }

  /// A file's vector with every block made row-major.
  public func rowMajor(_ vector: [Double]) -> [Double] {
    fileIndices?.map { vector[$0] } ?? vector
  }
}
