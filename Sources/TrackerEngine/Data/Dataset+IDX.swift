package import TrackerSystem
import TrackerDeflate

extension Dataset {
  /// Reads images and their labels in the IDX form of MNIST, each plain or as gzip.
  ///
  /// Source: the description of the format on the MNIST database's page, Y. LeCun, C. Cortes and C. J. C.
  /// Burges.
  ///
  /// - Parameters:
  ///   - images: a file of m × … values, each example's flattened
  ///   - labels: a file of m whole numbers from 0
  /// - Throws: ``DatasetError``
  public init(
    images: [UInt8], imagesName: String, labels: [UInt8], labelsName: String
  ) throws {
    try self.init(
      images: pieces(of: images), imagesName: imagesName, labels: pieces(of: labels),
      labelsName: labelsName)
  }

  /// Reads such files piece by piece.
  package init(
    images: @escaping PieceSource, imagesName: String, labels: @escaping PieceSource,
    labelsName: String, limit: DataLimit = .current
  ) throws {
    let hash = PassingHash()
    let pictures = try IDXArray(hash.counting(images), name: imagesName, limit: limit)
    let classes = try IDXArray(hash.counting(labels), name: labelsName, limit: limit)
    guard pictures.shape.count >= 2 else {
      throw DatasetError(
        "\(imagesName) has \(pictures.shape.count) dimension, and images have two or three")
    }
    guard classes.shape.count == 1 else {
      throw DatasetError("\(labelsName) has \(classes.shape.count) dimensions, and labels have one")
    }
    guard pictures.shape[0] == classes.shape[0] else {
      throw DatasetError(
        "\(imagesName) has \(pictures.shape[0]) examples and \(labelsName) has \(classes.shape[0])",
        advice: "Choose files that belong together.")
    }
    guard pictures.shape[0] > 0 else { throw DatasetError("\(imagesName) holds no examples") }
    let numbers = try classes.values.enumerated().map { row, value in
      guard let label = Int(exactly: value), (0..<65536).contains(label) else {
        throw DatasetError("\(labelsName), example \(row + 1): \(value) is not a class")
      }
      return label
    }
    let known = Set(numbers).sorted()
    let indices = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
    try self.init(
      name: imagesName, sha256: hash.finish(),
      features: pictures.values, labels: numbers.map { indices[$0] ?? 0 },
      classNames: known.map(String.init), featureCount: pictures.rowSize)
  }
}

/// An array in IDX form: two zero bytes, the type, the number of dimensions, their extents as big-endian
/// 32-bit integers, and the values, big-endian; plain or as gzip.
struct IDXArray {
  let shape: [Int]
  let values: [Double]

  /// The values of one example: the product of all extents but the first.
  var rowSize: Int { shape.dropFirst().reduce(1, *) }

  private static let sizes: [UInt8: Int] = [0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8]

  /// Whether a file that begins so is one.
  static func isArray(_ head: [UInt8]) -> Bool {
    head.count >= 4 && head[0] == 0 && head[1] == 0 && sizes[head[2]] != nil && head[3] > 0
  }

  init(_ source: @escaping PieceSource, name: String, limit: DataLimit) throws {
    do {
      var bytes = ByteFeed(source: try Gzip.decompressed(source))
      (shape, values) = try Self.read(&bytes, name: name, limit: limit)
    } catch let damage as Gzip.Damage { throw DatasetError(damage, name: name) }
  }

  private static func read(
    _ bytes: inout ByteFeed, name: String, limit: DataLimit
  ) throws -> (shape: [Int], values: [Double]) {
    var head: [UInt8] = []
    while head.count < 4, let byte = try bytes.next() { head.append(byte) }
    guard head.count == 4, head[0] == 0, head[1] == 0, head[3] > 0 else {
      throw DatasetError(
        "\(name) is not an IDX file", advice: "Choose a file such as train-images-idx3-ubyte.")
    }
    let type = head[2]
    guard let size = sizes[type] else {
      throw DatasetError("\(name): values of type \(type) are not known")
    }
    var shape: [Int] = []
    var count = 1
    var isEmpty = false
    for _ in 0..<Int(head[3]) {
      guard let extent = try bytes.word(4) else {
        throw DatasetError("\(name): the header is cut off")
      }
      shape.append(Int(extent))
      if extent == 0 { isEmpty = true }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, Int(extent)))
      guard !overflow else { throw DatasetError("\(name): the header promises too many values") }
      count = product
    }
    if isEmpty { count = 0 }
    var values: [Double] = []
    while values.count < count, let word = try bytes.word(size) {
      guard values.count < limit.values else { throw limit.exceeded(by: name) }
      values.append(value(word, type))
    }
    let hasMore = try bytes.next() != nil
    guard values.count == count, !hasMore else {
      let extents = shape.map(String.init).joined(separator: " × ")
      throw DatasetError(
        "\(name): the header promises \(count) values (\(extents)), and the file has "
          + (hasMore ? "more" : "\(values.count)"), advice: "Fetch the file again.")
    }
    return (shape, values)
  }

  private static func value(_ word: UInt64, _ type: UInt8) -> Double {
    switch type {
    case 0x08: Double(word)
    case 0x09: Double(Int8(truncatingIfNeeded: word))
    case 0x0B: Double(Int16(truncatingIfNeeded: word))
    case 0x0C: Double(Int32(truncatingIfNeeded: word))
    case 0x0D: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
    default: Double(bitPattern: word)
    }
  }
}

/// The bytes of a source, one by one.
private struct ByteFeed {
  let source: PieceSource
  private var piece: [UInt8] = []
  private var position = 0

  init(source: @escaping PieceSource) { self.source = source }

  mutating func next() throws -> UInt8? {
    while position == piece.count {
      guard let more = try source() else { return nil }
      (piece, position) = (more, 0)
    }
    defer { position += 1 }
    return piece[position]
  }

  /// A big-endian word of so many bytes; `nil` where the source ends before.
  mutating func word(_ size: Int) throws -> UInt64? {
    var word: UInt64 = 0
    for _ in 0..<size {
      guard let byte = try next() else { return nil }
      word = word << 8 | UInt64(byte)
    }
    return word
  }
}
