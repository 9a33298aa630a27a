import TrackerViews
import Mustache

/// Escapes text for HTML, in content and in quoted attributes.
///
/// swift-mustache's own escaping goes by grapheme clusters, so that a quotation mark followed by a
/// combining mark passes as it is; this one goes by scalars. Control characters, which HTML forbids,
/// are shown as escapes.
struct EscapedText: MustacheContentType {
  /// Chosen at the head of each template; partials begin with the library's own again.
  static let pragma = "{{% CONTENT_TYPE:TRACKER}}"

  static func register() { MustacheContentTypes.register(EscapedText(), named: "TRACKER") }

  func escapeText(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
        && byte != UInt8(ascii: "&") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "'")
    }
    if isPlain { return text }
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count + 16)
    for scalar in text.visible.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
