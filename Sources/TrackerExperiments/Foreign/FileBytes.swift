import TrackerSystem

package import TrackerValues

/// An input that cannot be used: which, where, what is wrong and what to do.
package struct InputError: ExplainedError, Hashable {
  /// Why an input is no good.
  package enum Reason: Hashable, Sendable {
    /// There is no such file, or it cannot be opened.
    case missing
    /// The labels that belong to images are not known.
    case labelsNeeded
    /// The run held nothing out that could be predicted.
    case nothingHeldOut(run: Int64)
    /// It was read, and its content is wrong.
    case malformed
    /// The run was trained by another program.
    case foreignRun
  }
  /// Why the input is no good, for programs.
  package let reason: Reason
  /// What is wrong and where, such as `theta.csv, line 3: "x" is no number`.
  package let message: String
  /// What to do about it, where the reason alone does not tell.
  package let advice: String?

  package init(_ reason: Reason, _ message: String, advice: String? = nil) {
    self.reason = reason
    self.message = message
    self.advice = advice
  }

  package var description: String { message }
  package var kind: ExplainedErrorKind {
    switch reason {
    case .missing, .labelsNeeded, .nothingHeldOut: .missing
    case .malformed, .foreignRun: .data
    }
  }
}

/// The whole content of a file.
enum FileBytes {
  /// Reads a file of at most `limit` bytes.
  static func read(_ path: String, limit: Int = 1 << 31) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(.missing, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var information = stat()
    if fstat(descriptor, &information) == 0 { bytes.reserveCapacity(Int(information.st_size)) }
    _ = try Descriptor.read(descriptor) { piece in
      bytes.append(contentsOf: piece)
      guard bytes.count <= limit else {
        throw InputError(.malformed, "\(path) is larger than \(limit) bytes")
      }
      return true
    }
    return bytes
  }
}
