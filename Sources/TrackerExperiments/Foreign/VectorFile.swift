/// A vector that another program wrote: `.npy`, or text with one value a line.
package enum VectorFile {
  /// Reads the values, flattened row-major.
  ///
  /// - Throws: ``InputError`` with the line of a value that is no number
  package static func read(_ path: String) throws -> [Double] {
    let bytes = try FileBytes.read(path)
    let values =
      bytes.starts(with: NumPyFile.magic)
      ? try NumPyFile.values(of: bytes, name: path) : try lines(of: bytes, name: path)
    guard !values.isEmpty else { throw InputError(.malformed, "\(path) holds no value") }
    return values
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
          .malformed, "\(name), line \(lineNumber): \"\(text.prefix(40))\" is no number",
          advice: "Write one value a line, such as with np.savetxt(path, vector.ravel()).")
      }
      values.append(value)
    }
    return values
  }
}
