#if Serve
  import NIOCore
  import NIOHTTP1
  import NIOPosix
  import Synchronization
  import TrackerJSON
  import TrackerMLflow
  import TrackerStore
  import TrackerSystem

  /// One connection: takes a request, has it answered by a worker, and sends the answer.
  final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let shared: Server.SharedState
    private let watch: HeaderWatch
    private var state = State.idle
    /// Whether the connection is closed after the present answer.
    private var closesAfter = false
    private var bodyTimer: Scheduled<Void>?

    private enum State {
      /// Waits for a request.
      case idle
      /// Its body is coming.
      case receiving(RequestReceiver)
      /// It is being answered.
      case answering
      /// It hears of what changes until one side ends it.
      case listening
      /// Nothing more is taken: what still comes is dropped until the other side has read the answer.
      case draining
    }

    init(shared: Server.SharedState, watch: HeaderWatch) {
      self.shared = shared
      self.watch = watch
    }

    // MARK: The connection

    func channelActive(context: ChannelHandlerContext) {
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      watch.refuse = { status, message in
        let (handler, context) = bound.value
        handler.refuse(status, message, context)
      }
      let count = shared.open.withLock { open in
        open[ObjectIdentifier(context.channel)] = context.channel
        return open.count
      }
      if count > shared.settings.connectionLimit || shared.isEnding.load(ordering: .relaxed) {
        refuse(503, "There are too many connections. Try again later.", context)
      }
      context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
      bodyTimer?.cancel()
      shared.streams.remove(context.channel)
      _ = shared.open.withLock { $0.removeValue(forKey: ObjectIdentifier(context.channel)) }
      state = .draining
      context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if event is ConnectionEvent {
        closesAfter = true
        switch state {
        case .idle, .listening: context.close(promise: nil)
        default: break
        }
      } else if case ChannelEvent.inputClosed = event {
        // Somebody who has said all may still wait for the answer.
        switch state {
        case .answering: closesAfter = true
        default: context.close(promise: nil)
        }
      } else {
        context.fireUserInboundEventTriggered(event)
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      if let error = error as? HTTPParserError {
        if error == .headerOverflow { return refuse(431, "The header is too large.", context) }
        refuse(400, "The request cannot be read.", context)
      } else {
        context.close(promise: nil)
      }
    }

    // MARK: The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch Self.unwrapInboundIn(data) {
      case .head(let head):
        guard case .idle = state else { return }
        watch.headerEnded()
        begin(head, context)
      case .body(let bytes):
        guard case .receiving(var receiver) = state else { return }
        // Taken out, so that what came is added in place.
        state = .answering
        wait(context)
        do {
          try receiver.append(bytes)
          state = .receiving(receiver)
        } catch {
          refuse(error, context)
        }
      case .end:
        guard case .receiving(let receiver) = state else { return }
        bodyTimer?.cancel()
        state = .answering
        answer(receiver, context)
      }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
      do {
        let receiver = try RequestReceiver(
          head, host: context.remoteAddress?.ipAddress ?? "localhost", shared)
        closesAfter = !head.isKeepAlive || shared.isEnding.load(ordering: .relaxed)
        if receiver.expectsContinue {
          context.writeAndFlush(
            Self.wrapOutboundOut(
              .head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
        }
        state = .receiving(receiver)
        wait(context)
      } catch {
        refuse(error, context)
      }
    }

    /// A body of which nothing comes for a while is given up.
    private func wait(_ context: ChannelHandlerContext) {
      bodyTimer?.cancel()
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      bodyTimer = context.eventLoop.scheduleTask(in: .seconds(shared.settings.idleSeconds)) {
        let (handler, context) = bound.value
        if case .receiving = handler.state {
          handler.refuse(408, "The body did not come in time.", context)
        }
      }
    }

    private func answer(_ receiver: RequestReceiver, _ context: ChannelHandlerContext) {
      let request = receiver.finished()
      let (answering, start) = (shared.answering, ContinuousClock.now)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      let loop = context.eventLoop
      shared.workers.submit { workerState in
        guard case .active = workerState else { return }
        let response = answering.answer(request)
        loop.execute {
          let (handler, context) = bound.value
          handler.send(response, to: request, since: start, context)
        }
      }
    }

    // MARK: The answer

    private func send(
      _ response: HTTPResponse, to request: HTTPRequest, since start: ContinuousClock.Instant,
      _ context: ChannelHandlerContext
    ) {
      guard case .answering = state, context.channel.isActive else { return }
      let count =
        switch response.body {
        case .bytes(let bytes): bytes.count
        case .file(let file): file.byteCount
        case .events: 0
        }
      log(request.method, request.path, request.host, response.status, count, since: start)
      var headers = HTTPHeaders(response.headers.map { ($0.key, $0.value) })
      if case .events(let id) = response.body { return listen(since: id, headers, context) }
      headers.replaceOrAdd(name: "Content-Length", value: "\(count)")
      if closesAfter { headers.replaceOrAdd(name: "Connection", value: "close") }
      let head = HTTPResponseHead(
        version: .http1_1, status: .init(statusCode: response.status), headers: headers)
      context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
      switch response.body {
      case .bytes(let bytes):
        if !bytes.isEmpty, request.method != "HEAD" {
          context.write(
            Self.wrapOutboundOut(
              .body(.byteBuffer(context.channel.allocator.buffer(bytes: bytes)))),
            promise: nil)
        }
        end(context)
      case .file(let file):
        if request.method == "HEAD" { end(context) } else { sendPiece(of: file, from: 0, context) }
      case .events: break
      }
    }

    /// Sends what changes for as long as the other side listens.
    private func listen(since id: String?, _ headers: HTTPHeaders, _ context: ChannelHandlerContext)
    {
      state = .listening
      context.write(
        Self.wrapOutboundOut(
          .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers))), promise: nil)
      tell(EventStreams.greeting, context)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      let loop = context.eventLoop
      shared.streams.add(context.channel, since: id) { text in
        loop.execute {
          let (handler, context) = bound.value
          handler.tell(text, context)
        }
      }
    }

    private func tell(_ text: String, _ context: ChannelHandlerContext) {
      guard case .listening = state, context.channel.isActive else { return }
      // Who does not read is not waited for: it comes again, and is told what it has missed.
      guard context.channel.isWritable else { return context.close(promise: nil) }
      let buffer = context.channel.allocator.buffer(string: text)
      context.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
    }

    private static let pieceSize = 1 << 18

    /// Sends a file piece by piece, each when the one before has left.
    private func sendPiece(
      of file: OpenFile, from offset: Int, _ context: ChannelHandlerContext
    ) {
      closeLater(context.channel)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      let loop = context.eventLoop
      shared.workers.submit { workerState in
        guard case .active = workerState else { return }
        let size = min(Self.pieceSize, file.byteCount - offset)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
          count =
            (try? file.descriptor.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset))
            ?? 0
        }
        loop.execute {
          let (handler, context) = bound.value
          guard context.channel.isActive else { return }
          if size == 0 { return handler.end(context) }
          // A file that became shorter: the answer cannot be what was promised.
          if bytes.isEmpty { return context.close(promise: nil) }
          let buffer = context.channel.allocator.buffer(bytes: bytes)
          context.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(buffer)))).whenSuccess {
            let (handler, context) = bound.value
            handler.sendPiece(of: file, from: offset + bytes.count, context)
          }
        }
      }
    }

    private func end(_ context: ChannelHandlerContext) {
      // Before the end is written: with it the next request may come, which is one of its own.
      bodyTimer?.cancel()
      if closesAfter {
        state = .draining
        drain(context, after: context.writeAndFlush(Self.wrapOutboundOut(.end(nil))))
      } else {
        state = .idle
        watch.requestEnded(context)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
      }
    }

    // MARK: Refusals

    private func refuse(_ error: any Error, _ context: ChannelHandlerContext) {
      switch error {
      case let refusal as Refusal:
        refuse(refusal.status, refusal.message, context, code: refusal.code)
      case let error as SystemError:
        refuse(503, "The body cannot be kept: \(error)", context)
      default: refuse(400, "\(error)", context)
      }
    }

    /// Answers without having taken the request, and closes the connection.
    ///
    /// - Parameter status: 0 for no answer at all: nothing was asked
    private func refuse(
      _ status: Int, _ message: String, _ context: ChannelHandlerContext, code: String? = nil
    ) {
      if case .draining = state { return }
      // An answer that is under way is not disturbed.
      if case .answering = state, context.channel.isActive, status == 0 || status == 400 {
        closesAfter = true
        return
      }
      guard status != 0 else { return context.close(promise: nil) }
      let code =
        code ?? [503: "TEMPORARILY_UNAVAILABLE", 413: "RESOURCE_LIMIT_EXCEEDED"][status]
        ?? "BAD_REQUEST"
      let body = JSONValue.object(["error_code": .string(code), "message": .string(message)])
        .compact
      var lines = [
        "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: status).reasonPhrase)",
        "Content-Type: application/json", "Content-Length: \(body.utf8.count)", "Connection: close",
      ]
      if status == 401 { lines.append("WWW-Authenticate: Basic realm=\"mlflow\"") }
      if status == 503 { lines.append("Retry-After: 1") }
      log("-", "-", context.remoteAddress?.ipAddress ?? "-", status, body.utf8.count, since: .now)
      state = .draining
      // Past the handlers that pair answers with requests: there may be none.
      let text = lines.joined(separator: "\r\n") + "\r\n\r\n" + body
      drain(context, after: watch.write(text, on: context.channel))
    }

    /// Says that nothing more will come, and drops what does: a connection that is closed with bytes unread may take the
    /// answer along.
    private func drain(_ context: ChannelHandlerContext, after sent: EventLoopFuture<Void>) {
      bodyTimer?.cancel()
      let channel = context.channel
      sent.whenComplete { _ in
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
      }
      closeLater(channel)
    }

    /// Gives up a client that does not take its answer.
    private func closeLater(_ channel: any Channel) {
      bodyTimer?.cancel()
      bodyTimer = channel.eventLoop.scheduleTask(in: .seconds(shared.settings.idleSeconds)) {
        channel.close(promise: nil)
      }
    }

    private func log(
      _ method: String, _ path: String, _ host: String, _ status: Int, _ count: Int,
      since start: ContinuousClock.Instant
    ) {
      guard let log = shared.settings.log else { return }
      let seconds = (ContinuousClock.now - start) / .milliseconds(1)
      log("\(host) \(method) \(path) \(status) \(count) bytes \((seconds * 10).rounded() / 10) ms")
    }
  }
#endif
