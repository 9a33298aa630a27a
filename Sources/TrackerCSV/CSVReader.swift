package import TrackerSystem

/// Cuts separated values into rows of fields (RFC 4180; lines may end in LF, CRLF or CR), reading no more than a row ahead.
///
/// Unless it is given, the separator is a comma, a semicolon or a tab: the one that cuts the first lines into most fields,
/// and each into as many.
package struct CSVReader {
  /// One field: where it stands in the row.
  package struct Field {
    fileprivate var range: Range<Int>
    /// Whether it stands in quotes.
    package var isQuoted = false
    /// Whether doubled quotes in it stand for one.
    fileprivate var hasQuotes = false
  }

  /// How large a row may be, so that no file fills the memory.
  package struct Limit: Hashable, Sendable {
    /// The fields of a row.
    package var fields: Int
    /// The bytes of a row.
    package var bytes: Int

    /// Limits for a row.
    package init(fields: Int = 1 << 16, bytes: Int = 1 << 26) {
      self.fields = fields
      self.bytes = bytes
    }
  }

  private let source: PieceSource
  private let limit: Limit
  private var bytes: [UInt8] = []
  private var position = 0
  private var line = 1
  /// The line on which the last row began, from 1.
  package private(set) var rowLine = 1
  /// Whether a line end followed the last row. Where a program still writes the file, a row without one may be half of one.
  package private(set) var isRowEnded = false
  /// What stands between two fields.
  package let separator: UInt8

  /// Begins to read.
  ///
  /// - Throws: ``CSVError`` for UTF-16, and what `source` throws
  package init(
    _ source: @escaping PieceSource, separator: UInt8? = nil, limit: Limit = Limit()
  ) throws {
    self.source = source
    self.limit = limit
    var start: [UInt8] = []
    while start.count < 1 << 14, let piece = try source() { start += piece }
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      throw CSVError(.utf16, line: 1)
    }
    let hasMark = start.starts(with: [0xEF, 0xBB, 0xBF])
    self.separator = separator ?? Self.separator(of: start[(hasMark ? 3 : 0)...])
    bytes = start
    position = hasMark ? 3 : 0
  }

  /// The bytes of a field of the last row, quotes in it still doubled.
  package func bytes(of field: Field) -> ArraySlice<UInt8> { bytes[field.range] }

  /// The text of a field of the last row.
  ///
  /// - Returns: `nil` if it is not UTF-8
  package func text(of field: Field) -> String? {
    guard let text = String(validating: bytes[field.range], as: UTF8.self) else { return nil }
    return field.hasQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// Reads the next row; empty lines are passed over.
  ///
  /// - Returns: whether there was one
  /// - Throws: ``CSVError``, and what the source throws
  package mutating func next(into row: inout [Field]) throws -> Bool {
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
      guard row.count <= limit.fields, position - start <= limit.bytes else {
        throw CSVError(.tooLarge(limit), line: rowLine)
      }
      guard try hasByte() else {
        isRowEnded = false
        return true
      }
      if bytes[position] == separator {
        position += 1
        continue
      }
      try skipLineEnd()
      isRowEnded = true
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
        guard position - start <= limit.bytes else { break }
      } while try position == bytes.count && refill()
      return Field(range: start..<position)
    }
    position = start + 1
    var hasQuotes = false
    while try hasByte(), position - start <= limit.bytes {
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
      let field = Field(range: start + 1..<position - 1, isQuoted: true, hasQuotes: hasQuotes)
      guard try !hasByte() || bytes[position] == separator || isLineEnd else {
        throw CSVError(.textAfterQuote, line: line, column: number)
      }
      return field
    }
    // A field that ends with the limit is too large rather than open.
    if position - start > limit.bytes { throw CSVError(.tooLarge(limit), line: rowLine) }
    throw CSVError(.openQuote, line: rowLine, column: number)
  }

  // MARK: Separators

  /// The separator that makes most fields of the first lines, and as many of each; where none does, the one that makes
  /// most fields of the first line; else a comma.
  private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
    // Where two make as many, commas are those of decimal numbers.
    let candidates = [UInt8(ascii: ";"), 0x09, UInt8(ascii: ",")]
    let counted = candidates.map { (separator: $0, counts: counts(of: $0, in: bytes)) }
    let regular = counted.filter { Set($0.counts).count == 1 && $0.counts[0] > 0 }
    var best = (separator: UInt8(ascii: ","), count: 0)
    for (separator, counts) in regular.isEmpty ? counted : regular {
      if let first = counts.first, first > best.count { best = (separator, first) }
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
