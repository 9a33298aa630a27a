public import TrackerValues

extension ParameterLayout {
  /// Reads shapes such as `65x100,101x10`: a matrix for each layer, rows × columns, the bias row
  /// counted; they are named `theta1`, `theta2`, ….
  ///
  /// - Throws: ``ParameterLayoutError``
  public init(parsing text: String, bias: BiasPlacement = .firstRow) throws(ParameterLayoutError) {
    var blocks: [ParameterBlock] = []
    var total = 0
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = piece.split(separator: "x", omittingEmptySubsequences: false).map { side in
        Int(trimmed(side))
      }
      guard sides.count == 2, let rows = sides[0], let columns = sides[1], rows > 0, columns > 0
      else { throw .malformedShape(String(piece)) }
      let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
      let (sum, overflowsSum) = total.addingReportingOverflow(count)
      guard !overflow, !overflowsSum else { throw .malformedShape(String(piece)) }
      total = sum
      blocks.append(
        ParameterBlock(
          name: "theta\(blocks.count + 1)", rows: rows, columns: columns, bias: bias))
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

/// The text without the spaces around it.
private func trimmed(_ text: Substring) -> Substring {
  let start = text.drop { $0 == " " }
  return start.prefix(
    (start.lastIndex { $0 != " " }.map { start.distance(from: start.startIndex, to: $0) + 1 }) ?? 0)
}

/// What can be wrong with shapes that a user wrote.
public enum ParameterLayoutError: ExplainedError, Hashable {
  /// A piece that is not rows × columns, such as `65x`.
  case malformedShape(String)
  /// The shapes do not add up to the length of the vector.
  case lengthDiffers(expected: Int, found: Int)

  public var description: String {
    switch self {
    case .malformedShape(let piece):
      "“\(piece)” is not a shape: write rows x columns for each layer, such as 65x100,101x10"
    case .lengthDiffers(let expected, let found):
      "the shapes hold \(expected) parameters, the vector \(found)"
    }
  }

  public var kind: ExplainedErrorKind { .usage }
}
