#if Serve
  import NIOCore
  import NIOPosix
  import Synchronization
  import TrackerSystem

  /// The pages that listen to what changes. The store is looked at while there are any, and not otherwise.
  final class EventStreams: Sendable {
    /// A listener: how it is told something, and how far it was.
    private struct Listener {
      let send: @Sendable (String) -> Void
      var position: ChangeFeed.Position?
      var heardAt: ContinuousClock.Instant
    }

    private struct State {
      var listeners: [ObjectIdentifier: Listener] = [:]
      var isLooking = false
    }

    private let feed: ChangeFeed
    private let workers: NIOThreadPool
    private let loop: any EventLoop
    private let state = Mutex(State())

    /// What a listener hears first: after so many milliseconds it comes again when the connection breaks.
    static let greeting = "retry: 1000\n\n"
    private static let shortestPause = Duration.milliseconds(200)
    private static let heartbeat = Duration.seconds(15)

    init(feed: ChangeFeed, workers: NIOThreadPool, loop: any EventLoop) {
      self.feed = feed
      self.workers = workers
      self.loop = loop
    }

    /// - Parameters:
    ///   - id: the event that it knows of
    ///   - send: tells it something, from any thread
    func add(
      _ channel: any Channel, since id: String?, send: @escaping @Sendable (String) -> Void
    ) {
      let position = feed.position(id: id)
      let starts = state.withLock { state in
        state.listeners[ObjectIdentifier(channel)] = Listener(
          send: send, position: position, heardAt: .now)
        defer { state.isLooking = true }
        return !state.isLooking
      }
      if starts { look(after: .zero) }
    }

    func remove(_ channel: any Channel) {
      _ = state.withLock { $0.listeners.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    private func look(after pause: Duration) {
      loop.scheduleTask(in: TimeAmount(pause)) {
        self.workers.submit { workerState in
          guard case .active = workerState else { return }
          let before = ProcessorTime.ofThread
          self.tell()
          let cost = ProcessorTime.ofThread - before
          let goesOn = self.state.withLock { state in
            state.isLooking = !state.listeners.isEmpty
            return state.isLooking
          }
          if goesOn { self.look(after: max(Self.shortestPause, cost / ChangeFeed.share)) }
        }
      }
    }

    /// Looks at the store, and tells each listener what is new to it.
    private func tell() {
      // A store that is busy is looked at again.
      guard (try? feed.look()) != nil else { return }
      let now = ContinuousClock.now
      state.withLock { state in
        for (key, listener) in state.listeners {
          if let (event, position) = feed.news(since: listener.position) {
            listener.send(event.text)
            state.listeners[key]?.position = position
            state.listeners[key]?.heardAt = now
          } else if now - listener.heardAt >= Self.heartbeat {
            listener.send(": nothing new\n\n")
            state.listeners[key]?.heardAt = now
          }
        }
      }
    }
  }
#endif
