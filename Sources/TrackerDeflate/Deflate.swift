/// `bytes` compressed into a zlib stream (RFC 1950) of one block with the fixed Huffman codes of
/// RFC 1951: no match for zlib, but pictures of few colours shrink well, and no library is needed.
package func deflated(_ bytes: [UInt8]) -> [UInt8] {
  var stream = BitStream(bytes: [0x78, 0x01])
  stream.append(0b011, count: 3)  // the last block, fixed codes
  var latest: [UInt32: Int] = [:]
  var index = 0
  while index < bytes.count {
    var length = 0
    var distance = 0
    if index + 3 <= bytes.count {
      let key = bytes[index..<index + 3].reduce(0) { $0 << 8 | UInt32($1) }
      if let earlier = latest[key], index - earlier <= 32_768 {
        distance = index - earlier
        while length < 258, index + length < bytes.count,
          bytes[earlier + length] == bytes[index + length]
        {
          length += 1
        }
      }
      latest[key] = index
    }
    if length >= 3 {
      stream.appendMatch(length: length, distance: distance)
      index += length
    } else {
      stream.appendSymbol(Int(bytes[index]))
      index += 1
    }
  }
  stream.appendSymbol(256)
  return stream.finished() + adler32(bytes)
}

private struct BitStream {
  var bytes: [UInt8]
  private var pending: UInt64 = 0
  private var pendingCount = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The lowest `count` bits, lowest first.
  mutating func append(_ bits: Int, count: Int) {
    pending |= UInt64(bits) << UInt64(pendingCount)
    pendingCount += count
    while pendingCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      pendingCount -= 8
    }
  }

  /// A Huffman code, whose highest bit comes first.
  private mutating func appendCode(_ code: Int, count: Int) {
    for place in stride(from: count - 1, through: 0, by: -1) { append(code >> place & 1, count: 1) }
  }

  /// RFC 1951, 3.2.6.
  mutating func appendSymbol(_ symbol: Int) {
    switch symbol {
    case ..<144: appendCode(0x30 + symbol, count: 8)
    case ..<256: appendCode(0x190 + symbol - 144, count: 9)
    case ..<280: appendCode(symbol - 256, count: 7)
    default: appendCode(0xC0 + symbol - 280, count: 8)
    }
  }

  /// RFC 1951, 3.2.5: codes grow by a bit of extra range every four lengths, every two distances.
  mutating func appendMatch(length: Int, distance: Int) {
    if length == 258 {
      appendSymbol(285)
    } else {
      let (code, extra, rest) = Self.split(length - 3, group: 4)
      appendSymbol(257 + code)
      append(rest, count: extra)
    }
    let (code, extra, rest) = Self.split(distance - 1, group: 2)
    appendCode(code, count: 5)
    append(rest, count: extra)
  }

  /// The code of `value`, how many extra bits it has, and their value.
  private static func split(_ value: Int, group: Int) -> (code: Int, extra: Int, rest: Int) {
    let groupBits = group.trailingZeroBitCount
    guard value >= 2 * group else { return (value, 0, 0) }
    let highest = Int.bitWidth - 1 - value.leadingZeroBitCount
    let extra = highest - groupBits
    return (extra * group + (value >> extra), extra, value & ((1 << extra) - 1))
  }

  mutating func finished() -> [UInt8] {
    if pendingCount > 0 { append(0, count: 8 - pendingCount) }
    return bytes
  }
}
