import TrackerStore

/// A reader of NumPy's `.npy` files: arrays of real numbers, floating-point or whole, of either byte order and any
/// shape.
///
/// Source: the format's description in `numpy.lib.format` (NumPy Enhancement Proposal 1).
enum NumPyFile {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]  // \x93NUMPY

  /// A file of a vector of float64.
  static func bytes(of vector: [Double]) -> [UInt8] {
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(vector.count),), }"
    // The format wants the values aligned to 64 bytes, and a newline at the header's end.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let count = UInt16(header.utf8.count)
    return magic + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(header.utf8)
      + Float64Vector.bytes(of: vector)
  }

  /// The array's values in C (row-major) order, flattened.
  ///
  /// - Parameter name: the file's name, for messages
  static func values(of bytes: [UInt8], name: String) throws -> [Double] {
    try array(of: bytes, name: name).values
  }

  /// The same, and the type of the array's elements by NumPy's name, such as `float32` or `int64`.
  static func array(
    of bytes: [UInt8], name: String
  ) throws -> (values: [Double], type: String) {
    func malformed(_ what: String) -> InputError {
      InputError(
        .malformed, "\(name): \(what)",
        advice: "Write it again with np.save(path, array.astype(float)).")
    }
    guard bytes.starts(with: magic), bytes.count >= 10 else {
      throw malformed("this is no .npy file")
    }
    let wide = bytes[6] >= 2
    guard (1...3).contains(bytes[6]), !wide || bytes.count >= 12 else {
      throw malformed("version \(bytes[6]).\(bytes[7]) of the format is not known")
    }
    let prefix = wide ? 12 : 10
    let length = bytes[8..<prefix].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= prefix + length else { throw malformed("the header is cut off") }
    let text = String(decoding: bytes[prefix..<prefix + length], as: UTF8.self)
    guard let header = Header(text) else { throw malformed("the header cannot be read: \(text)") }
    guard let type = ElementType(header.descr) else {
      throw malformed("values are of type \(header.descr), which is not a real number")
    }
    var count = 1
    for extent in header.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product <= bytes.count else {
        throw malformed("the shape \(header.shape) needs more values than the file holds")
      }
      count = product
    }
    let body = bytes[(prefix + length)...]
    guard body.count == count * type.size else {
      throw malformed(
        "the shape \(header.shape) needs \(count * type.size) bytes of values, the file has \(body.count)"
      )
    }
    let stored = type.decode(body)
    return (header.fortranOrder ? rowMajor(stored, shape: header.shape) : stored, type.name)
  }

  /// `values`, stored with the first index running fastest, with the last one running fastest.
  private static func rowMajor(_ values: [Double], shape: [Int]) -> [Double] {
    guard shape.count > 1 else { return values }
    var strides: [Int] = []
    var stride = 1
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var index = [Int](repeating: 0, count: shape.count)
    return values.indices.map { _ in
      let source = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
      return values[source]
    }
  }

  private struct ElementType {
    private enum Kind: Character { case float = "f", signed = "i", unsigned = "u" }
    private let kind: Kind
    let size: Int
    private let bigEndian: Bool

    init?(_ descr: String) {
      let characters = Array(descr)
      guard characters.count == 3, "<>=|".contains(characters[0]),
        let kind = Kind(rawValue: characters[1]), let size = characters[2].wholeNumberValue,
        (kind == .float ? [4, 8] : [1, 2, 4, 8]).contains(size)
      else { return nil }
      self.kind = kind
      self.size = size
      bigEndian = characters[0] == ">"
    }

    /// What NumPy calls it.
    var name: String {
      switch kind {
      case .float: "float\(size * 8)"
      case .signed: "int\(size * 8)"
      case .unsigned: "uint\(size * 8)"
      }
    }

    func decode(_ bytes: ArraySlice<UInt8>) -> [Double] {
      stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { start in
        let word = bytes[start..<start + size]
        let pattern =
          bigEndian
          ? word.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
          : word.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch kind {
        case .float:
          return size == 8
            ? Double(bitPattern: pattern) : Double(Float(bitPattern: UInt32(pattern)))
        case .signed:
          let unused = UInt64(64 - size * 8)
          return Double(Int64(bitPattern: pattern << unused) >> Int64(unused))
        case .unsigned: return Double(pattern)
        }
      }
    }
  }

  /// The three fields of the Python dictionary that heads the file.
  private struct Header {
    var descr: String
    var fortranOrder: Bool
    var shape: [Int]

    init?(_ text: String) {
      guard let descr = Self.field("descr", of: text), descr.first == "'" || descr.first == "\"",
        let order = Self.field("fortran_order", of: text),
        let tuple = Self.field("shape", of: text), tuple.first == "("
      else { return nil }
      self.descr = String(descr.dropFirst().prefix { $0 != "'" && $0 != "\"" })
      fortranOrder = order.hasPrefix("True")
      shape = []
      for part in tuple.dropFirst().prefix(while: { $0 != ")" }).split(separator: ",") {
        let digits = part.filter { $0 != " " }
        guard let extent = Int(digits), extent >= 0 else { return nil }
        shape.append(extent)
      }
    }

    /// What stands behind `'name':`.
    private static func field(_ name: String, of text: String) -> Substring? {
      for quote in ["'", "\""] {
        let key = "\(quote)\(name)\(quote):"
        guard let range = text.firstRange(of: key) else { continue }
        return text[range.upperBound...].drop { $0 == " " }
      }
      return nil
    }
  }
}
