package import TrackerSystem

/// Reads gzip files: RFC 1952 around RFC 1951's deflate.
///
/// Codes of up to nine bits are looked up, longer ones decoded length by length from their counts, as canonical Huffman
/// codes allow (RFC 1951, section 3.2.2).
package enum Gzip {
  /// What is wrong with a compressed file.
  package struct Damage: Error {
    package let what: String
  }

  /// Whether a file that begins so is gzip.
  package static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The content of a source that is gzip, piece by piece; of any other source, the source's own pieces.
  ///
  /// - Throws: while it is read, ``Damage``
  package static func decompressed(_ source: @escaping PieceSource) throws -> PieceSource {
    // Two bytes tell, and a source may give one.
    var head: [UInt8] = []
    while head.count < 2, let piece = try source() { head += piece }
    var rest: [UInt8]? = head.isEmpty ? nil : head
    let whole: PieceSource = {
      if let piece = rest {
        rest = nil
        return piece
      }
      return try source()
    }
    guard isCompressed(head) else { return whole }
    var stream = GzipStream(source: whole)
    return { try stream.next() }
  }
}

/// The content of gzip members, piece by piece.
private struct GzipStream {
  private var inflater: Inflater
  private var isInMember = false
  private var crc: UInt32 = 0
  private var count: UInt32 = 0

  init(source: @escaping PieceSource) { inflater = Inflater(source: source) }

  mutating func next() throws -> [UInt8]? {
    while true {
      if !isInMember {
        guard try !inflater.isAtEnd else { return nil }
        try readHeader()
        (isInMember, crc, count) = (true, 0, 0)
        inflater.begin()
      }
      if let piece = try inflater.next() {
        crc = crc32(piece[...], after: crc)
        count &+= UInt32(truncatingIfNeeded: piece.count)
        return piece
      }
      guard try little(4) == Int(crc), try little(4) == Int(count) else {
        throw Gzip.Damage(what: "the checksum is wrong")
      }
      isInMember = false
    }
  }

  private mutating func little(_ count: Int) throws -> Int {
    var value = 0
    for index in 0..<count { value |= Int(try inflater.byte()) << (8 * index) }
    return value
  }

  private mutating func readHeader() throws {
    guard try inflater.byte() == 0x1F, try inflater.byte() == 0x8B, try inflater.byte() == 8 else {
      throw Gzip.Damage(what: "this is not a gzip file")
    }
    let flags = try inflater.byte()
    for _ in 0..<6 { _ = try inflater.byte() }
    if flags & 4 != 0 { for _ in 0..<(try little(2)) { _ = try inflater.byte() } }
    if flags & 8 != 0 { while try inflater.byte() != 0 {} }
    if flags & 16 != 0 { while try inflater.byte() != 0 {} }
    if flags & 2 != 0 { _ = try little(2) }
  }
}
