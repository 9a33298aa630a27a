import CTrackerHash

/// SHA-256 of bytes that come piece by piece.
package struct RunningDigest {
  private var state = TrackerSHA256()

  package init() { tracker_sha256_begin(&state) }

  /// Takes the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    tracker_sha256_update(&state, bytes.baseAddress, bytes.count)
  }

  /// The 32 bytes of the SHA-256 of all that came.
  package mutating func finish() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      tracker_sha256_finish(&state, buffer.baseAddress)
      count = 32
    }
  }
}

/// SHA-256 of bytes.
package enum Digest {
  /// The 32 bytes of the SHA-256 of `bytes`.
  package static func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var digest = RunningDigest()
    digest.update(bytes)
    return digest.finish()
  }

  /// The bytes of hexadecimal digits; `nil` if that is not what they are.
  package static func bytes(ofHexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 != nil }) else { return nil }
    let values = digits.compactMap { $0 }
    return stride(from: 0, to: values.count, by: 2).map { (place: Int) -> UInt8 in
      UInt8(values[place] * 16 + values[place + 1])
    }
  }

  /// Bytes in lower-case hexadecimal.
  package static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
