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
      let piece = try [UInt8](unsafeUninitializedCapacity: 1 << 17) { buffer, count in
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      return piece.isEmpty ? nil : piece
    }
  }
}
