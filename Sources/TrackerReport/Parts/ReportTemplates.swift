import TrackerTemplates
import TrackerViews

/// The report's templates, style and script, ready to be filled.
struct ReportTemplates: Sendable {
  let style: String
  let script: String
  private let library: TemplateLibrary

  /// - Throws: ``ReportPartError`` for a template that does not parse
  init(_ parts: ReportParts) throws(ReportPartError) {
    var styles: [String] = []
    var scripts: [String] = []
    var library = TemplateLibrary()
    for (name, text) in parts.files.sorted(by: { $0.key < $1.key }) {
      let pieces = name.split(separator: ".")
      switch pieces.last {
      // What a user adds comes after what it is to change.
      case "css": name == "report.css" ? styles.insert(text, at: 0) : styles.append(text)
      case "js": scripts.append(text)
      case "html", "mustache":
        do {
          try library.add(text, named: String(pieces.first ?? ""))
        } catch {
          throw ReportPartError(
            "\(name) is not a template: \(error.message)",
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

  /// The page that `content` fills.
  ///
  /// - Throws: ``ReportPartError`` for templates that put in each other without end
  func render(_ content: some TemplateContent) throws(ReportPartError) -> String {
    do {
      // Control characters, which HTML forbids, are shown as escapes.
      return try library.render("report", content) { HTML.escaped($0, hidingControl: \.visible) }
    } catch {
      throw ReportPartError("the report's templates cannot be filled: \(error.message)")
    }
  }
}
