import TrackerJSON
import TrackerStore

/// Where the next page starts: Base64 of `{"offset":4}`.
enum PageToken {
  static func offset(_ token: String?) throws -> Int {
    guard let token, !token.isEmpty else { return 0 }
    guard let bytes = Base64.bytes(of: Array(token.utf8)) else {
      throw MLflowError.invalid("Invalid page token, could not base64-decode")
    }
    guard let value = try? JSONValue(parsing: bytes), case .integer(let offset)? = value["offset"],
      (0...Int64(Int32.max)).contains(offset)
    else { throw MLflowError.invalid("Invalid page token, it holds no offset") }
    return Int(offset)
  }

  static func token(offset: Int) -> String {
    let text = Array("{\"offset\":\(offset)}".utf8)
    return String(decoding: text.withUnsafeBytes(Base64.digits), as: UTF8.self)
  }

  /// Splits what was read with one more than wanted into a page and the token of the next.
  static func page<Element>(
    _ found: [Element], limit: Int, offset: Int
  ) -> (items: ArraySlice<Element>, token: String?) {
    found.count > limit ? (found[..<limit], token(offset: offset + limit)) : (found[...], nil)
  }
}
