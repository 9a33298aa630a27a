import TrackerJSON
import TrackerSystem

/// The answers on their way out. Whoever asks may be busy for long: what the pipe does not take waits here, and no
/// request waits for it. Of acknowledgements only the last one counts.
struct SessionAnswers {
  private let descriptor: Int32
  private var waiting: [UInt8] = []
  private var acknowledged: Int64?
  /// Whether the other side is gone.
  private(set) var isClosed = false

  init(descriptor: Int32) {
    self.descriptor = descriptor
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
  }

  /// Whether something waits for room in the pipe.
  var isWaiting: Bool { !waiting.isEmpty || acknowledged != nil }

  /// All requests up to this one that have no answer of their own are done.
  mutating func acknowledge(_ number: Int64) { acknowledged = number }

  mutating func put(_ answer: JSONValue) {
    putAcknowledged()
    waiting.append(contentsOf: answer.compact.utf8)
    waiting.append(UInt8(ascii: "\n"))
  }

  private mutating func putAcknowledged() {
    guard let number = acknowledged else { return }
    acknowledged = nil
    waiting.append(contentsOf: "{\"number\":\(number)}\n".utf8)
  }

  /// Writes what the pipe takes.
  mutating func send() {
    if waiting.isEmpty { putAcknowledged() }
    var sent = 0
    while sent < waiting.count, !isClosed {
      let count = waiting.withUnsafeBytes {
        write(descriptor, $0.baseAddress! + sent, $0.count - sent)
      }
      if count > 0 { sent += count }
      if count < 0, errno == EAGAIN { break }
      if count < 0, errno != EINTR { isClosed = true }
    }
    if sent == waiting.count || isClosed {
      waiting.removeAll(keepingCapacity: true)
    } else {
      waiting.removeFirst(sent)
    }
  }
}
