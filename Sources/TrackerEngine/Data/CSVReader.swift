/// Cuts comma-separated values into rows of fields (RFC 4180; lines may end in LF, CRLF or CR).
struct CSVReader {
  /// One field's bytes.
  struct Field {
    var bytes: ArraySlice<UInt8>
    /// Whether doubled quotes in it stand for one.
    var hasQuotes = false

    var text: String {
      let text = String(decoding: bytes, as: UTF8.self)
      return hasQuotes ? text.replacing("\"\"", with: "\"") : text
    }

    /// The number, where the field is one; blanks around it do not count.
    var number: Double? {
      var bytes = bytes
      while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
      while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
      // Whole numbers, which pixels are, need no general conversion.
      if (1...15).contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
        return Double(bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) })
      }
      return bytes.isEmpty ? nil : Double(String(decoding: bytes, as: UTF8.self))
    }
  }

  private let bytes: [UInt8]
  private let name: String
  private var position = 0
  private var line = 1
  /// The line on which the last row began, from 1.
  private(set) var rowLine = 1

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Reads the next row; empty lines are passed over.
  ///
  /// - Returns: whether there was one
  mutating func next(into row: inout [Field]) throws -> Bool {
    row.removeAll(keepingCapacity: true)
    while position < bytes.count, isLineEnd { skipLineEnd() }
    guard position < bytes.count else { return false }
    rowLine = line
    while true {
      row.append(try field(number: row.count + 1))
      guard position < bytes.count else { return true }
      if bytes[position] == UInt8(ascii: ",") {
        position += 1
        continue
      }
      skipLineEnd()
      return true
    }
  }

  private var isLineEnd: Bool { bytes[position] == 0x0A || bytes[position] == 0x0D }

  private mutating func skipLineEnd() {
    let isReturn = bytes[position] == 0x0D
    position += 1
    if isReturn, position < bytes.count, bytes[position] == 0x0A { position += 1 }
    line += 1
  }

  private mutating func field(number: Int) throws -> Field {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: ","), !isLineEnd {
        position += 1
      }
      return Field(bytes: bytes[start..<position])
    }
    let start = position + 1
    position = start
    var hasQuotes = false
    while position < bytes.count {
      if bytes[position] == 0x0A { line += 1 }
      guard bytes[position] == UInt8(ascii: "\"") else {
        position += 1
        continue
      }
      if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\"") {
        hasQuotes = true
        position += 2
        continue
      }
      let field = Field(bytes: bytes[start..<position], hasQuotes: hasQuotes)
      position += 1
      guard position == bytes.count || bytes[position] == UInt8(ascii: ",") || isLineEnd else {
        throw DatasetError(
          "\(name), line \(line), column \(number): something follows the closing quote",
          advice: "Double the quotes that belong to the text.")
      }
      return field
    }
    throw DatasetError("\(name), line \(rowLine), column \(number): the quote is not closed")
  }
}
