import TrackerEngine
import TrackerStore
import TrackerSystem

/// Saves in files what the store did not take.
struct Rescue {
  let run: Int64

  /// Writes the final parameters as `.npy` and the epochs as JSON lines, which `tracker record` reads, into
  /// this folder, or the one for temporary files if this one cannot be written.
  ///
  /// - Returns: the files
  func save(_ events: [TrainingEvent], _ parameters: [Double]) -> [String] {
    var lines = ""
    for case .epoch(let epoch) in events {
      let values = epoch.values.map { key, value in
        "\"\(key)\": " + (value.isFinite ? "\(value)" : "\"\(Self.word(value))\"")
      }
      lines += "{\"step\": \(epoch.epoch), \(values.joined(separator: ", "))}\n"
    }
    var files = [save(NumPyFile.bytes(of: parameters), as: "tracker-run-\(run)-parameters.npy")]
    if !lines.isEmpty {
      files.append(save(Array(lines.utf8), as: "tracker-run-\(run)-epochs.jsonl"))
    }
    return files.compactMap { $0 }
  }

  private static func word(_ value: Double) -> String {
    value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
  }

  private func save(_ bytes: [UInt8], as name: String) -> String? {
    let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return [".", temporary].lazy.map { "\($0)/\(name)" }.first { write(bytes, to: $0) }
  }

  private func write(_ bytes: [UInt8], to path: String) -> Bool {
    guard let file = try? OutputFile(creating: path) else { return false }
    do {
      try bytes.withUnsafeBytes { try file.write($0) }
      try file.close()
      return true
    } catch {
      unlink(path)
      return false
    }
  }
}
