import TrackerStore

/// The secret that clients of other machines show: `Authorization: Bearer TOKEN`, or a password (`Basic`).
package struct AccessToken: Sendable {
  /// Its hash, so that all comparisons are of one length.
  private let digest: [UInt8]

  /// - Returns: `nil` for an empty text
  package init?(_ text: String) {
    guard !text.isEmpty else { return nil }
    digest = Self.digest(of: text)
  }

  /// Whether the value of a header `Authorization` shows it.
  package func isShown(by authorization: String?) -> Bool {
    guard let authorization, let space = authorization.firstIndex(of: " ") else { return false }
    let value = authorization[authorization.index(after: space)...].drop { $0 == " " }
    switch authorization[..<space].lowercased() {
    case "bearer": return isSame(String(value))
    case "basic":
      guard let bytes = Base64.bytes(of: Array(value.utf8)) else { return false }
      let pair = String(decoding: bytes, as: UTF8.self)
      guard let colon = pair.firstIndex(of: ":") else { return false }
      return isSame(String(pair[pair.index(after: colon)...]))
    default: return false
    }
  }

  /// Takes as long whatever the difference is.
  private func isSame(_ text: String) -> Bool {
    zip(digest, Self.digest(of: text)).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func digest(of text: String) -> [UInt8] {
    Array(text.utf8).withUnsafeBytes(Digest.sha256)
  }
}
