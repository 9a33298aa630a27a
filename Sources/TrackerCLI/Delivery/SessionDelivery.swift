import TrackerSession
import TrackerStore
import TrackerSystem

/// Brings the runs that a session writes to a server, by a `tracker push` that goes on beside it.
final class SessionDelivery: Delivery {
  private let queue: DeliveryQueue
  private let lock: DeliveryLock
  private let environment: [String]
  private var sender: Program?

  /// - Parameter token: what the server wants to be shown; by default what the environment says
  /// - Returns: `nil` where the store is no queue
  init?(_ store: Store, token: String?, environment: [String: String]) {
    guard let queue = DeliveryQueue(path: store.path), let lock = try? DeliveryLock(queue) else {
      return nil
    }
    self.queue = queue
    self.lock = lock
    // Not on the command line, which every user of the machine can see.
    var environment = environment
    if let token { environment["MLFLOW_TRACKING_TOKEN"] = token }
    self.environment = environment.map { "\($0.key)=\($0.value)" }
    self.lock.join()
  }

  func begin() {
    // Where another process has begun the queue, such as the one that this one was forked from, that one sends.
    guard lock.takeSending(), sender == nil || sender?.poll() != nil else { return }
    sender = push("--follow")
  }

  func end() {
    if let sender {
      // What was broken off is sent again.
      kill(sender.pid, SIGKILL)
      _ = sender.wait()
    }
    let sends = lock.takeSending()
    lock.leave()
    if sends { _ = push()?.wait() }
  }

  private func push(_ options: String...) -> Program? {
    #if os(Linux)
      let program = "/proc/self/exe"
    #else
      let program = CommandLine.words[0]
    #endif
    return try? Program(
      [program, "push", "--queued", queue.path] + options, input: .null, output: .null,
      environment: environment)
  }
}
