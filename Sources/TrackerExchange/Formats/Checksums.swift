/// Cyclic redundancy checks of 32 bits, reflected, eight bytes at a time (Kounavis and Berry, "A Systematic
/// Approach to Building High Performance Software-Based CRC Generators", 2005).
struct CRC32: Sendable {
  /// Castagnoli's polynomial: TensorBoard's records.
  static let castagnoli = CRC32(polynomial: 0x82F6_3B78)
  /// That of Ethernet, zlib and W&B's records.
  static let ethernet = CRC32(polynomial: 0xEDB8_8320)

  private let tables: [UInt32]

  private init(polynomial: UInt32) {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for index in 0..<256 {
      var value = UInt32(index)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
      tables[index] = value
    }
    for index in 0..<256 {
      for table in 1..<8 {
        let before = tables[(table - 1) * 256 + index]
        tables[table * 256 + index] = before >> 8 ^ tables[Int(before & 0xFF)]
      }
    }
    self.tables = tables
  }

  /// The checksum of `bytes`, going on from that of what stands before them.
  func checksum(_ bytes: UnsafeRawBufferPointer, after previous: UInt32 = 0) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var value = ~previous
      var offset = 0
      while offset + 8 <= bytes.count {
        let word =
          UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
          ^ UInt64(value)
        value = 0
        for byte in 0..<8 {
          value ^= tables[(7 - byte) * 256 + Int(word >> UInt64(8 * byte) & 0xFF)]
        }
        offset += 8
      }
      while offset < bytes.count {
        value = value >> 8 ^ tables[Int((value ^ UInt32(bytes[offset])) & 0xFF)]
        offset += 1
      }
      return ~value
    }
  }
}
