import CTrackerHash

/// SHA-256 of bytes.
package enum Digest {
  /// The 32 bytes of the SHA-256 of `bytes`.
  package static func sha256(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var state = TrackerSHA256()
    tracker_sha256_begin(&state)
    tracker_sha256_update(&state, bytes.baseAddress, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      tracker_sha256_finish(&state, buffer.baseAddress)
      count = 32
    }
  }

  /// Bytes in lower-case hexadecimal.
  package static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
