/// The bytes of an optimiser's state, either being written or being read.
///
/// A state names its parts once, in `visit` calls that write them or fill them in, so that the two
/// directions cannot come apart. Everything is little-endian; an array is its count and its elements.
struct StateArchive {
  private(set) var bytes: [UInt8] = []
  private var position = 0
  private let isReading: Bool

  /// An archive to write to.
  init() { isReading = false }

  /// An archive to read from.
  init(reading bytes: [UInt8]) {
    self.bytes = bytes
    isReading = true
  }

  mutating func visit(_ value: inout UInt64) throws {
    if isReading {
      guard bytes.count - position >= 8 else {
        throw OptimizerError.damagedState("it ends early, after \(bytes.count) bytes")
      }
      value = bytes.withUnsafeBytes {
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      }
      position += 8
    } else {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }

  mutating func visit(_ value: inout Int) throws {
    var bits = UInt64(bitPattern: Int64(value))
    try visit(&bits)
    value = Int(Int64(bitPattern: bits))
  }

  mutating func visit(_ value: inout Double) throws {
    var bits = value.bitPattern
    try visit(&bits)
    value = Double(bitPattern: bits)
  }

  mutating func visit(_ value: inout Bool) throws {
    var bits: UInt64 = value ? 1 : 0
    try visit(&bits)
    guard bits <= 1 else { throw OptimizerError.damagedState("\(bits) is not a truth value") }
    value = bits == 1
  }

  /// An optional as a flag and, where there is one, its value. `blank` is any value.
  mutating func visit<T>(
    _ value: inout T?, blank: T, _ body: (inout StateArchive, inout T) throws -> Void
  ) throws {
    var isPresent = value != nil
    try visit(&isPresent)
    guard isPresent else {
      value = nil
      return
    }
    var present = value ?? blank
    try body(&self, &present)
    value = present
  }

  /// A case by its raw value, as text.
  mutating func visit<T: RawRepresentable>(_ value: inout T) throws where T.RawValue == String {
    var text = value.rawValue
    try visit(&text)
    guard let read = T(rawValue: text) else {
      throw OptimizerError.damagedState("unknown name \(text)")
    }
    value = read
  }

  mutating func visit(_ text: inout String) throws {
    var count = text.utf8.count
    try visit(&count)
    if isReading {
      try requireRemaining(count, of: 1)
      text = String(decoding: bytes[position..<position + count], as: UTF8.self)
      position += count
    } else {
      bytes.append(contentsOf: text.utf8)
    }
  }

  /// A vector; one read must have `count` elements, if that is given.
  mutating func visit(_ vector: inout [Double], count expected: Int? = nil) throws {
    var count = vector.count
    try visit(&count)
    if isReading {
      try requireRemaining(count, of: 8)
      if let expected, count != expected {
        throw OptimizerError.damagedState("a vector of \(count) numbers instead of \(expected)")
      }
      vector = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
        bytes.withUnsafeBytes { raw in
          for index in 0..<count {
            let bits = raw.loadUnaligned(fromByteOffset: position + 8 * index, as: UInt64.self)
            buffer.initializeElement(at: index, to: Double(bitPattern: UInt64(littleEndian: bits)))
          }
        }
        initialized = count
      }
      position += 8 * count
    } else {
      vector.map { $0.bitPattern.littleEndian }.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }

  /// Vectors, each of `count` elements.
  mutating func visit(_ vectors: inout [[Double]], count: Int) throws {
    var vectorCount = vectors.count
    try visit(&vectorCount)
    try requireRemaining(vectorCount, of: 8)
    if isReading {
      vectors = [[Double]](repeating: [], count: vectorCount)
    }
    for index in vectors.indices { try visit(&vectors[index], count: count) }
  }

  /// What every state begins with: a mark, the version of the form, the settings and n.
  mutating func visitHeader(
    _ settings: inout OptimizerSettings, _ parameterCount: inout Int
  ) throws {
    var mark = "tracker optimizer state 1"
    try visit(&mark)
    guard mark == "tracker optimizer state 1" else {
      throw OptimizerError.damagedState("it does not begin as one of version 1 does")
    }
    try settings.visit(&self)
    try settings.validate()
    try visit(&parameterCount)
    // Each state holds at least the parameters and the gradient: a count beyond that is damage, and
    // is seen before memory is taken for it.
    try requireRemaining(parameterCount, of: 16)
  }

  func finishReading() throws {
    guard position == bytes.count else {
      throw OptimizerError.damagedState("\(bytes.count - position) bytes too many")
    }
  }

  /// Throws unless there are `count` elements of `size` bytes left to read.
  func requireRemaining(_ count: Int, of size: Int) throws {
    guard isReading else { return }
    guard count >= 0, count <= (bytes.count - position) / size else {
      throw OptimizerError.damagedState("it ends early, after \(bytes.count) bytes")
    }
  }
}

extension OptimizerSettings {
  fileprivate mutating func visit(_ archive: inout StateArchive) throws {
    try archive.visit(&method)
    try archive.visit(&learningRate, blank: 0) { try $0.visit(&$1) }
    var text = schedule.description
    try archive.visit(&text)
    guard let schedule = LearningRateSchedule(text) else {
      throw OptimizerError.damagedState("unknown schedule \(text)")
    }
    self.schedule = schedule
    try archive.visit(&momentum)
    try archive.visit(&nesterov)
    try archive.visit(&batchSize)
    try archive.visit(&memory)
    try archive.visit(&tolerance)
    try archive.visit(&costTolerance)
    try archive.visit(&evaluationLimit, blank: 0) { try $0.visit(&$1) }
    try archive.visit(&seed)
  }
}
