import TrackerSystem

/// Records of a delimited text (RFC 4180), piece by piece: a quoted field may hold delimiters and line breaks.
enum DelimitedText {
  /// A record is at most so long, in bytes, and has at most so many fields.
  private static let sizeLimit = 1 << 26
  private static let fieldLimit = 1 << 16

  /// The delimiter of a first line: the one of tab, comma and semicolon that comes most often.
  static func delimiter(of line: some Sequence<UInt8>) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted { counts[byte, default: 0] += 1 }
    }
    let candidates = [UInt8(ascii: ","), UInt8(ascii: "\t"), UInt8(ascii: ";")]
    return candidates.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? candidates[0]
  }

  /// Hands on each record with the line on which it begins; empty lines are passed over.
  ///
  /// - Parameter isGrowing: whether a program may still write the file, so that its last record may be half of one
  static func records(
    _ path: String, isGrowing: Bool, _ body: ([String], _ line: Int) throws -> Void
  ) throws {
    var delimiter: UInt8?
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var (start, size) = (1, 0)
    try SourceFile.lines(path, takesUnended: !isGrowing) { line, number in
      var bytes = line
      if number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
        bytes = UnsafeRawBufferPointer(rebasing: bytes[3...])
      }
      if isQuoted {
        field.append(UInt8(ascii: "\n"))
      } else {
        if bytes.isEmpty { return }
        (start, size) = (number, 0)
      }
      let separator = delimiter ?? Self.delimiter(of: bytes)
      delimiter = separator
      size += bytes.count
      guard size <= sizeLimit, fields.count <= fieldLimit else {
        throw ForeignError.malformed("reading \(path), line \(start): the record is too long")
      }
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "\"") {
          if isQuoted, index < bytes.count, bytes[index] == byte {
            field.append(byte)
            index += 1
          } else {
            isQuoted.toggle()
          }
        } else if byte == separator, !isQuoted {
          fields.append(String(decoding: field, as: UTF8.self))
          field.removeAll(keepingCapacity: true)
        } else {
          field.append(byte)
        }
      }
      if isQuoted { return }
      fields.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
      try body(fields, start)
      fields.removeAll(keepingCapacity: true)
    }
    if isQuoted, !isGrowing {
      throw ForeignError.malformed("reading \(path), line \(start): a quote is not closed")
    }
  }
}
