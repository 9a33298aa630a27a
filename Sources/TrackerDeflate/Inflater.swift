import TrackerSystem

/// Undoes deflate (RFC 1951), piece by piece.
struct Inflater {
  /// A reference reaches at most this far back.
  private static let window = 1 << 15
  /// A piece has at least this many bytes, except the last one.
  private static let pieceSize = 1 << 16

  private let source: PieceSource
  private var input: [UInt8] = []
  private var position = 0
  private var bits: UInt32 = 0
  private var bitCount = 0
  /// What was decoded: a window's worth of what has been handed on, and what has not.
  private var output: [UInt8] = []
  private var handedOn = 0
  private var block = Block.none
  private var isLast = false

  /// What the next bits belong to.
  private enum Block {
    case none
    case stored(left: Int)
    case coded(literals: PrefixCode, distances: PrefixCode)
  }

  init(source: @escaping PieceSource) { self.source = source }

  /// Begins a stream at the next whole byte.
  mutating func begin() {
    (bits, bitCount, isLast) = (0, 0, false)
    block = .none
    output.removeAll(keepingCapacity: true)
    handedOn = 0
  }

  /// Whether nothing follows; asked between two streams.
  var isAtEnd: Bool {
    mutating get throws { bitCount < 8 ? try !refill() : false }
  }

  /// The next whole byte: what is left of the last one is passed over.
  mutating func byte() throws -> UInt8 {
    _ = try take(bitCount & 7)
    return bitCount >= 8 ? UInt8(try take(8)) : try nextByte()
  }

  /// The next piece of the stream; `nil` at its end.
  mutating func next() throws -> [UInt8]? {
    if handedOn > Self.window {
      output.removeFirst(handedOn - Self.window)
      handedOn = Self.window
    }
    while output.count - handedOn < Self.pieceSize {
      if case .none = block {
        if isLast { break }
        try beginBlock()
      }
      if case .stored(let left) = block {
        try copyStored(left)
      } else if case .coded(let literals, let distances) = block {
        if try decode(literals, distances) { block = .none }
      }
    }
    guard output.count > handedOn else { return nil }
    defer { handedOn = output.count }
    return Array(output[handedOn...])
  }

  // MARK: Bits

  private mutating func refill() throws -> Bool {
    while position == input.count {
      guard let piece = try source() else { return false }
      (input, position) = (piece, 0)
    }
    return true
  }

  private mutating func nextByte() throws -> UInt8 {
    if position == input.count, try !refill() { throw Gzip.Damage(what: "the file is cut off") }
    defer { position += 1 }
    return input[position]
  }

  private mutating func take(_ count: Int) throws -> Int {
    while bitCount < count {
      bits |= UInt32(try nextByte()) << UInt32(bitCount)
      bitCount += 8
    }
    let value = bits & ((1 << UInt32(count)) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func symbol(_ code: borrowing PrefixCode) throws -> Int {
    // A stream may end with fewer bits than the longest code has: then its end is looked for bit by bit.
    while bitCount < PrefixCode.tableBits, try position < input.count || refill() {
      bits |= UInt32(input[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    let entry = Int(code.table[Int(bits) & (PrefixCode.tableSize - 1)])
    let length = entry & 15
    if length > 0, length <= bitCount {
      bits >>= UInt32(length)
      bitCount -= length
      return entry >> 4
    }
    return try slowSymbol(code)
  }

  private mutating func slowSymbol(_ code: borrowing PrefixCode) throws -> Int {
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

  // MARK: Blocks

  private mutating func beginBlock() throws {
    isLast = try take(1) == 1
    switch try take(2) {
    case 0:
      let low = Int(try byte())
      let count = low | Int(try byte()) << 8
      let complementLow = Int(try byte())
      let complement = complementLow | Int(try byte()) << 8
      guard count == complement ^ 0xFFFF else { throw Gzip.Damage(what: "a length is damaged") }
      block = .stored(left: count)
    case 1: block = .coded(literals: .fixedLiterals, distances: .fixedDistances)
    case 2:
      let (literals, distances) = try dynamicCodes()
      block = .coded(literals: literals, distances: distances)
    default: throw Gzip.Damage(what: "a block has an unknown type")
    }
  }

  private mutating func copyStored(_ left: Int) throws {
    guard left > 0 else {
      block = .none
      return
    }
    guard try refill() else { throw Gzip.Damage(what: "the file is cut off") }
    let count = min(left, input.count - position)
    output.append(contentsOf: input[position..<position + count])
    position += count
    block = .stored(left: left - count)
  }

  private mutating func dynamicCodes() throws -> (PrefixCode, PrefixCode) {
    let literalCount = try take(5) + 257
    let distanceCount = try take(5) + 1
    let lengthCount = try take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else {
      throw Gzip.Damage(what: "a code is damaged")
    }
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for index in 0..<lengthCount { lengths[order[index]] = try take(3) }
    let lengthCode = try PrefixCode(lengths: lengths[...])
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
      try PrefixCode(lengths: all[..<literalCount]),
      try PrefixCode(lengths: ArraySlice(all[literalCount...]))
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

  /// Decodes until a piece is full or the block ends.
  ///
  /// - Returns: whether the block has ended
  private mutating func decode(
    _ literals: PrefixCode, _ distances: PrefixCode
  ) throws -> Bool {
    while output.count - handedOn < Self.pieceSize {
      let symbol = try symbol(literals)
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return true }
      guard symbol - 257 < Self.lengthBases.count else {
        throw Gzip.Damage(what: "a length is damaged")
      }
      let length = try Self.lengthBases[symbol - 257] + take(Self.lengthBits[symbol - 257])
      let code = try self.symbol(distances)
      guard code < Self.distanceBases.count else {
        throw Gzip.Damage(what: "a distance is damaged")
      }
      let distance = try Self.distanceBases[code] + take(Self.distanceBits[code])
      guard distance <= output.count, distance <= Self.window else {
        throw Gzip.Damage(what: "a distance is damaged")
      }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
    return false
  }
}

/// A canonical Huffman code: how many codes there are of each length, the symbols in their order, and a table of the
/// short ones.
struct PrefixCode {
  static let tableBits = 9
  static let tableSize = 1 << tableBits

  var counts = [Int](repeating: 0, count: 16)
  var symbols: [Int]
  /// For the next bits, the symbol (from bit 4) and the length of its code; 0 where the code is longer.
  var table = [UInt16](repeating: 0, count: PrefixCode.tableSize)

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
    var codes = [Int](repeating: 0, count: 17)
    for length in 1...15 {
      offsets[length + 1] = offsets[length] + counts[length]
      codes[length + 1] = (codes[length] + counts[length]) << 1
    }
    for (symbol, length) in lengths.enumerated() where length > 0 {
      symbols[offsets[length]] = symbol
      offsets[length] += 1
      enter(symbol, code: codes[length], length: length)
      codes[length] += 1
    }
  }

  /// Enters a code for all bits that may follow it. Codes come with their first bit first, and bytes with their last.
  private mutating func enter(_ symbol: Int, code: Int, length: Int) {
    guard length <= Self.tableBits else { return }
    var reversed = 0
    for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
    for index in stride(from: reversed, to: Self.tableSize, by: 1 << length) {
      table[index] = UInt16(symbol << 4 | length)
    }
  }

  private init(fixed lengths: [Int]) {
    self = (try? PrefixCode(lengths: lengths[...])) ?? PrefixCode(empty: ())
  }

  private init(empty: Void) { symbols = [] }

  static let fixedLiterals = PrefixCode(
    fixed: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  static let fixedDistances = PrefixCode(fixed: [Int](repeating: 5, count: 30))
}
