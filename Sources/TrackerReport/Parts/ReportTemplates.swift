import TrackerOptimization
import TrackerTemplates
import TrackerViews

/// The report's templates, style and script, ready to be filled.
struct ReportTemplates: Sendable {
  let style: String
  let script: String
  private let library: TemplateLibrary

  /// The name of the style and the script that only a page of a server has.
  private static let live = "live"

  /// Those that the program carries, of a page that keeps itself up to date: read once, as a server fills them again and again.
  ///
  /// - Throws: ``ReportPartError``
  static func ofLivePage() throws(ReportPartError) -> ReportTemplates { try livePage.get() }

  private static let livePage: Result<ReportTemplates, ReportPartError> = Result {
    () throws(ReportPartError) -> ReportTemplates in
    try ReportTemplates(.embedded(), isLive: true)
  }

  /// - Parameter isLive: whether the page is to keep itself up to date
  /// - Throws: ``ReportPartError`` for a template that does not parse
  init(_ parts: ReportParts, isLive: Bool = false) throws(ReportPartError) {
    var styles: [String] = []
    var scripts: [String] = []
    // Without a server the page is started once.
    var start = "startPage(new AbortController().signal).openTarget();\n"
    var library = TemplateLibrary()
    for (name, text) in parts.files.sorted(by: { $0.key < $1.key }) {
      let pieces = name.split(separator: ".")
      let isOfServer = pieces.first == Self.live[...]
      guard isLive || !isOfServer else { continue }
      switch pieces.last {
      // What a user adds comes after what it is to change.
      case "css": name == "report.css" ? styles.insert(text, at: 0) : styles.append(text)
      case "js" where isOfServer: start = text
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
    // One scope for all, that ends with `life`: what listens to more than the page's own elements ends then.
    script =
      "\"use strict\";\n(() => {\nconst startPage = (/** @type {AbortSignal} */ life) => {\n"
      + scripts.joined(separator: "\n")
      + "return { kept, openTarget, runs, Chart, Curve, codeBook, drawLegends, readable, wholeTable: () => wholeTable() };\n};\n"
      + start + "})();\n"
    self.library = library
  }

  /// The page that `content` fills, or another template, with up to so many threads.
  ///
  /// - Throws: ``ReportPartError`` for templates that put in each other without end
  func render(
    _ content: some TemplateContent, with template: String = "report", threads: Int = 1
  ) throws(ReportPartError) -> String {
    do {
      // Control characters, which HTML forbids, are shown as escapes.
      return try library.render(
        template, content, escaping: { HTML.escaped($0, hidingControl: \.visible) },
        each: { inParallel(over: $0, threads: threads, $1) })
    } catch {
      throw ReportPartError("the report's templates cannot be filled: \(error.message)")
    }
  }
}
