package import TrackerMLflow
import TrackerStore

/// What a server is started with.
package struct ServerSettings: Sendable {
  /// The address to listen on.
  package var host: String
  /// 0 for any that is free.
  package var port: Int
  /// What a client has to know; `nil` where all on this machine may do all.
  package var token: AccessToken?
  /// Sees a line for each request that was answered.
  package var log: (@Sendable (String) -> Void)?
  /// At most so many connections at once.
  package var connectionLimit = 1024
  /// For the header of a request, from its first byte.
  package var headerSeconds: Int64 = 30
  /// For a connection on which nothing comes.
  package var idleSeconds: Int64 = 60
  /// For what is under way when the server is told to end.
  package var drainMilliseconds: Int64 = 2500

  package init(
    host: String, port: Int, token: AccessToken? = nil, log: (@Sendable (String) -> Void)? = nil
  ) {
    self.host = host
    self.port = port
    self.token = token
    self.log = log
  }

  /// Whether an address is one that this machine alone can reach.
  package static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host == "[::1]"
      || IPAddress.isVersion4(host) && host.hasPrefix("127.")
  }
}

/// What answers requests, whatever it is about.
package protocol RequestAnswering: Sendable {
  /// The greatest body of a request, in bytes, and whether it may be too large for memory.
  func bodyLimit(_ method: String, _ path: String) -> (bytes: Int, isContent: Bool)
  /// Whether this is asked for without knowing the token.
  func isOpen(_ path: String) -> Bool
  /// The folder for bodies that are too large for memory.
  var folder: String { get }
  /// What its listeners are told.
  var feed: ChangeFeed { get }
  /// Keeps house, from time to time.
  func everyMinute()
  /// Answers; may take its time.
  func answer(_ request: HTTPRequest) -> HTTPResponse
}
