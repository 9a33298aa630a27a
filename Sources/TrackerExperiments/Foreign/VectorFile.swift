/// A vector that another program wrote: `.npy`, or text with one value a line.
package struct VectorFile: Sendable {
  /// Where it was read from.
  package let path: String
  /// The values, flattened row-major.
  package let values: [Double]
  /// The type of the elements where they come from, such as `float32`; `nil` of text.
  package let elementType: String?

  /// Reads the values.
  ///
  /// - Throws: ``InputError`` with the line of a value that is not a number
  package init(_ path: String) throws {
    self.path = path
    let bytes = try FileBytes.read(path)
    if bytes.starts(with: NumPyFile.magic) {
      (values, elementType) = try NumPyFile.array(of: bytes, name: path)
    } else {
      (values, elementType) = (try Self.lines(of: bytes, name: path), nil)
    }
    guard !values.isEmpty else { throw InputError(.malformed, "\(path) holds no value") }
  }

  private static func lines(of bytes: [UInt8], name: String) throws -> [Double] {
    var values: [Double] = []
    var lineNumber = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      lineNumber += 1
      let text = String(decoding: line, as: UTF8.self)
      let trimmed = text.filter { !$0.isWhitespace }
      guard !trimmed.isEmpty else { continue }
      guard let value = Double(trimmed) else {
        throw InputError(
          .malformed, "\(name), line \(lineNumber): \"\(text.prefix(40))\" is not a number",
          advice: "Write one value a line, such as with np.savetxt(path, vector.ravel()).")
      }
      values.append(value)
    }
    return values
  }
}
