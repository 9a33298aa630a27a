import TrackerMLflow
import TrackerStore
import TrackerSystem
import TrackerViews

/// Sends what waits in queues to the servers that it is meant for.
struct QueuedPush {
  let context: CommandContext
  /// Whether files of runs are sent.
  let sendsArtifacts: Bool

  /// Sends what is there, and removes the queues that are at their end.
  ///
  /// - Throws: what went wrong first, when all was tried
  func send(in path: String) throws {
    let queues = try DeliveryQueue.all(in: path)
    if queues.isEmpty { say("nothing waits in \(path)") }
    var failure: (any Error)?
    for queue in queues {
      do { try send(queue) } catch {
        say("what is recorded waits in \(queue.path)\nBring it with: tracker push --queued \(path)")
        if error as? ExitStatus == .interrupted { throw error }
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  private func send(_ queue: DeliveryQueue) throws {
    let lock = try DeliveryLock(queue)
    guard lock.takeSending() else {
      return say("\(queue.path): the program that records into it sends it")
    }
    let store = try Store(path: queue.path, access: .existing, program: TrackerCommand.program)
    _ = try store.markCrashedRuns()
    var report = PushReport()
    try sendRuns(of: store, try push(store, queue), &report)
    let isOver = try store.runStatuses(RunQuery(includesArchived: true)).allSatisfy {
      $0.status != .running
    }
    say("sent to \(queue.address): \(counted(report.pointCount, "point")) of \(queue.path)")
    for (reason, count) in report.omissions.counts { say("left out: \(count) × \(reason)") }
    if isOver, !lock.isShared { queue.remove() }
  }

  /// Goes on sending until every run has ended; what the server does not take then is left to ``send(in:)``.
  func follow(_ path: String) throws {
    guard let queue = DeliveryQueue(path: path) else {
      throw CommandError(
        status: .usage, message: "\(path) is not a queue",
        advice: "With --follow, name one file of a queue.")
    }
    let store = try Store(path: queue.path, access: .existing, program: TrackerCommand.program)
    var push: Push?
    var isAway = false
    var report = PushReport()
    while true {
      let start = ContinuousClock.now
      let isOver = try store.runStatuses(RunQuery(includesArchived: true)).allSatisfy {
        $0.status != .running
      }
      do {
        let current = try push ?? self.push(store, queue)
        push = current
        try sendRuns(of: store, current, &report)
        if isAway { say("\(queue.address) answers again; what is recorded is sent") }
        isAway = false
      } catch let error as PushError where error.isPassing {
        if !isAway { say("\(error); what is recorded waits in \(queue.path), and is sent later") }
        isAway = true
      }
      if isOver || StopSignal.isRaised { return }
      try ServerConnection.pause(max(.seconds(isAway ? 5 : 1), (ContinuousClock.now - start) * 4))
      _ = try store.markCrashedRuns()
    }
  }

  private func push(_ store: Store, _ queue: DeliveryQueue) throws -> Push {
    let connection = try ServerConnection(
      queue.address, environment: context.terminal.environment)
    return try Push(
      store: store, server: RemoteServer(send: connection.send, pause: ServerConnection.pause),
      options: PushOptions(sendsArtifacts: sendsArtifacts, document: PushCommand.document))
  }

  private func sendRuns(of store: Store, _ push: Push, _ report: inout PushReport) throws {
    let ids = try store.runStatuses(RunQuery(includesArchived: true)).map(\.id).sorted()
    for id in try push.order(ids) { _ = try push.send(run: id, &report) }
  }

  private func say(_ text: String) { context.terminal.diagnostics.writeLine("tracker: \(text)") }
}
