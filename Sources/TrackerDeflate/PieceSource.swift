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
