import CTrackerEmbedded
import Mustache

/// The report's templates, style and script, as they are embedded in the program.
struct TemplateLibrary: Sendable {
  let style: String
  let script: String
  private let library: MustacheLibrary

  /// The embedded report.
  init() throws {
    let files = (0..<tracker_embedded_report_file_count).compactMap {
      tracker_embedded_report_file($0)?.pointee
    }
    var style = ""
    var scripts: [(name: String, text: String)] = []
    var library = MustacheLibrary()
    EscapedText.register()
    for file in files {
      let name = String(cString: file.name)
      let text = String(
        decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
      let key = name.split(separator: "/").last?.split(separator: ".").first.map(String.init)
      switch name.split(separator: ".").last {
      case "css": style += text
      case "js": scripts.append((name, text))
      default: try library.register(EscapedText.pragma + text, named: key ?? name)
      }
    }
    self.style = style
    // One scope for all, in the order of their names.
    script =
      "\"use strict\";\n(() => {\n"
      + scripts.sorted { $0.name < $1.name }.map(\.text).joined() + "})();\n"
    self.library = library
  }

  /// The page that `context` fills.
  func render(_ context: [String: Any]) -> String {
    library.render(context, withTemplate: "report") ?? ""
  }
}

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
