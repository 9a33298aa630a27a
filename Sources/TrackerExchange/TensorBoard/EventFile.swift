import TrackerStore
import TrackerSystem

/// A file of TensorBoard's events: records of a length, its masked checksum, the event, and its masked checksum
/// (TensorFlow, `tensorflow/core/lib/io/record_writer.h`).
///
/// A file that is still being written ends in the middle of a record: it is read as far as it goes.
struct EventFile {
  /// An event is at most so large, in bytes.
  private static let recordLimit = 1 << 28

  /// How a reading ended.
  enum End: Hashable {
    /// With the last whole record.
    case whole
    /// In the middle of a record, as a file ends that is being written or was cut off.
    case cutOff
    /// At a record whose checksum is wrong, at this place in bytes.
    case damaged(Int)
  }

  /// Hands on the bytes of each event.
  static func events(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> End
  {
    let file = try SourceFile.open(path)
    var buffer: [UInt8] = []
    var start = 0
    var passed = 0
    var end = End.whole
    do {
      try file.pieces { piece in
        guard end == .whole else { return }
        buffer.removeSubrange(..<start)
        passed += start
        start = 0
        buffer.append(contentsOf: piece)
        try buffer.withUnsafeBytes { bytes in
          while let record = try record(bytes, at: start) {
            guard let event = record.event else {
              end = .damaged(passed + start)
              return
            }
            try body(event)
            start = record.end
          }
        }
      }
    } catch let error as SystemError { throw ForeignError.missing("reading \(path): \(error)") }
    if end == .whole, start < buffer.count { end = .cutOff }
    return end
  }

  /// Writes an event's record.
  static func write(_ event: [UInt8], to file: OutputFile) throws {
    var record: [UInt8] = []
    record.reserveCapacity(event.count + 16)
    func append(_ bytes: UnsafeRawBufferPointer) {
      record.append(contentsOf: bytes)
      withUnsafeBytes(of: masked(bytes).littleEndian) { record.append(contentsOf: $0) }
    }
    withUnsafeBytes(of: UInt64(event.count).littleEndian, append)
    event.withUnsafeBytes(append)
    try record.withUnsafeBytes { try file.write($0) }
  }

  /// The record that begins at `start`: its event, or `nil` for the event where a checksum is wrong; `nil` where
  /// it is not whole yet.
  private static func record(
    _ bytes: UnsafeRawBufferPointer, at start: Int
  ) throws -> (event: UnsafeRawBufferPointer?, end: Int)? {
    guard bytes.count - start >= 12 else { return nil }
    let length = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian
    let header = UnsafeRawBufferPointer(rebasing: bytes[start..<start + 8])
    guard masked(header) == word(bytes, at: start + 8), length <= recordLimit else {
      return (nil, start)
    }
    let end = start + 12 + Int(length) + 4
    guard end <= bytes.count else { return nil }
    let event = UnsafeRawBufferPointer(rebasing: bytes[(start + 12)..<(end - 4)])
    guard masked(event) == word(bytes, at: end - 4) else { return (nil, start) }
    return (event, end)
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
    bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian
  }

  /// A checksum as it stands in files: of data that holds checksums itself, a checksum would be weak.
  private static func masked(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let value = CRC32.castagnoli.checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
