// Which requests are answered at all. A page of a stranger that is open in a browser on this machine can send requests
// to this server: it must neither read (it would need a name of its own that leads to this address, DNS rebinding) nor
// write (it would name its own origin).

/// What is refused before anything is done.
struct Refusal: Error, Hashable {
  let status: Int
  let code: String
  let message: String

  static let host = Refusal(
    status: 403, code: "PERMISSION_DENIED",
    message:
      "The Host header names neither this machine nor an address. Without a token no other name is answered."
  )
  static let origin = Refusal(
    status: 403, code: "PERMISSION_DENIED",
    message: "The request comes from a page of another site.")
  static let token = Refusal(
    status: 401, code: "UNAUTHENTICATED",
    message: "This server wants its token: Authorization: Bearer TOKEN, or the password of Basic.")
}

/// Looks at where a request comes from and what it shows.
struct RequestGuard: Sendable {
  let token: AccessToken?
  /// Names of this machine, in lower case.
  let names: Set<String>

  /// - Parameters:
  ///   - host: the header `Host`
  ///   - origin: the header `Origin`, which browsers send with what is not a plain look
  ///   - site: the header `Sec-Fetch-Site` of browsers
  func check(
    method: String, host: String, origin: String?, site: String?, authorization: String?,
    isOpen: Bool
  ) throws(Refusal) {
    let name = Self.name(ofHost: host)
    if token == nil, !isKnown(name) { throw .host }
    if method != "GET", method != "HEAD" {
      if let origin, Self.host(ofOrigin: origin) != host.lowercased() { throw .origin }
      if origin == nil, let site, site == "cross-site" || site == "same-site" { throw .origin }
    }
    if let token, !isOpen, !token.isShown(by: authorization) { throw .token }
  }

  /// An address cannot be made to lead elsewhere.
  private func isKnown(_ name: String) -> Bool {
    name == "localhost" || name.hasSuffix(".localhost") || names.contains(name)
      || IPAddress.isVersion4(name) || IPAddress.isVersion6(name)
  }

  /// `[::1]:5000` is `::1`, and `LOCALHOST:5000` is `localhost`.
  private static func name(ofHost host: String) -> String {
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      return String(host[host.index(after: host.startIndex)..<end])
    }
    return (host.firstIndex(of: ":").map { String(host[..<$0]) } ?? host).lowercased()
  }

  private static func host(ofOrigin origin: String) -> String? {
    guard let slashes = origin.firstRange(of: "://") else { return nil }
    return origin[slashes.upperBound...].lowercased()
  }
}

/// Addresses as texts.
enum IPAddress {
  static func isVersion4(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
          && (Int(part) ?? 256) < 256
      }
  }

  static func isVersion6(_ text: String) -> Bool {
    text.contains(":")
      && text.utf8.allSatisfy {
        Character(UnicodeScalar($0)).isHexDigit || $0 == UInt8(ascii: ":")
          || $0 == UInt8(ascii: ".")
      }
  }
}
