#if Serve
  import NIOCore

  /// Sees to it that the header of a request comes soon and is small, before anything is read of it: it counts the bytes
  /// that come, and closes connections on which they come too slowly, too many, or not at all.
  final class HeaderWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// For the request line and all fields, in bytes.
    static let byteLimit = 32 << 10

    private let shared: Server.SharedState
    private var byteCount = 0
    private var isInHeader = true
    private var timer: Scheduled<Void>?
    /// What is to be answered when the header is too slow or too large.
    var refuse: ((_ status: Int, _ message: String) -> Void)?

    private var context: ChannelHandlerContext?

    init(shared: Server.SharedState) { self.shared = shared }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Sends a text as it is.
    func write(_ text: String, on channel: any Channel) -> EventLoopFuture<Void> {
      guard let context else {
        return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
      }
      return context.writeAndFlush(Self.wrapOutboundOut(channel.allocator.buffer(string: text)))
    }

    func channelActive(context: ChannelHandlerContext) {
      wait(shared.settings.headerSeconds, context)
      context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
      timer?.cancel()
      refuse = nil
      context.fireChannelInactive()
    }

    /// The header is complete: its request takes as long as it takes.
    func headerEnded() {
      isInHeader = false
      byteCount = 0
      timer?.cancel()
    }

    /// The request is answered, and the next may come.
    func requestEnded(_ context: ChannelHandlerContext) {
      isInHeader = true
      byteCount = 0
      wait(shared.settings.idleSeconds, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let count = Self.unwrapInboundIn(data).readableBytes
      if isInHeader {
        if byteCount == 0 { wait(shared.settings.headerSeconds, context) }
        byteCount += count
      }
      context.fireChannelRead(data)
      // What came with the end of the header is not of it: looked at after the parser has seen it.
      if isInHeader, byteCount > Self.byteLimit {
        refuse?(431, "The header is larger than \(Self.byteLimit) bytes.")
      }
    }

    private func wait(_ seconds: Int64, _ context: ChannelHandlerContext) {
      timer?.cancel()
      let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
      timer = context.eventLoop.scheduleTask(in: .seconds(seconds)) {
        let watch = loopBound.value
        guard watch.isInHeader else { return }
        watch.refuse?(watch.byteCount > 0 ? 408 : 0, "The header did not come in time.")
      }
    }
  }
#endif
