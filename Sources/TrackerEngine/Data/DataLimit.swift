import CTrackerHash
import TrackerGradientCheck
import TrackerOptimization
import TrackerSystem

/// How much may be read of data whose size nobody knows before: a small compressed file may be a large one.
public struct DataLimit: Hashable, Sendable {
  /// The numbers that a data set may have, labels included.
  public var values: Int

  /// Room for as many numbers as a training in `bytes` of memory may have: while they are read, split and scaled, each
  /// takes up to eight times its size.
  public init(memory bytes: Int) { values = max(1, bytes / (8 * MemoryLayout<Double>.size)) }

  /// The most memory that data and training may take, in bytes: `$TRACKER_MEMORY_LIMIT` GB, or 4 GB.
  static let memory: Int = {
    let gigabytes = getenv("TRACKER_MEMORY_LIMIT").flatMap { Double(String(cString: $0)) } ?? 4
    return Int((min(max(gigabytes, 0.001), 1_000_000) * 1e9).rounded())
  }()

  /// The limit of this process.
  public static let current = DataLimit(memory: memory)

  func exceeded(by name: String) -> DatasetError {
    DatasetError(
      "\(name) holds more than \(values) values, the most that \(Double(Self.memory) / 1e9) GB of memory have room for",
      reason: .tooLarge)
  }
}

extension TrainingConfiguration {
  /// Throws a ``ConfigurationError`` where a training on `dataset` would take more memory than the limit: the data as it
  /// was read, split and scaled, and the vectors of the optimiser and of a gradient check.
  package func requireMemory(for dataset: Dataset) throws {
    let count = model(for: dataset).layout.count
    let numbers = 3 * (dataset.features.count + dataset.labels.count) + 6 * count
    let (bytes, overflow) = (MemoryLayout<Double>.size * numbers)
      .addingReportingOverflow(optimizer.workingBytes(parameterCount: count))
    guard overflow || bytes > DataLimit.memory else { return }
    throw ConfigurationError(
      option: "hidden",
      message:
        "\(dataset.featureCount) inputs and the layers \(hidden) make \(count) parameters, which take about "
        + "\((Double(bytes) / 1e8).rounded() / 10) GB of memory with \(optimizer.method.rawValue), and "
        + "the limit is \(Double(DataLimit.memory) / 1e9) GB; fewer hidden units, another optimizer or a higher "
        + "TRACKER_MEMORY_LIMIT would do")
  }
}

/// SHA-256 of what passes by.
final class PassingHash {
  private var state = TrackerSHA256()

  init() { tracker_sha256_begin(&state) }

  /// The same pieces, counted in.
  func counting(_ source: @escaping PieceSource) -> PieceSource {
    { [self] in
      guard let piece = try source() else { return nil }
      piece.withUnsafeBytes { tracker_sha256_update(&state, $0.baseAddress, $0.count) }
      return piece
    }
  }

  /// The hash in lower-case hexadecimal.
  func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    tracker_sha256_finish(&state, &digest)
    return Dataset.hexadecimal(digest)
  }
}
