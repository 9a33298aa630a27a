import TrackerDeflate

/// Cuts separated values into rows of fields (RFC 4180; lines may end in LF, CRLF or CR), reading no more than a row ahead.
///
/// Values are separated by commas, semicolons or tabs: by what separates the first lines into most fields, and each into
/// as many.
struct CSVReader {
  /// One field: where it stands in the row.
  struct Field {
    var range: Range<Int>
    /// Whether doubled quotes in it stand for one.
    var hasQuotes = false
  }

  private let source: PieceSource
  private let name: String
  private let limit: DataLimit
  private var bytes: [UInt8] = []
  private var position = 0
  private var line = 1
  /// The line on which the last row began, from 1.
  private(set) var rowLine = 1
  /// What stands between two values.
  private(set) var separator = UInt8(ascii: ",")

  init(_ source: @escaping PieceSource, name: String, limit: DataLimit) throws {
    self.source = source
    self.name = name
    self.limit = limit
    while bytes.count < 1 << 14, try refill() {}
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw DatasetError(
        "\(name) is UTF-16", advice: "Convert it: iconv -f utf-16 -t utf-8 \(name) > converted.csv")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    separator = Self.separator(of: bytes[position...])
  }

  /// The text of a field of the last row.
  ///
  /// - Returns: `nil` if it is not UTF-8
  func text(of field: Field) -> String? {
    guard let text = String(validating: bytes[field.range], as: UTF8.self) else { return nil }
    return field.hasQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// The text of a field for a message, shortened.
  func excerpt(of field: Field) -> String {
    String(String(decoding: bytes[field.range].prefix(160), as: UTF8.self).prefix(40))
  }

  /// The number that a field of the last row is, if it is one; blanks around it do not count.
  func number(of field: Field) -> Double? { Self.number(bytes[field.range]) }

  /// The number that these bytes are: decimal, with a sign, a point and an exponent, or `nan` or `inf`.
  static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
    var bytes = bytes
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    // Whole numbers, which pixels are, need no general conversion.
    if (1...15).contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
      return Double(bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    guard let first = bytes.first else { return nil }
    let isDecimal = bytes.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    let text = String(decoding: bytes, as: UTF8.self)
    if isDecimal { return Double(text) }
    guard (3...9).contains(bytes.count), first | 0x20 != 0x78 else { return nil }
    return ["nan", "inf", "infinity"].contains(
      text.lowercased().drop { $0 == "-" || $0 == "+" }) ? Double(text) : nil
  }

  /// Reads the next row; empty lines are passed over.
  ///
  /// - Returns: whether there was one
  mutating func next(into row: inout [Field]) throws -> Bool {
    row.removeAll(keepingCapacity: true)
    while try hasByte(), isLineEnd { try skipLineEnd() }
    // What was read is let go now and then, so that a row begins at the front.
    if position > 1 << 15 {
      bytes.removeFirst(position)
      position = 0
    }
    guard try hasByte() else { return false }
    rowLine = line
    let start = position
    while true {
      row.append(try field(number: row.count + 1))
      guard row.count <= limit.columns, position - start <= limit.rowBytes else {
        throw DatasetError(
          "\(name), line \(rowLine): the row has more than \(limit.columns) values or \(limit.rowBytes) bytes",
          reason: .tooLarge)
      }
      guard try hasByte() else { return true }
      if bytes[position] == separator {
        position += 1
        continue
      }
      try skipLineEnd()
      return true
    }
  }

  private var isLineEnd: Bool { bytes[position] == 0x0A || bytes[position] == 0x0D }

  private mutating func hasByte() throws -> Bool {
    if position < bytes.count { return true }
    while try refill() { if position < bytes.count { return true } }
    return false
  }

  private mutating func refill() throws -> Bool {
    guard let piece = try source() else { return false }
    bytes += piece
    return true
  }

  private mutating func skipLineEnd() throws {
    let isReturn = bytes[position] == 0x0D
    position += 1
    if isReturn, try hasByte(), bytes[position] == 0x0A { position += 1 }
    line += 1
  }

  private mutating func field(number: Int) throws -> Field {
    let start = position
    guard try hasByte(), bytes[position] == UInt8(ascii: "\"") else {
      repeat {
        while position < bytes.count, bytes[position] != separator, !isLineEnd { position += 1 }
        guard position - start <= limit.rowBytes else { break }
      } while try position == bytes.count && refill()
      return Field(range: start..<position)
    }
    position = start + 1
    var hasQuotes = false
    while try hasByte(), position - start <= limit.rowBytes {
      if bytes[position] == 0x0A { line += 1 }
      guard bytes[position] == UInt8(ascii: "\"") else {
        position += 1
        continue
      }
      position += 1
      if try hasByte(), bytes[position] == UInt8(ascii: "\"") {
        hasQuotes = true
        position += 1
        continue
      }
      let field = Field(range: start + 1..<position - 1, hasQuotes: hasQuotes)
      guard try !hasByte() || bytes[position] == separator || isLineEnd else {
        throw DatasetError(
          "\(name), line \(line), column \(number): something follows the closing quote",
          advice: "Double the quotes that belong to the text.")
      }
      return field
    }
    throw DatasetError("\(name), line \(rowLine), column \(number): the quote is not closed")
  }

  // MARK: Separators

  /// The separator that makes most fields of the first lines, and as many of each; else a comma.
  private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
    // Where two make as many, commas are those of decimal numbers.
    let candidates = [UInt8(ascii: ";"), 0x09, UInt8(ascii: ",")]
    var best = (separator: UInt8(ascii: ","), count: 0)
    for candidate in candidates {
      let counts = counts(of: candidate, in: bytes)
      guard let first = counts.first, counts.allSatisfy({ $0 == first }) else { continue }
      if first > best.count { best = (candidate, first) }
    }
    return best.separator
  }

  /// How often `separator` stands in each of the first lines, outside quotes.
  private static func counts(of separator: UInt8, in bytes: ArraySlice<UInt8>) -> [Int] {
    var counts: [Int] = []
    var count = 0
    var isQuoted = false
    var isEmpty = true
    for byte in bytes {
      if !isQuoted, byte == 0x0A || byte == 0x0D {
        if !isEmpty { counts.append(count) }
        (count, isEmpty) = (0, true)
        if counts.count == 10 { return counts }
        continue
      }
      isEmpty = false
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if byte == separator, !isQuoted {
        count += 1
      }
    }
    // The last line may be cut off.
    return counts.isEmpty && !isEmpty ? [count] : counts
  }
}
