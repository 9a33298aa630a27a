import TrackerEngine
import TrackerSystem
package import TrackerValues

/// An input that cannot be used: which, where, what is wrong and what to do.
package struct InputError: ExplainedError, Hashable {
  /// Why an input is bad.
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
  /// Why the input is bad, for programs.
  package let reason: Reason
  /// What is wrong and where, such as `theta.csv, line 3: "x" is not a number`.
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

/// The content of a file.
enum FileBytes {
  /// Begins to read a file, piece by piece.
  static func source(_ path: String) throws -> PieceSource {
    let source = try opened(path).source()
    return {
      do { return try source() } catch let error as SystemError { throw unreadable(path, error) }
    }
  }

  /// Reads a file of at most `limit` bytes.
  static func read(_ path: String, limit: Int = 1 << 30) throws -> [UInt8] {
    let file = try opened(path)
    var bytes: [UInt8] = []
    if let status = try? file.status, status.isRegular {
      bytes.reserveCapacity(min(limit, status.byteCount))
    }
    do {
      try file.pieces { piece in
        bytes.append(contentsOf: piece)
        guard bytes.count <= limit else {
          throw InputError(.malformed, "\(path) is larger than \(limit) bytes")
        }
      }
    } catch let error as SystemError { throw unreadable(path, error) }
    return bytes
  }

  private static func opened(_ path: String) throws(InputError) -> FileDescriptor {
    do { return try FileDescriptor(reading: path) } catch {
      throw InputError(.missing, "cannot open \(path): \(error)")
    }
  }

  private static func unreadable(_ path: String, _ error: SystemError) -> InputError {
    InputError(.missing, "cannot read \(path): \(error)")
  }
}
