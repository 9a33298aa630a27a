extension UnsafeRawBufferPointer {
  /// Where `byte` stands first; `nil` where it does not.
  package func firstPlace(of byte: UInt8) -> Int? {
    guard let start = baseAddress, let found = memchr(start, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - start
  }
}
