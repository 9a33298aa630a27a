import TrackerViews
import Mustache

/// The report's templates, style and script, ready to be filled.
struct TemplateLibrary: Sendable {
  let style: String
  let script: String
  private let library: MustacheLibrary

  /// - Throws: ``ReportPartError`` for a template that does not parse
  init(_ parts: ReportParts) throws(ReportPartError) {
    var styles: [String] = []
    var scripts: [String] = []
    var library = MustacheLibrary()
    EscapedText.register()
    for (name, text) in parts.files.sorted(by: { $0.key < $1.key }) {
      let pieces = name.split(separator: ".")
      switch pieces.last {
      // What a user adds comes after what it is to change.
      case "css": name == "report.css" ? styles.insert(text, at: 0) : styles.append(text)
      case "js": scripts.append(text)
      case "html", "mustache":
        do {
          try library.register(EscapedText.pragma + text, named: String(pieces.first ?? ""))
        } catch {
          throw ReportPartError(
            "\(name) is no template: \(error)",
            advice: "See how templates are written: https://mustache.github.io/mustache.5.html")
        }
      default: break
      }
    }
    style = styles.joined(separator: "\n")
    // One scope for all.
    script = "\"use strict\";\n(() => {\n" + scripts.joined(separator: "\n") + "})();\n"
    self.library = library
  }

  /// The page that `context` fills.
  func render(_ context: [String: Any]) -> String {
    library.render(context, withTemplate: "report") ?? ""
  }
}
