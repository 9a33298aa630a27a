/// The CRC of ISO 3309, which gzip (RFC 1952, section 8) and PNG have.
///
/// - Parameter crc: that of the bytes before, or 0
package func crc32(_ bytes: ArraySlice<UInt8>, after crc: UInt32 = 0) -> UInt32 {
  crcTable.withUnsafeBufferPointer { table in
    bytes.withUnsafeBufferPointer { bytes in
      var crc = ~crc
      for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
      return ~crc
    }
  }
}

private let crcTable: [UInt32] = (0..<256).map { index in
  (0..<8).reduce(UInt32(index)) { value, _ in
    value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
  }
}

/// The checksum of a zlib stream (RFC 1950, section 8.2), highest byte first.
func adler32(_ bytes: [UInt8]) -> [UInt8] {
  var a: UInt32 = 1
  var b: UInt32 = 0
  for byte in bytes {
    a = (a + UInt32(byte)) % 65_521
    b = (b + a) % 65_521
  }
  return [b >> 8, b, a >> 8, a].map { UInt8(truncatingIfNeeded: $0) }
}
