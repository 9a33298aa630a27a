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
    let pictures = try IDXArray(images, name: imagesName)
    let classes = try IDXArray(labels, name: labelsName)
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
        throw DatasetError("\(labelsName), example \(row + 1): \(value) is no class")
      }
      return label
    }
    let known = Set(numbers).sorted()
    let indices = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
    try self.init(
      name: imagesName, sha256: (images + labels).withUnsafeBytes { Self.sha256($0) },
      features: pictures.values, labels: numbers.map { indices[$0] ?? 0 },
      classNames: known.map(String.init), featureCount: pictures.shape.dropFirst().reduce(1, *))
  }
}

/// An array in IDX form: two zero bytes, the type, the number of dimensions, their extents as big-endian
/// 32-bit integers, and the values, big-endian.
struct IDXArray {
  let shape: [Int]
  let values: [Double]

  init(_ file: [UInt8], name: String) throws {
    let bytes = try NumberTable.decompressed(file, name: name)
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, bytes[3] > 0 else {
      throw DatasetError(
        "\(name) is no IDX file", advice: "Choose a file such as train-images-idx3-ubyte.")
    }
    let sizes: [UInt8: Int] = [0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8]
    let type = bytes[2]
    guard let size = sizes[type] else {
      throw DatasetError("\(name): values of type \(type) are not known")
    }
    let start = 4 + 4 * Int(bytes[3])
    guard bytes.count >= start else { throw DatasetError("\(name): the header is cut off") }
    var shape: [Int] = []
    var count = 1
    for dimension in 0..<Int(bytes[3]) {
      let extent = Self.word(bytes, 4 + 4 * dimension, 4)
      shape.append(Int(extent))
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(extent))
      guard !overflow else { throw DatasetError("\(name): the header promises too many values") }
      count = product
    }
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, byteCount == bytes.count - start else {
      throw DatasetError(
        "\(name): the header promises \(count) values (\(shape.map(String.init).joined(separator: " × "))), "
          + "and the file has \((bytes.count - start) / size)",
        advice: "Fetch the file anew.")
    }
    self.shape = shape
    values = (0..<count).map { index in
      let word = Self.word(bytes, start + index * size, size)
      return switch type {
      case 0x08: Double(word)
      case 0x09: Double(Int8(truncatingIfNeeded: word))
      case 0x0B: Double(Int16(truncatingIfNeeded: word))
      case 0x0C: Double(Int32(truncatingIfNeeded: word))
      case 0x0D: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
      default: Double(bitPattern: word)
      }
    }
  }

  private static func word(_ bytes: [UInt8], _ start: Int, _ size: Int) -> UInt64 {
    var word: UInt64 = 0
    for offset in 0..<size { word = word << 8 | UInt64(bytes[start + offset]) }
    return word
  }
}
