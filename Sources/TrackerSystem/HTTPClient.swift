import CTrackerSystem

/// Speaks HTTP as a client, by the system's libcurl: proxies and trusted authorities are the system's. One at a time.
package final class HTTPClient {
  private let http: OpaquePointer

  /// Opens libcurl; `nil` where the system has none.
  package init?() {
    guard let http = tracker_http_open() else { return nil }
    self.http = http
  }

  deinit { tracker_http_close(http) }

  /// What is sent.
  package struct Request {
    package var method: String
    package var url: String
    /// Lines such as `Name: value`.
    package var headers: [String] = []
    package var body = Body.none
    /// The file of the authorities that are trusted; `nil` for the system's.
    package var certificates: String?
    /// Whether any server is believed to be who it says.
    package var isInsecure = false

    package init(method: String, url: String) {
      self.method = method
      self.url = url
    }
  }

  package enum Body {
    case none
    case bytes([UInt8])
    /// So many bytes that are read from an offset on.
    case source(
      byteCount: Int, read: (_ buffer: UnsafeMutableRawBufferPointer, _ offset: Int) throws -> Int)

    fileprivate var byteCount: Int64 {
      switch self {
      case .none: -1
      case .bytes(let bytes): Int64(bytes.count)
      case .source(let count, _): Int64(count)
      }
    }
  }

  /// Why there was no answer.
  package struct Failure: Error, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
      /// Somebody asked to stop.
      case stopped
      /// The other side is not there, or goes away: it may be there later.
      case unreachable
      /// An address, a protocol or a certificate that will not do, now or later.
      case refused
    }

    package let reason: Reason
    /// libcurl's words.
    package let description: String
  }

  /// At most so many bytes are taken as an answer.
  private static let answerLimit = 256 << 20

  /// Sends a request.
  ///
  /// - Parameters:
  ///   - agent: how the program names itself
  ///   - isStopped: is asked now and then while it takes
  package func perform(
    _ request: Request, agent: String, isStopped: @escaping () -> Bool
  ) throws(Failure) -> (status: Int, body: [UInt8]) {
    let exchange = Exchange(body: request.body, isStopped: isStopped)
    var status = 0
    var words = [CChar](repeating: 0, count: Int(TRACKER_HTTP_ERROR_SIZE))
    let number = withExtendedLifetime(exchange) {
      send(request, agent: agent, exchange, &status, &words)
    }
    guard number != 0 else { return (status, exchange.answer) }
    let text = String(
      decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    throw Failure(
      reason: isStopped() ? .stopped : Self.passing.contains(number) ? .unreachable : .refused,
      description: text)
  }

  /// libcurl's numbers of what may be otherwise later: a name that is not found, no connection, an end amid an answer, a
  /// timeout, nothing sent, nothing received, a connection that broke amid a body (curl.se/libcurl/c/libcurl-errors.html).
  private static let passing: Set<Int32> = [5, 6, 7, 18, 28, 52, 55, 56, 65]

  private func send(
    _ request: Request, agent: String, _ exchange: Exchange, _ status: inout Int,
    _ words: inout [CChar]
  ) -> Int32 {
    // Without this a body waits for a word that many servers never say.
    let lines = request.headers + ["Expect:"]
    let texts: [UnsafeMutablePointer<CChar>?] =
      (lines + [request.method, request.url, agent, request.certificates ?? ""]).map { strdup($0) }
    defer { texts.forEach { free($0) } }
    let headers: [UnsafePointer<CChar>?] =
      texts.prefix(lines.count).map { UnsafePointer($0) } + [nil]
    let rest = texts.suffix(from: lines.count)
    return headers.withUnsafeBufferPointer { headers in
      var message = tracker_http_request()
      message.method = UnsafePointer(rest[rest.startIndex])
      message.url = UnsafePointer(rest[rest.startIndex + 1])
      message.agent = UnsafePointer(rest[rest.startIndex + 2])
      message.headers = headers.baseAddress
      message.body_size = request.body.byteCount
      message.certificates =
        request.certificates == nil ? nil : UnsafePointer(rest[rest.startIndex + 3])
      message.is_insecure = request.isInsecure ? 1 : 0
      message.context = Unmanaged.passUnretained(exchange).toOpaque()
      message.give = { buffer, size, count, context in
        guard let buffer, let context else { return HTTPClient.abort }
        return Exchange.of(context).give(
          UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
      }
      message.seek = { context, offset, _ in
        guard let context else { return 1 }
        Exchange.of(context).offset = Int(offset)
        return 0
      }
      message.take = { buffer, size, count, context in
        guard let buffer, let context else { return 0 }
        return Exchange.of(context).take(UnsafeRawBufferPointer(start: buffer, count: size * count))
      }
      message.is_stopped = { context, _, _, _, _ in
        guard let context else { return 0 }
        return Exchange.of(context).isStopped() ? 1 : 0
      }
      return tracker_http_perform(http, &message, &status, &words)
    }
  }

  /// What libcurl takes for the wish to end (`CURL_READFUNC_ABORT`).
  fileprivate static let abort = 0x1000_0000

  /// A request that is on its way.
  private final class Exchange {
    let body: Body
    let isStopped: () -> Bool
    var offset = 0
    var answer: [UInt8] = []

    init(body: Body, isStopped: @escaping () -> Bool) {
      self.body = body
      self.isStopped = isStopped
    }

    static func of(_ context: UnsafeMutableRawPointer) -> Exchange {
      Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    }

    func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
      let count: Int
      switch body {
      case .none: return 0
      case .bytes(let bytes):
        count = min(buffer.count, bytes.count - offset)
        bytes.withUnsafeBytes {
          buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
        }
      case .source(_, let read):
        do { count = try read(buffer, offset) } catch { return HTTPClient.abort }
      }
      offset += count
      return count
    }

    func take(_ bytes: UnsafeRawBufferPointer) -> Int {
      guard answer.count + bytes.count <= HTTPClient.answerLimit else { return 0 }
      answer.append(contentsOf: bytes)
      return bytes.count
    }
  }
}
