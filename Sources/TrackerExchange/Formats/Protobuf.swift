/// The fields of a Protocol Buffers message, as they stand (protobuf.dev, "Encoding").
///
/// A message that is cut off or wrong ends with its last whole field.
struct ProtobufMessage: Sequence, IteratorProtocol {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(UnsafeRawBufferPointer)
  }

  private var rest: UnsafeRawBufferPointer
  /// Whether something was wrong.
  private(set) var isMalformed = false

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  mutating func next() -> (field: Int, value: Value)? {
    if rest.isEmpty { return nil }
    guard let key = varint(), let field = Int(exactly: key >> 3), field > 0,
      let value = value(key & 7)
    else {
      isMalformed = true
      rest = UnsafeRawBufferPointer(start: nil, count: 0)
      return nil
    }
    return (field, value)
  }

  private mutating func value(_ wireType: UInt64) -> Value? {
    switch wireType {
    case 0: return varint().map(Value.varint)
    case 1: return take(8).map { .fixed64(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) }
    case 2:
      guard let length = varint(), let count = Int(exactly: length) else { return nil }
      return take(count).map(Value.bytes)
    case 5: return take(4).map { .fixed32(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))) }
    default: return nil
    }
  }

  private mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count <= rest.count else { return nil }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
    return UnsafeRawBufferPointer(rebasing: rest[..<count])
  }

  private mutating func varint() -> UInt64? {
    var result: UInt64 = 0
    for index in 0..<Swift.min(10, rest.count) {
      let byte = rest[index]
      result |= UInt64(byte & 0x7F) << UInt64(7 * index)
      if byte < 0x80 {
        rest = UnsafeRawBufferPointer(rebasing: rest[(index + 1)...])
        return result
      }
    }
    return nil
  }
}

extension ProtobufMessage.Value {
  /// A `string`.
  var text: String? {
    if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
  }

  /// A `bool`, an enumeration or a whole number.
  var integer: Int64? {
    if case .varint(let value) = self { Int64(bitPattern: value) } else { nil }
  }

  /// A `double`.
  var double: Double? {
    if case .fixed64(let bits) = self { Double(bitPattern: bits) } else { nil }
  }

  /// A `float`.
  var float: Float? {
    if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil }
  }

  /// A message.
  var message: ProtobufMessage? {
    if case .bytes(let bytes) = self { ProtobufMessage(bytes) } else { nil }
  }
}
