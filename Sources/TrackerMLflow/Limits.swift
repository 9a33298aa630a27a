import TrackerJSON
import TrackerStore

/// What MLflow takes, and what it says of the rest.
enum Limits {
  static let metricsOfBatch = 1000
  static let parametersOfBatch = 100
  static let tagsOfBatch = 100
  static let entriesOfBatch = 1000
  static let bytesOfBatch = 1_000_000
  static let keyLength = 250
  static let parameterLength = 6000
  static let tagLength = 8000
  static let experimentNameLength = 500
  static let experimentTagLength = 5000
  static let runsOfSearch = 50_000
  static let defaultRunsOfSearch = 1000
  static let experimentsOfSearch = 50_000
  static let runsOfHistory = 100
  static let pointsOfHistory = 25_000
  static let pointsOfInterval = 2500
  /// An artifact that is sent to `upload-artifact`.
  static let uploadBytes = 10 << 20
  /// The largest moment that is taken, in milliseconds: the end of the year 9999.
  static let latestMoment: Int64 = 253_402_300_799_999

  /// A key of a metric, parameter or tag.
  static func checkKey(_ key: String, _ path: String) throws {
    guard key.unicodeScalars.allSatisfy(isPlain) else {
      throw MLflowError.invalid(
        .string(key), for: path,
        "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), "
          + "colon(:) and slashes (/).")
    }
    guard isPath(key) else {
      throw MLflowError.invalid(
        .string(key), for: path,
        "Names may be treated as files in certain cases, and must not resolve to other names when "
          + "treated as such.")
    }
    try checkLength(key, path, keyLength)
  }

  /// Whether a character may be part of a key: what Python's `\w` matches, and a few signs.
  static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      true
    default: "/_.- :".unicodeScalars.contains(scalar)
    }
  }

  /// Whether a key stays what it is where it is taken for a path.
  static func isPath(_ key: String) -> Bool {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    return !key.isEmpty && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  static func checkLength(_ text: String, _ path: String, _ limit: Int) throws {
    // Bytes are counted fast, and there are no fewer of them.
    if text.utf8.count > limit, text.unicodeScalars.count > limit {
      throw MLflowError.tooLong(path, limit)
    }
  }

  static func checkCount(_ count: Int, _ limit: Int, _ what: String) throws {
    guard count > limit else { return }
    throw MLflowError.invalid(
      "A batch logging request can contain at most \(limit) \(what). Got \(count) \(what). Please split "
        + "up \(what) across multiple requests and try again.")
  }

  static func checkRunID(_ id: String) throws {
    let scalars = id.unicodeScalars
    let isPlain = scalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-"
    }
    guard isPlain, scalars.count <= 256, scalars.first != "_", scalars.first != "-" else {
      throw MLflowError.invalid(.string(id), for: "run_id")
    }
  }

  /// A moment that a client gave.
  static func time(_ milliseconds: Int64, _ path: String) throws -> Timestamp {
    guard (0...latestMoment).contains(milliseconds) else {
      throw MLflowError.invalid(
        .integer(milliseconds), for: path,
        "it is milliseconds since 1970, at least 0 and before the year 10000")
    }
    return Timestamp(milliseconds: milliseconds)
  }

  /// A path below a run's folder: it must not lead out of it, however often it is encoded.
  static func safePath(_ path: String) throws -> String {
    var decoded = path
    for _ in 0..<10 {
      guard let next = Percent.decode(decoded), next != decoded else { break }
      decoded = next
    }
    let isSafe =
      !decoded.hasPrefix("/") && !decoded.contains("\\")
      && !decoded.unicodeScalars.contains { $0.value < 0x20 }
      && !decoded.split(separator: "/").contains("..")
      && !decoded.lowercased().hasPrefix("file:")
      && !(decoded.dropFirst().first == ":" && decoded.first?.isLetter == true)
    guard isSafe else { throw MLflowError.invalid("Invalid path") }
    return path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}

/// Percent-encoding (RFC 3986, section 2.1).
package enum Percent {
  /// The text with all but letters, digits and `-._~` encoded, and what is in `kept` as it is.
  package static func encode(_ text: String, keeping kept: String = "") -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    let plain = Set("-._~".utf8).union(kept.utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      let isAlphanumeric =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      if isAlphanumeric || plain.contains(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The text that is encoded; `nil` where that is no UTF-8 or a `%` stands without two digits.
  ///
  /// - Parameter plusIsSpace: as in the query of a form
  package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard rest.count >= 2,
          let high = Character(UnicodeScalar(rest.removeFirst())).hexDigitValue,
          let low = Character(UnicodeScalar(rest.removeFirst())).hexDigitValue
        else { return nil }
        bytes.append(UInt8(high * 16 + low))
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
