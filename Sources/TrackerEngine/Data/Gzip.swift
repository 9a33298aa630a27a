/// Reads gzip files: RFC 1952 around RFC 1951's deflate.
///
/// Codes are decoded length by length from their counts, as canonical Huffman codes allow (RFC 1951,
/// section 3.2.2).
struct Gzip {
  /// What is wrong with a compressed file.
  struct Damage: Error {
    let what: String
  }

  static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The content, of at most `limit` bytes; members that follow each other are put together.
  static func decompress(_ bytes: [UInt8], limit: Int = 1 << 32) throws -> [UInt8] {
    var output: [UInt8] = []
    var start = 0
    while start < bytes.count {
      let body = try endOfHeader(bytes, start)
      let begin = output.count
      let end = try bytes.withUnsafeBufferPointer { input in
        var inflater = Inflater(input: input, position: body, limit: limit)
        try inflater.run(into: &output)
        return inflater.position
      }
      guard end + 8 <= bytes.count else { throw Damage(what: "the file is cut off") }
      let trailer = bytes[end..<end + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard UInt32(truncatingIfNeeded: trailer) == crc32(output[begin...]),
        UInt32(trailer >> 32) == UInt32(truncatingIfNeeded: output.count - begin)
      else { throw Damage(what: "the checksum is wrong") }
      start = end + 8
    }
    return output
  }

  private static func endOfHeader(_ bytes: [UInt8], _ start: Int) throws -> Int {
    guard start + 10 <= bytes.count, bytes[start] == 0x1F, bytes[start + 1] == 0x8B,
      bytes[start + 2] == 8
    else { throw Damage(what: "this is no gzip file") }
    let flags = bytes[start + 3]
    var position = start + 10
    func skipText() throws {
      guard let end = bytes[min(position, bytes.count)...].firstIndex(of: 0) else {
        throw Damage(what: "the header is cut off")
      }
      position = end + 1
    }
    if flags & 4 != 0 {
      guard position + 2 <= bytes.count else { throw Damage(what: "the header is cut off") }
      position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8
    }
    if flags & 8 != 0 { try skipText() }
    if flags & 16 != 0 { try skipText() }
    if flags & 2 != 0 { position += 2 }
    guard position <= bytes.count else { throw Damage(what: "the header is cut off") }
    return position
  }

  /// The CRC of ISO 3309 (RFC 1952, section 8).
  private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes { crc = crcTable[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    return ~crc
  }

  private static let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }
}

/// Undoes deflate (RFC 1951).
private struct Inflater {
  let input: UnsafeBufferPointer<UInt8>
  private(set) var position: Int
  let limit: Int
  private var bits: UInt32 = 0
  private var bitCount = 0

  init(input: UnsafeBufferPointer<UInt8>, position: Int, limit: Int) {
    self.input = input
    self.position = position
    self.limit = limit
  }

  mutating func run(into output: inout [UInt8]) throws {
    var isLast = false
    while !isLast {
      isLast = try take(1) == 1
      switch try take(2) {
      case 0: try copyStored(into: &output)
      case 1: try decode(.fixedLiterals, .fixedDistances, into: &output)
      case 2:
        let (literals, distances) = try dynamicCodes()
        try decode(literals, distances, into: &output)
      default: throw Gzip.Damage(what: "a block is of no known kind")
      }
    }
  }

  private mutating func take(_ count: Int) throws -> Int {
    while bitCount < count {
      guard position < input.count else { throw Gzip.Damage(what: "the file is cut off") }
      bits |= UInt32(input[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    let value = bits & ((1 << UInt32(count)) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func copyStored(into output: inout [UInt8]) throws {
    // A stored block starts at the next whole byte.
    bits = 0
    bitCount = 0
    guard position + 4 <= input.count else { throw Gzip.Damage(what: "the file is cut off") }
    let count = Int(input[position]) | Int(input[position + 1]) << 8
    let complement = Int(input[position + 2]) | Int(input[position + 3]) << 8
    guard count == complement ^ 0xFFFF else { throw Gzip.Damage(what: "a length is damaged") }
    position += 4
    guard position + count <= input.count else { throw Gzip.Damage(what: "the file is cut off") }
    guard output.count + count <= limit else { throw Gzip.Damage(what: "the content is too large") }
    output.append(contentsOf: input[position..<position + count])
    position += count
  }

  /// A canonical Huffman code: how many codes there are of each length, and the symbols in their order.
  struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int]

    init(lengths: ArraySlice<Int>) throws {
      symbols = [Int](repeating: 0, count: lengths.count)
      for length in lengths { counts[length] += 1 }
      counts[0] = 0
      var left = 1
      for length in 1...15 {
        left = left * 2 - counts[length]
        guard left >= 0 else { throw Gzip.Damage(what: "a code is damaged") }
      }
      var offsets = [Int](repeating: 0, count: 17)
      for length in 1...15 { offsets[length + 1] = offsets[length] + counts[length] }
      for (symbol, length) in lengths.enumerated() where length > 0 {
        symbols[offsets[length]] = symbol
        offsets[length] += 1
      }
    }

    private init(fixed lengths: [Int]) {
      self = (try? Code(lengths: lengths[...])) ?? Code(empty: ())
    }

    private init(empty: Void) { symbols = [] }

    static let fixedLiterals = Code(
      fixed: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    static let fixedDistances = Code(fixed: [Int](repeating: 5, count: 30))
  }

  private mutating func symbol(_ code: borrowing Code) throws -> Int {
    var value = 0
    var first = 0
    var index = 0
    for length in 1...15 {
      value |= try take(1)
      let count = code.counts[length]
      if value - count < first { return code.symbols[index + (value - first)] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw Gzip.Damage(what: "a code is damaged")
  }

  private mutating func dynamicCodes() throws -> (Code, Code) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let lengthCount = try take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else {
      throw Gzip.Damage(what: "a code is damaged")
    }
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for index in 0..<lengthCount { lengths[order[index]] = try take(3) }
    let lengthCode = try Code(lengths: lengths[...])
    var all: [Int] = []
    while all.count < literalCount + distanceCount {
      switch try symbol(lengthCode) {
      case 16:
        guard let last = all.last else { throw Gzip.Damage(what: "a code is damaged") }
        all += [Int](repeating: last, count: try take(2) + 3)
      case 17: all += [Int](repeating: 0, count: try take(3) + 3)
      case 18: all += [Int](repeating: 0, count: try take(7) + 11)
      case let length: all.append(length)
      }
    }
    guard all.count == literalCount + distanceCount, all[256] > 0 else {
      throw Gzip.Damage(what: "a code is damaged")
    }
    return (
      try Code(lengths: all[..<literalCount]), try Code(lengths: ArraySlice(all[literalCount...]))
    )
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  private static let distanceBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]

  private mutating func decode(
    _ literals: Code, _ distances: Code, into output: inout [UInt8]
  ) throws {
    while true {
      let symbol = try symbol(literals)
      if symbol < 256 {
        guard output.count < limit else { throw Gzip.Damage(what: "the content is too large") }
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol - 257 < Self.lengthBases.count else {
        throw Gzip.Damage(what: "a length is damaged")
      }
      let length =
        try Self.lengthBases[symbol - 257] + take(Self.lengthBits[symbol - 257])
      let code = try self.symbol(distances)
      guard code < Self.distanceBases.count else {
        throw Gzip.Damage(what: "a distance is damaged")
      }
      let distance = try Self.distanceBases[code] + take(Self.distanceBits[code])
      guard distance <= output.count else { throw Gzip.Damage(what: "a distance is damaged") }
      guard output.count + length <= limit else {
        throw Gzip.Damage(what: "the content is too large")
      }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
  }
}
