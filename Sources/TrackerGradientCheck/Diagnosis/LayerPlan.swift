/// A layer as the rules see it, however its parameters are written down: a matrix of inputs × units with the
/// biases, if it has any, as a row before it.
struct LayerPlan {
  /// The block's name.
  let name: String
  /// What the biases are called, such as “theta1's bias” or “b1”.
  let biasTitle: String
  /// What the weights are called.
  let weightsTitle: String
  /// Inputs, and 1 if there is a bias row.
  let rows: Int
  /// Units.
  let columns: Int
  /// 0 if there is a bias row.
  let biasRow: Int?
  /// Where each entry of the matrix, row-major, stands in the vectors.
  let indices: [Int]

  /// Inputs without the bias.
  var inputs: Int { rows - (biasRow == nil ? 0 : 1) }
  /// Whether its units are the inputs of the next layer.
  func feeds(_ next: LayerPlan) -> Bool { columns == next.inputs }

  /// The layers of a layout, and what is to be said of how it was read.
  ///
  /// Biases inside a block say which side the units are on. Where they stand in a block of their own, its
  /// length does. Where a block has none, the units are its columns, or its rows if only so the layers chain:
  /// the units of each are the inputs of the next.
  static func layers(of layout: ParameterLayout) -> (layers: [LayerPlan], notes: [String]) {
    let asDeclared = plans(of: layout)
    guard asDeclared.count > 1, chainLength(asDeclared) < asDeclared.count - 1 else {
      return (asDeclared, [])
    }
    let turned = plans(of: layout, turned: true)
    if chainLength(turned) == turned.count - 1 {
      let hasInside = layout.blocks.contains(where: \.bias.isInside)
      return (
        turned,
        hasInside
          ? [
            "as \(layout.blocks[0].bias.rawValue) the layers do not chain, with the bias in a column "
              + "(units × inputs) they do: so they are read"
          ] : []
      )
    }
    // A single row may not be a matrix, such as entries that were sampled.
    let broken = zip(asDeclared, asDeclared.dropFirst()).first {
      !$0.feeds($1) && $0.inputs > 1 && $1.inputs > 1
    }
    let note = broken.map { layer, next in
      "\(layer.name) has \(layer.columns) units, but \(next.name) takes \(next.inputs) inputs: what joins "
        + "the two layers is not known, and rules that need it are left out"
    }
    return (asDeclared, note.map { [$0] } ?? [])
  }

  private static func chainLength(_ layers: [LayerPlan]) -> Int {
    zip(layers, layers.dropFirst()).count { $0.feeds($1) }
  }

  /// - Parameter turned: whether units and inputs change sides where nothing in the block says which is which
  private static func plans(of layout: ParameterLayout, turned: Bool = false) -> [LayerPlan] {
    let blocks = layout.blocks
    let offsets = layout.offsets
    let biases = BiasBlocks(blocks)
    // A square is written down as the others are.
    let sides = biases.ofBlock.compactMap { number, own -> Bool? in
      let block = blocks[number]
      let (rowsFit, columnsFit) = (
        block.rows == blocks[own].count, block.columns == blocks[own].count
      )
      return rowsFit == columnsFit ? nil : rowsFit
    }
    let squaresAreTurned = turned || (!sides.isEmpty && sides.allSatisfy { $0 })
    return blocks.indices.compactMap { number in
      let block = blocks[number]
      // It belongs to another block.
      guard !biases.contains(number) else { return nil }
      let own = biases.ofBlock[number]
      var bias: [Int] = []
      var unitsAreRows = turned
      if let own {
        bias = Array(offsets[own]..<offsets[own] + blocks[own].count)
        let rowsFit = block.rows == bias.count
        let columnsFit = block.columns == bias.count
        unitsAreRows = rowsFit && (!columnsFit || squaresAreTurned)
        if !rowsFit && !columnsFit { bias = [] }
      } else if block.bias == .firstColumn || block.bias == .lastColumn {
        unitsAreRows = !turned
      }
      return LayerPlan(
        block, offset: offsets[number], unitsAreRows: unitsAreRows, ownBias: bias,
        ownName: own.map { blocks[$0].name })
    }
  }

  private init(
    _ block: ParameterBlock, offset: Int, unitsAreRows: Bool, ownBias: [Int], ownName: String?
  ) {
    name = block.name
    columns = unitsAreRows ? block.rows : block.columns
    let side = unitsAreRows ? block.columns : block.rows
    let isLast = block.bias == .lastRow || block.bias == .lastColumn
    let inside = block.bias.isInside ? (isLast ? side - 1 : 0) : nil
    func index(_ input: Int, _ unit: Int) -> Int {
      offset + (unitsAreRows ? unit * block.columns + input : input * block.columns + unit)
    }
    let columns = columns
    func row(_ input: Int) -> [Int] { (0..<columns).map { index(input, $0) } }
    let weights = (0..<side).filter { $0 != inside }.flatMap(row)
    let bias = inside.map(row) ?? ownBias
    indices = bias + weights
    biasRow = bias.isEmpty ? nil : 0
    rows = columns > 0 ? indices.count / columns : 0
    biasTitle = ownName ?? "\(block.name)'s bias"
    weightsTitle = ownName == nil && inside == nil ? block.name : "\(block.name)'s weights"
  }
}
