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
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(.missing, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    let file = OpenFile(descriptor)
    return {
      var piece = [UInt8](repeating: 0, count: 1 << 17)
      while true {
        let count = TrackerSystem.read(file.descriptor, &piece, piece.count)
        if count > 0 {
          piece.removeLast(piece.count - count)
          return piece
        }
        if count == 0 { return nil }
        guard errno == EINTR else {
          throw InputError(.missing, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
      }
    }
  }

  /// Reads a file of at most `limit` bytes.
  static func read(_ path: String, limit: Int = 1 << 30) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw InputError(.missing, "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var information = stat()
    if fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG {
      bytes.reserveCapacity(min(limit, Int(information.st_size)))
    }
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

/// A file that is closed when nobody reads it any more.
private final class OpenFile {
  let descriptor: Int32
  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { close(descriptor) }
}
