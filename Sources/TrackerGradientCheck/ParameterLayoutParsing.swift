public import TrackerValues

extension ParameterLayout {
  /// Reads shapes such as `65x100,101x10`: a matrix for each layer, rows × columns, the bias
  /// counted; they are named `theta1`, `theta2`, …. With ``BiasPlacement/ownBlock`` one number alone, such as
  /// `25`, is the block of a layer's biases.
  ///
  /// - Throws: ``ParameterLayoutError``
  public init(parsing text: String, bias: BiasPlacement = .firstRow) throws(ParameterLayoutError) {
    var blocks: [ParameterBlock] = []
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let shape = try Shape(piece)
      guard shape.sideCount == 2 || (shape.sideCount == 1 && bias == .ownBlock) else {
        throw .malformedShape(piece.trimmed)
      }
      let placement: BiasPlacement =
        if bias == .ownBlock { shape.isVector ? .ownBlock : .none } else { bias }
      blocks.append(
        ParameterBlock(
          name: "theta\(blocks.count + 1)", rows: shape.rows, columns: shape.columns,
          bias: placement))
    }
    try self.init(checked: blocks)
  }

  /// Reads a description of every block, such as `W1:25x64,b1:25:own-block,W2:10x25,b2:10:own-block`.
  ///
  /// Blocks stand in the order of the vector, between commas. Each is its name, its shape and, where it
  /// is needed, more words, between colons: where the bias stands (a ``BiasPlacement``; `none` where
  /// nothing is said) and the order of the entries (`C`, the default, or `F`). A shape has any number of
  /// sides: of more than two, the first makes the rows, as PyTorch's convolutions have their filters first.
  ///
  /// - Throws: ``ParameterLayoutError``
  public init(describedBy text: String) throws(ParameterLayoutError) {
    var blocks: [ParameterBlock] = []
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = piece.split(separator: ":", omittingEmptySubsequences: false).map(\.trimmed)
      guard words.count >= 2, !words[0].isEmpty else { throw .malformedBlock(piece.trimmed) }
      let shape = try Shape(Substring(words[1]))
      var block = ParameterBlock(
        name: words[0], rows: shape.rows, columns: shape.columns, bias: .none)
      for word in words.dropFirst(2) {
        if let bias = BiasPlacement(rawValue: word) {
          block.bias = bias
        } else if let order = StorageOrder(rawValue: word.uppercased()) {
          block.order = order
        } else {
          throw .unknownWord(word, block: words[0])
        }
      }
      guard !blocks.contains(where: { $0.name == block.name }) else {
        throw .nameTwice(block.name)
      }
      blocks.append(block)
    }
    try self.init(checked: blocks)
  }

  /// What ``init(describedBy:)`` reads.
  public var description: String {
    blocks.map { block in
      var words = [block.name, "\(block.rows)x\(block.columns)"]
      if block.bias != .none { words.append(block.bias.rawValue) }
      if block.order != .rowMajor { words.append(block.order.rawValue) }
      return words.joined(separator: ":")
    }.joined(separator: ",")
  }

  private init(checked blocks: [ParameterBlock]) throws(ParameterLayoutError) {
    var total = 0
    for (index, block) in blocks.enumerated() {
      let (sum, overflows) = total.addingReportingOverflow(block.count)
      guard !overflows else { throw .malformedShape("\(block.rows)x\(block.columns)") }
      total = sum
      if block.bias == .ownBlock, index == 0 || blocks[index - 1].bias != .none {
        throw .biasOfNothing(block.name)
      }
    }
    self.init(blocks)
  }

  /// Makes sure that a vector has the length that the layout asks for.
  ///
  /// - Throws: ``ParameterLayoutError/lengthDiffers(expected:found:)``
  public func requireCount(_ count: Int) throws(ParameterLayoutError) {
    guard count == self.count else { throw .lengthDiffers(expected: self.count, found: count) }
  }
}

extension ParameterLayout: CustomStringConvertible {}

/// Sides of an array, read as a matrix.
private struct Shape {
  var rows = 1
  var columns = 1
  /// Whether there is one side alone, or all others are 1.
  let isVector: Bool
  /// How many sides were written.
  let sideCount: Int

  init(_ piece: Substring) throws(ParameterLayoutError) {
    var sides: [Int] = []
    var total = 1
    for text in piece.split(separator: "x", omittingEmptySubsequences: false) {
      guard let side = Int(text.trimmed), side > 0 else {
        throw .malformedShape(piece.trimmed)
      }
      let (product, overflows) = total.multipliedReportingOverflow(by: side)
      guard !overflows else { throw .malformedShape(piece.trimmed) }
      total = product
      sides.append(side)
    }
    isVector = sides.count { $0 > 1 } <= 1
    sideCount = sides.count
    rows = sides.count == 1 ? 1 : sides[0]
    columns = total / rows
  }
}

/// What can be wrong with shapes that a user wrote.
public enum ParameterLayoutError: ExplainedError, Hashable {
  /// A piece that is not rows × columns, such as `65x`.
  case malformedShape(String)
  /// A piece of a layout that is not NAME:SHAPE.
  case malformedBlock(String)
  /// A word behind a block's shape that means nothing.
  case unknownWord(String, block: String)
  /// Two blocks of one name.
  case nameTwice(String)
  /// A block of biases that follows no block without any.
  case biasOfNothing(String)
  /// The shapes do not add up to the length of the vector.
  case lengthDiffers(expected: Int, found: Int)

  /// What it says in words.
  public var description: String {
    switch self {
    case .malformedShape(let piece):
      "“\(piece)” is not a shape: write rows x columns for each layer, such as 65x100,101x10"
    case .malformedBlock(let piece):
      "“\(piece)” is not a block: write NAME:SHAPE, such as W1:25x64 or b1:25:own-block"
    case .unknownWord(let word, let block):
      "“\(word)” says nothing about the block \(block): write C or F, or where its bias stands: "
        + BiasPlacement.allCases.map(\.rawValue).joined(separator: ", ")
    case .nameTwice(let name): "two blocks are called \(name): give each its own name"
    case .biasOfNothing(let name):
      "\(name) is a block of biases, but no block without biases stands before it"
    case .lengthDiffers(let expected, let found):
      "the shapes hold \(expected) parameters, the vector \(found)"
    }
  }

  /// What sort of trouble it is.
  public var kind: ExplainedErrorKind { .usage }
}
