import Synchronization
@preconcurrency import TrackerSystem
import TrackerViews

/// A place that text is written to: a file descriptor, or memory.
package final class TextStream: Sendable {
  /// Whether a person reads along.
  package let isInteractive: Bool
  private let descriptor: Int32?
  private let state = Mutex(State())

  private struct State {
    var recorded: [UInt8] = []
    var failure: Int32 = 0
  }

  private init(descriptor: Int32?, isInteractive: Bool) {
    self.descriptor = descriptor
    self.isInteractive = isInteractive
  }

  /// A stream to an open file descriptor.
  package static func descriptor(_ descriptor: Int32) -> TextStream {
    TextStream(descriptor: descriptor, isInteractive: isatty(descriptor) == 1)
  }

  /// A stream that keeps what is written.
  package static func memory(isInteractive: Bool = false) -> TextStream {
    TextStream(descriptor: nil, isInteractive: isInteractive)
  }

  /// What was written to a stream in memory.
  package var recorded: String { state.withLock { String(decoding: $0.recorded, as: UTF8.self) } }

  /// The first error number that writing met, such as ENOSPC; 0 if none. A reader that has gone away
  /// (EPIPE) is not an error: what it did not want to read is dropped.
  package var failure: Int32 { state.withLock { $0.failure == EPIPE ? 0 : $0.failure } }

  /// Whether somebody still reads: a reader that has gone away (EPIPE) does not come back.
  var hasReader: Bool { state.withLock { $0.failure != EPIPE } }

  /// Ends a long output that nobody takes any more.
  ///
  /// - Parameter what: what was being written, for the message
  /// - Throws: ``CommandError``, or ``ExitStatus/done`` when the reader has gone away
  func requireReader(of what: String) throws {
    let failure = state.withLock { $0.failure }
    if failure == EPIPE { throw ExitStatus.done }
    if failure != 0 { throw CommandError.cannotWrite(what, errorNumber: failure) }
  }

  /// Writes text of several lines; what in it would steer a terminal is shown as an escape.
  package func write(_ text: String) { control(text.printable) }

  /// Writes text of several lines with styles of ours; what else in it would steer a terminal is shown as an escape.
  package func write(styled text: String) { control(text.printableStyled) }

  /// Writes a sequence of ours that steers the terminal: never what a store, a file or an argument says.
  package func control(_ sequence: String) { write(bytes: Array(sequence.utf8)[...]) }

  /// Writes bytes as they are: what another program printed, an artifact, an export.
  package func write(bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { write(bytes: $0) } }

  /// Writes bytes as they are.
  package func write(bytes: UnsafeRawBufferPointer) {
    state.withLock { state in
      guard state.failure == 0 else { return }
      guard let descriptor else {
        state.recorded.append(contentsOf: bytes)
        return
      }
      var rest = bytes
      while let start = rest.baseAddress, !rest.isEmpty {
        let written = TrackerSystem.write(descriptor, start, rest.count)
        if written < 0 {
          if errno == EINTR || errno == EAGAIN { continue }
          state.failure = errno
          return
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
    }
  }

  /// Writes `text` and ends the line.
  package func writeLine(_ text: String) { write(text + "\n") }
}
