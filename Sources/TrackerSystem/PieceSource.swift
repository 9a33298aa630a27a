/// Pieces of a file, one after the other; `nil` at its end. Files are read so, and never are whole in memory.
package typealias PieceSource = () throws -> [UInt8]?

/// Pieces of these bytes.
package func pieces(of bytes: [UInt8]) -> PieceSource {
  var rest: [UInt8]? = bytes
  return {
    defer { rest = nil }
    return rest?.isEmpty == true ? nil : rest
  }
}

extension FileDescriptor {
  /// What is left of the file, piece by piece; it is closed with the source.
  ///
  /// The source throws ``SystemError``.
  package consuming func source() -> PieceSource {
    let file = self
    return {
      var piece = [UInt8](repeating: 0, count: 1 << 17)
      let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
      piece.removeLast(piece.count - count)
      return count == 0 ? nil : piece
    }
  }
}
