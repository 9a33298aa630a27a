import TrackerStore

/// What an event says (TensorFlow, `tensorflow/core/util/event.proto` and `framework/summary.proto`).
struct TensorBoardEvent {
  /// When, in seconds since 1970.
  var wallTime = 0.0
  /// At which step.
  var step: Int64 = 0
  /// The values of its summary.
  var values: [Value] = []

  struct Value {
    var tag = ""
    var content = Content.none
    /// The plugin that shows it, and that plugin's own bytes.
    var plugin = ""
    var pluginContent: UnsafeRawBufferPointer?
  }

  enum Content {
    case none
    case scalar(Double)
    case image(UnsafeRawBufferPointer)
    case histogram(UnsafeRawBufferPointer)
    case audio(UnsafeRawBufferPointer)
    case tensor(TensorBoardTensor)
  }

  init(_ bytes: UnsafeRawBufferPointer) {
    for (field, value) in ProtobufMessage(bytes) {
      switch field {
      case 1: wallTime = value.double ?? 0
      case 2: step = value.integer ?? 0
      case 5:
        for (field, value) in value.message ?? ProtobufMessage(.init(start: nil, count: 0))
        where field == 1 {
          if let message = value.message { values.append(Value(message)) }
        }
      default: break
      }
    }
  }
}

extension TensorBoardEvent.Value {
  init(_ message: ProtobufMessage) {
    for (field, value) in message {
      switch field {
      case 1: tag = value.text ?? ""
      // A float32, which a Double holds exactly.
      case 2: if let number = value.float { content = .scalar(Double(number)) }
      case 4:
        for (field, value) in value.message ?? ProtobufMessage(.init(start: nil, count: 0))
        where field == 4 {
          if case .bytes(let bytes) = value { content = .image(bytes) }
        }
      case 5: if case .bytes(let bytes) = value { content = .histogram(bytes) }
      case 6: if case .bytes(let bytes) = value { content = .audio(bytes) }
      case 8: if let message = value.message { content = .tensor(TensorBoardTensor(message)) }
      case 9: takeMetadata(value.message)
      default: break
      }
    }
  }

  private mutating func takeMetadata(_ message: ProtobufMessage?) {
    guard let message else { return }
    for (field, value) in message where field == 1 {
      guard let plugin = value.message else { continue }
      for (field, value) in plugin {
        if field == 1 { self.plugin = value.text ?? "" }
        if field == 2, case .bytes(let bytes) = value { pluginContent = bytes }
      }
    }
  }
}

/// A `TensorProto` (TensorFlow, `framework/tensor.proto`): its numbers or its texts, whatever its shape. TensorFlow 2 and
/// PyTorch's newer writers keep everything so, and the plugin tells what it is.
struct TensorBoardTensor {
  private let message: ProtobufMessage

  init(_ message: ProtobufMessage) { self.message = message }

  var texts: [UnsafeRawBufferPointer] {
    var texts: [UnsafeRawBufferPointer] = []
    for case (8, .bytes(let bytes)) in message { texts.append(bytes) }
    return texts
  }

  /// The number of a scalar; `nil` where there are more, or none.
  var scalar: Double? {
    let numbers = numbers(limit: 2)
    return numbers.count == 1 ? numbers[0] : nil
  }

  /// The first so many numbers.
  func numbers(limit: Int = .max) -> [Double] {
    var type: Int64 = 0
    var numbers: [Double] = []
    for (field, value) in message where numbers.count < limit {
      switch (field, value) {
      case (1, _): type = value.integer ?? 0
      case (4, .bytes(let bytes)): numbers += Self.numbers(bytes, type: type, limit)
      case (5, .fixed32(let bits)): numbers.append(Double(Float(bitPattern: bits)))
      case (5, .bytes(let bytes)): numbers += Self.numbers(bytes, type: 1, limit)
      case (6, .fixed64(let bits)): numbers.append(Double(bitPattern: bits))
      case (6, .bytes(let bytes)): numbers += Self.numbers(bytes, type: 2, limit)
      case (7, .varint(let bits)), (10, .varint(let bits)):
        numbers.append(Double(Int64(bitPattern: bits)))
      default: break
      }
    }
    return numbers
  }

  /// Little-endian numbers by TensorFlow's `DataType`: 1 float, 2 double, 3 int32, 9 int64.
  private static func numbers(
    _ bytes: UnsafeRawBufferPointer, type: Int64, _ limit: Int
  ) -> [Double] {
    func read<T>(_: T.Type, _ make: (T) -> Double) -> [Double] {
      let size = MemoryLayout<T>.size
      return (0..<min(bytes.count / size, limit)).map {
        make(bytes.loadUnaligned(fromByteOffset: $0 * size, as: T.self))
      }
    }
    return switch type {
    case 1: read(UInt32.self) { Double(Float(bitPattern: $0.littleEndian)) }
    case 2: read(UInt64.self) { Double(bitPattern: $0.littleEndian) }
    case 3: read(Int32.self) { Double($0.littleEndian) }
    case 9: read(Int64.self) { Double($0.littleEndian) }
    default: []
    }
  }
}
