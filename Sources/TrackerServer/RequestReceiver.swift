#if Serve
  import NIOCore
  import NIOHTTP1
  import TrackerMLflow
  import TrackerStore
  import TrackerSystem

  /// A request whose body is coming: small ones are kept in memory, large ones in a file without a name while they are
  /// hashed.
  struct RequestReceiver {
    private var request: HTTPRequest
    let expectsContinue: Bool
    private let limit: Int
    private let isContent: Bool
    private let folder: String
    private var bytes: [UInt8] = []
    private var byteCount = 0
    private var file: BodyFile?

    /// Bodies beyond this size are put into a file, in bytes.
    private static let memoryLimit = 1 << 20

    /// - Throws: ``Refusal`` for a request that is not answered
    init(_ head: HTTPRequestHead, host: String, _ shared: Server.SharedState) throws {
      func bad(_ message: String) -> Refusal {
        Refusal(status: 400, code: "BAD_REQUEST", message: message)
      }
      let headers = head.headers
      guard head.version == .http1_1 || head.version == .http1_0 else {
        throw Refusal(status: 505, code: "BAD_REQUEST", message: "This server speaks HTTP/1.1.")
      }
      let size = headers.reduce(head.uri.utf8.count) {
        $0 + $1.name.utf8.count + $1.value.utf8.count + 4
      }
      guard size <= HeaderWatch.byteLimit else {
        throw Refusal(
          status: 431, code: "BAD_REQUEST",
          message: "The header is larger than \(HeaderWatch.byteLimit) bytes.")
      }
      // Two lengths, or a length and pieces, are two readings of where the next request begins.
      let (lengths, codings) = (headers["Content-Length"], headers["Transfer-Encoding"])
      guard lengths.count <= 1, lengths.isEmpty || codings.isEmpty else {
        throw bad("A body has one length.")
      }
      if let coding = codings.first {
        guard codings.count == 1, coding.lowercased() == "chunked", head.version == .http1_1 else {
          throw Refusal(
            status: 501, code: "BAD_REQUEST", message: "The one transfer coding is chunked.")
        }
      }
      let hosts = headers["Host"]
      guard hosts.count == 1 || (hosts.isEmpty && head.version == .http1_0) else {
        throw bad("A request has one Host header.")
      }
      let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
      guard let raw = parts.first, raw.hasPrefix("/"), let path = Percent.decode(raw),
        !path.unicodeScalars.contains(where: { $0.value < 0x20 })
      else { throw bad("The path is none.") }
      let method = head.method.rawValue
      try shared.requests.check(
        method: method, host: hosts.first ?? "localhost", origin: headers.first(name: "Origin"),
        site: headers.first(name: "Sec-Fetch-Site"),
        authorization: headers.first(name: "Authorization"),
        isOpen: shared.answering.isOpen(path))
      (limit, isContent) = shared.answering.bodyLimit(method, path)
      folder = shared.answering.folder
      if let length = lengths.first.flatMap(Int.init) {
        guard length <= limit else { throw Self.tooLarge(limit) }
        // A disk that cannot take a body is not filled first.
        if isContent, let room = Folder.room(in: folder), length > room {
          throw Refusal(
            status: 503, code: "TEMPORARILY_UNAVAILABLE",
            message: "The body has \(length) bytes, and the disk has room for \(room).")
        }
      }
      expectsContinue = headers.first(name: "Expect")?.lowercased() == "100-continue"
      request = HTTPRequest(
        method: method, path: path, query: Self.query(parts.count > 1 ? parts[1] : ""),
        contentType: headers.first(name: "Content-Type"),
        userAgent: headers.first(name: "User-Agent"), host: host)
      request.lastEvent = headers.first(name: "Last-Event-ID")
    }

    private static func query(_ text: Substring) -> [KeyedText] {
      text.split(separator: "&").compactMap { item in
        let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let key = pair.first.flatMap({ Percent.decode($0, plusIsSpace: true) }) else {
          return nil
        }
        let value = pair.count > 1 ? Percent.decode(pair[1], plusIsSpace: true) : ""
        return value.map { KeyedText(key: key, value: $0) }
      }
    }

    private static func tooLarge(_ limit: Int) -> Refusal {
      Refusal(
        status: 413, code: "RESOURCE_LIMIT_EXCEEDED",
        message: "The body is larger than \(limit) bytes.")
    }

    /// Takes the next bytes of the body.
    ///
    /// - Throws: ``Refusal`` when it is too large; ``SystemError`` when it cannot be kept
    mutating func append(_ buffer: ByteBuffer) throws {
      byteCount += buffer.readableBytes
      guard byteCount <= limit else { throw Self.tooLarge(limit) }
      guard isContent, byteCount > Self.memoryLimit else {
        buffer.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
        return
      }
      if file == nil {
        let new = try BodyFile(in: folder)
        try bytes.withUnsafeBytes { try new.append($0) }
        bytes = []
        file = new
      }
      try buffer.withUnsafeReadableBytes { try file?.append($0) }
    }

    /// The request with its whole body.
    consuming func finished() -> HTTPRequest {
      request.body = file?.take() ?? .bytes(bytes)
      return request
    }
  }
#endif
