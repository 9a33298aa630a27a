import TrackerSystem

/// The file `run-ID.wandb` of a W&B run: a header of 7 bytes, then blocks of 32 KiB as LevelDB's log has them
/// (leveldb, `doc/log_format.md`), but with zlib's checksum.
///
/// A file that is still being written ends in the middle of a record: it is read as far as it goes.
enum WandBFile {
  static let magic: [UInt8] = [0x3A, 0x57, 0x26, 0x42, 0xE1, 0xBE, 0]
  private static let blockSize = 1 << 15
  private static let headerSize = 7
  /// A record is at most so large, in bytes.
  private static let recordLimit = 1 << 28

  /// How a reading ended.
  enum End: Hashable {
    /// With the last whole record.
    case whole
    /// In the middle of a record.
    case cutOff
    /// At a block whose checksum is wrong, at this place in bytes.
    case damaged(Int)
  }

  static func recognizes(_ path: String) -> Bool {
    guard path.hasSuffix(".wandb"), let file = try? SourceFile.open(path) else { return false }
    var start = [UInt8](repeating: 0, count: magic.count)
    return (try? start.withUnsafeMutableBytes { try file.read(into: $0) }) == magic.count
      && start.starts(with: magic.dropLast())
  }

  /// Hands on the bytes of each record.
  static func records(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> End
  {
    let file = try SourceFile.open(path)
    var block: [UInt8] = []
    var passed = 0
    var record: [UInt8] = []
    var end = End.whole
    /// Takes the records of a block, of which the first begins after the file's header.
    func take(_ bytes: UnsafeRawBufferPointer) throws {
      var offset = passed == 0 ? magic.count : 0
      // What is left of a block that no header fits into is filled with zeros.
      while bytes.count - offset >= headerSize, end == .whole {
        let length = Int(
          bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt16.self).littleEndian)
        let kind = bytes[offset + 6]
        if kind == 0, length == 0 { break }
        let stop = offset + headerSize + length
        guard stop <= bytes.count else {
          end = .cutOff
          return
        }
        let data = UnsafeRawBufferPointer(rebasing: bytes[(offset + headerSize)..<stop])
        let checksum = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian
        let seed = withUnsafeBytes(of: kind) { CRC32.ethernet.checksum($0) }
        guard CRC32.ethernet.checksum(data, after: seed) == checksum, (1...4).contains(kind),
          record.count + length <= recordLimit
        else {
          end = .damaged(passed + offset)
          return
        }
        // 1 is a whole record, 2 the first, 3 a middle and 4 the last part of one.
        if kind <= 2 { record.removeAll(keepingCapacity: true) }
        if kind == 1 {
          try body(data)
        } else {
          record.append(contentsOf: data)
          if kind == 4 {
            try record.withUnsafeBytes(body)
            record.removeAll(keepingCapacity: true)
          }
        }
        offset = stop
      }
    }
    do {
      try file.pieces { piece in
        block.append(contentsOf: piece)
        var start = 0
        while block.count - start >= blockSize, end == .whole {
          try block.withUnsafeBytes {
            try take(UnsafeRawBufferPointer(rebasing: $0[start..<start + blockSize]))
          }
          passed += blockSize
          start += blockSize
        }
        block.removeSubrange(..<start)
      }
      if end == .whole, passed > 0 || block.count > magic.count { try block.withUnsafeBytes(take) }
    } catch let error as SystemError { throw ForeignError.missing("reading \(path): \(error)") }
    return end == .whole && !record.isEmpty ? .cutOff : end
  }
}
