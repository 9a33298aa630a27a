/// Which blocks of a layout are the biases of which others.
///
/// A block that is declared to be biases belongs to the one before it. A vector that is not declared to be anything,
/// wherever it stands, is a matrix's bias where its name says so: both names are the same but for the usual words,
/// `W1` and `b1`, `fc.weight` and `fc.bias`, `out/kernel` and `out/bias`, and its length is that of one of the
/// matrix's sides.
struct BiasBlocks {
  /// The biases' block, by the number of the block that they belong to.
  private(set) var ofBlock: [Int: Int] = [:]

  init(_ blocks: [ParameterBlock]) {
    for number in blocks.indices.dropFirst() where blocks[number].bias == .ownBlock {
      ofBlock[number - 1] = number
    }
    for number in blocks.indices {
      let block = blocks[number]
      guard block.bias == .none, block.rows == 1 || block.columns == 1,
        let stem = Self.stem(of: block.name, words: ["biases", "bias", "b"])
      else { continue }
      let owner = blocks.indices.first { other in
        let matrix = blocks[other]
        return matrix.bias == .none && other != number && ofBlock[other] == nil
          && (matrix.rows == block.count || matrix.columns == block.count)
          && Self.stem(of: matrix.name, words: ["weights", "weight", "kernel", "w"]) == stem
      }
      if let owner { ofBlock[owner] = number }
    }
  }

  /// Whether this block is another's biases.
  func contains(_ number: Int) -> Bool { ofBlock.values.contains(number) }

  /// The name without the word that its last part begins with; `nil` where it begins with none.
  private static func stem(of name: String, words: [String]) -> String? {
    let lowered = name.lowercased()
    let start =
      lowered.lastIndex { $0 == "." || $0 == "/" }.map { lowered.index(after: $0) }
      ?? lowered.startIndex
    let last = lowered[start...]
    guard let word = words.first(where: { last.hasPrefix($0) }) else { return nil }
    return lowered[..<start] + "\u{0}" + last.dropFirst(word.count)
  }
}
