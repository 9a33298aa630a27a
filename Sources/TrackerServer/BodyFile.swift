import TrackerMLflow
import TrackerStore
import TrackerSystem

/// A body that is too large for memory: it is hashed on its way into a file without a name.
final class BodyFile {
  private var descriptor: FileDescriptor?
  private var hash = RunningDigest()
  private var byteCount = 0

  /// - Throws: ``SystemError``
  init(in folder: String) throws { descriptor = try FileDescriptor(unnamedIn: folder) }

  /// - Throws: ``SystemError``
  func append(_ bytes: UnsafeRawBufferPointer) throws {
    try descriptor?.write(bytes)
    hash.update(bytes)
    byteCount += bytes.count
  }

  /// The complete body; nothing is added to it afterwards.
  func take() -> HTTPRequest.Body {
    guard let file = descriptor.take() else { return .bytes([]) }
    return .received(
      ReceivedContent(sha256: hash.finish(), byteCount: byteCount, isVerified: true),
      OpenFile(file, byteCount: byteCount))
  }
}
