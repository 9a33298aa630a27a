public import TrackerValues
import CTrackerEmbedded
import CTrackerHash

/// Labelled examples.
public struct Dataset: Hashable, Sendable {
  /// `digits`, or the file's name.
  public var name: String
  /// SHA-256 of the data's bytes as they were read, in lower-case hexadecimal.
  public var sha256: String
  /// The inputs, m × n, row-major.
  public var features: [Double]
  /// The class of each example, from 0; length m.
  public var labels: [Int]
  /// The classes' names; length K.
  public var classNames: [String]
  /// n, the inputs of an example.
  public var featureCount: Int
  /// What looks odd in the data, in words: it can be trained on, but perhaps something else was meant.
  public var remarks: [String] = []

  /// m, the examples.
  public var rowCount: Int { labels.count }
  /// K, the classes.
  public var classCount: Int { classNames.count }

  /// Labelled examples.
  ///
  /// - Throws: ``DatasetError`` when lengths do not agree, a value is not finite, a label is out of range
  ///   or there are fewer than two classes
  public init(
    name: String, sha256: String, features: [Double], labels: [Int], classNames: [String],
    featureCount: Int
  ) throws {
    guard features.count == labels.count * featureCount, featureCount > 0 else {
      throw DatasetError(
        "\(name): \(labels.count) rows of \(featureCount) values are not \(features.count) values")
    }
    if let index = features.firstIndex(where: { !$0.isFinite }) {
      throw DatasetError(
        "\(name): row \(index / featureCount + 1), column \(index % featureCount + 1) is "
          + "\(features[index])", advice: "Leave such rows out, or put a number there.")
    }
    guard labels.allSatisfy(classNames.indices.contains) else {
      throw DatasetError("\(name): a label is none of the \(classNames.count) classes")
    }
    guard classNames.count >= 2 else {
      throw DatasetError(
        "\(name): there is one class only, so there is nothing to learn",
        advice: "Check the label column.")
    }
    self.name = name
    self.sha256 = sha256
    self.features = features
    self.labels = labels
    self.classNames = classNames
    self.featureCount = featureCount
  }

  /// The inputs of an example.
  public func row(_ index: Int) -> ArraySlice<Double> {
    features[index * featureCount..<(index + 1) * featureCount]
  }

  /// The examples of these numbers, in this order.
  public func selecting(_ rows: [Int]) -> Dataset {
    var part = self
    part.features = rows.flatMap { row($0) }
    part.labels = rows.map { labels[$0] }
    return part
  }

  /// The 1,797 handwritten digits that scikit-learn ships as `load_digits`: 8 × 8 pixels of 0…16.
  ///
  /// Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998, UCI Machine
  /// Learning Repository (CC BY 4.0).
  public static func digits() throws -> Dataset {
    let file = tracker_embedded_digits
    let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
    var features: [Double] = []
    var labels: [Int] = []
    features.reserveCapacity(1797 * 64)
    var value = 0
    var column = 0
    for byte in bytes {
      switch byte {
      case UInt8(ascii: ","):
        features.append(Double(value))
        value = 0
        column += 1
      case UInt8(ascii: "\n"):
        labels.append(value)
        value = 0
        column = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value * 10 + Int(byte - 0x30)
      default: break
      }
    }
    return try Dataset(
      name: "digits", sha256: sha256(UnsafeRawBufferPointer(bytes)), features: features,
      labels: labels, classNames: (0...9).map(String.init), featureCount: 64)
  }

  static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
    var state = TrackerSHA256()
    tracker_sha256_begin(&state)
    tracker_sha256_update(&state, bytes.baseAddress, bytes.count)
    var digest = [UInt8](repeating: 0, count: 32)
    tracker_sha256_finish(&state, &digest)
    return hexadecimal(digest)
  }

  static func hexadecimal(_ digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// Data that cannot be trained on: what is wrong and where, and what to do.
public struct DatasetError: ExplainedError, Hashable {
  /// What is wrong, where a reader's choice may have made it so.
  public enum Reason: Hashable, Sendable {
    /// The first row is not a row of numbers: it may name the columns.
    case headerLikely
    /// A column can be found by its name only where the first row names the columns.
    case headerNeeded
    /// So much is held out that nothing of a class is left to learn from.
    case tooMuchHeldOut
    /// The first row may name the columns, by their numbers, or be data.
    case headerOrData
    /// This column, from 1, holds something else than numbers.
    case columnOfTexts(Int)
    /// A row has no label.
    case noLabel
    /// The labels may stand in another column.
    case labelColumn
    /// There is more than the limit on memory allows.
    case tooLarge
    /// The content is wrong.
    case malformed
  }

  /// What is wrong, for programs.
  public let reason: Reason
  /// What is wrong, and in which file, line and column.
  public let message: String
  /// What to do about it, where the reason alone does not tell.
  public let advice: String?

  init(_ message: String, advice: String? = nil, reason: Reason = .malformed) {
    self.reason = reason
    self.message = message
    self.advice = advice
  }

  /// What it says in words.
  public var description: String { message }
  /// What sort of trouble it is.
  public var kind: ExplainedErrorKind { .data }
}
