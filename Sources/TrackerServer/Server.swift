#if Serve
  import NIOCore
  import NIOHTTP1
  import NIOPosix
  import Synchronization
  import TrackerStore
  import TrackerSystem
  package import TrackerValues

  /// A server that cannot be started.
  package struct ServerError: ExplainedError {
    package let description: String
    package let kind: ExplainedErrorKind
    package let advice: String?
  }

  /// Listens, and answers until it is told to end.
  package final class Server: Sendable {
    private let loops: MultiThreadedEventLoopGroup
    private let workers: NIOThreadPool
    private let listener: any Channel
    private let shared: SharedState
    /// Where it listens.
    package let port: Int

    /// What all connections share.
    final class SharedState: Sendable {
      let settings: ServerSettings
      let answering: any RequestAnswering
      let workers: NIOThreadPool
      let requests: RequestGuard
      let streams: EventStreams
      let open = Mutex<[ObjectIdentifier: any Channel]>([:])
      let isEnding = Atomic<Bool>(false)

      init(
        settings: ServerSettings, answering: any RequestAnswering, workers: NIOThreadPool,
        loop: any EventLoop
      ) {
        streams = EventStreams(feed: answering.feed, workers: workers, loop: loop)
        self.settings = settings
        self.answering = answering
        self.workers = workers
        let host = Self.hostName().lowercased()
        let bound = settings.host.lowercased()
        requests = RequestGuard(
          token: settings.token,
          names: [host, bound, "\(host).local", String(host.prefix { $0 != "." })])
      }

      private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, 255)
        return String(
          decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
    }

    /// Starts to listen.
    ///
    /// - Throws: ``ServerError`` when the address is taken or is not this machine's
    package init(settings: ServerSettings, answering: any RequestAnswering) throws {
      Self.raiseDescriptorLimit()
      let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
      let workers = NIOThreadPool(numberOfThreads: 4)
      workers.start()
      let shared = SharedState(
        settings: settings, answering: answering, workers: workers, loop: loops.next())
      let bootstrap = ServerBootstrap(group: loops)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .childChannelOption(.maxMessagesPerRead, value: 4)
        .childChannelOption(.allowRemoteHalfClosure, value: true)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderListSize = HeaderWatch.byteLimit
            limits.maxHeaderFieldSize = HeaderWatch.byteLimit
            let pipeline = channel.pipeline.syncOperations
            let watch = HeaderWatch(shared: shared)
            try pipeline.addHandler(watch)
            try pipeline.configureHTTPServerPipeline(
              withPipeliningAssistance: true, withErrorHandling: false,
              withOutboundHeaderValidation: true, withEncoderConfiguration: .init(),
              withDecoderLimitConfiguration: limits)
            try pipeline.addHandler(ConnectionHandler(shared: shared, watch: watch))
          }
        }
      do {
        listener = try bootstrap.bind(host: settings.host, port: settings.port).wait()
      } catch {
        try? loops.syncShutdownGracefully()
        try? workers.syncShutdownGracefully()
        throw Self.refused(error, settings)
      }
      self.loops = loops
      self.workers = workers
      self.shared = shared
      port = listener.localAddress?.port ?? settings.port
      loops.next().scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(60)) { _ in
        shared.workers.submit { state in
          if case .active = state { shared.answering.everyMinute() }
        }
      }
    }

    private static func refused(_ error: any Error, _ settings: ServerSettings) -> ServerError {
      let number = (error as? IOError)?.errnoCode
      let place = "\(settings.host), port \(settings.port)"
      switch number {
      case EADDRINUSE:
        return ServerError(
          description: "cannot listen on \(place): another program does",
          kind: .unavailable, advice: "Choose another with --port, or 0 for any that is free.")
      case EACCES, EPERM:
        return ServerError(
          description: "cannot listen on \(place): this user may not", kind: .cannotCreate,
          advice: "Choose a port from 1024 on with --port.")
      default:
        let reason = number.map { SystemError(number: $0).description } ?? "\(error)"
        return ServerError(
          description: "cannot listen on \(place): \(reason)", kind: .usage,
          advice: "--host is an address of this machine, such as 127.0.0.1 or 0.0.0.0.")
      }
    }

    /// Each connection takes a descriptor: as many as the system lets this process have.
    private static func raiseDescriptorLimit() {
      var limit = rlimit()
      #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      #else
        let resource = RLIMIT_NOFILE
      #endif
      guard getrlimit(resource, &limit) == 0 else { return }
      limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 4096))
      setrlimit(resource, &limit)
    }

    /// Ends: accepts no more, answers what is under way, and closes what is still open when the time is over.
    package func stop() {
      shared.isEnding.store(true, ordering: .sequentiallyConsistent)
      try? listener.close().wait()
      for channel in shared.open.withLock({ Array($0.values) }) {
        channel.pipeline.fireUserInboundEventTriggered(ConnectionEvent.end)
      }
      let deadline = ContinuousClock.now + .milliseconds(shared.settings.drainMilliseconds)
      while ContinuousClock.now < deadline, shared.open.withLock({ !$0.isEmpty }) { usleep(5000) }
      try? workers.syncShutdownGracefully()
      for channel in shared.open.withLock({ Array($0.values) }) { channel.close(promise: nil) }
      try? loops.syncShutdownGracefully()
    }
  }

  /// What the server tells a connection.
  enum ConnectionEvent: Sendable { case end }
#endif
