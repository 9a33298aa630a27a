package import TrackerStore
package import TrackerSystem

/// A request as it came over HTTP, complete.
package struct HTTPRequest: Sendable {
  package var method: String
  /// The path, percent-decoded, from its first slash.
  package var path: String
  /// The query's names and values in order, decoded.
  package var query: [KeyedText]
  package var contentType: String?
  package var userAgent: String?
  /// The last event that a listener heard before its connection broke (`Last-Event-ID`).
  package var lastEvent: String?
  /// Where it came from, such as `10.0.0.5`.
  package var host: String
  package var body: Body

  package enum Body: Sendable {
    case bytes([UInt8])
    /// A large one, in a file without a name.
    case received(ReceivedContent, OpenFile)
  }

  package init(
    method: String, path: String, query: [KeyedText] = [], contentType: String? = nil,
    userAgent: String? = nil, host: String = "localhost", body: Body = .bytes([])
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.contentType = contentType
    self.userAgent = userAgent
    self.host = host
    self.body = body
  }

  /// The first value of a name in the query.
  package func query(_ name: String) -> String? { query.first { $0.key == name }?.value }
}

/// What is answered.
package struct HTTPResponse: Sendable {
  package var status: Int
  package var headers: [KeyedText]
  package var body: Body

  package enum Body: Sendable {
    case bytes([UInt8])
    /// The whole of a file.
    case file(OpenFile)
    /// What changes, from now on, for a listener that knows of what came before this event.
    case events(since: String?)
  }

  package init(status: Int = 200, headers: [KeyedText] = [], body: Body = .bytes([])) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer of text.
  package init(status: Int = 200, type: String, _ text: String) {
    self.init(
      status: status, headers: [KeyedText(key: "Content-Type", value: type)],
      body: .bytes(Array(text.utf8)))
  }
}

/// A file that is open for as long as somebody needs it.
package final class OpenFile: Sendable {
  package let descriptor: FileDescriptor
  package let byteCount: Int

  package init(_ descriptor: consuming FileDescriptor, byteCount: Int) {
    self.descriptor = descriptor
    self.byteCount = byteCount
  }

  /// Its bytes from the start, whoever else reads it.
  package var source: ByteSource {
    var offset = 0
    return { buffer in
      let count = try self.descriptor.read(into: buffer, at: offset)
      offset += count
      return count
    }
  }
}
