import TrackerViews
package import TrackerValues
import CTrackerEmbedded

/// What reports are made of: templates, style, scripts, and sections in SQL.
package struct ReportParts: Sendable {
  /// The files' texts, by name without folders.
  let files: [String: String]
  /// The sections that SQL files make, in the order of their names.
  package let queries: [ReportQuery]

  /// The parts that the program carries.
  package static func embedded() throws(ReportPartError) -> ReportParts { try own.get() }

  private static let own: Result<ReportParts, ReportPartError> = Result {
    () throws(ReportPartError) -> ReportParts in
    try ReportParts(files: embeddedFiles, own: embeddedFiles)
  }

  /// These parts, with no section that asks the store for more.
  package var withoutQueries: ReportParts { ReportParts(files: files, queries: []) }

  private init(files: [String: String], queries: [ReportQuery]) {
    self.files = files
    self.queries = queries
  }

  /// The parts that the program carries, with others in the place of those of the same name, or beside them.
  ///
  /// - Parameter files: texts by file name: `.sql`, `.mustache`, `.css`, `.js`, and `report.html`
  package func replacing(_ files: [String: String]) throws(ReportPartError) -> ReportParts {
    try ReportParts(
      files: self.files.merging(files) { _, new in new },
      own: Self.embeddedFiles.filter { files[$0.key] == nil })
  }

  private init(files: [String: String], own: [String: String]) throws(ReportPartError) {
    self.files = files
    var queries: [ReportQuery] = []
    for (name, text) in files.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".sql") {
      queries.append(try ReportQuery(fileName: name, text: text, isOwn: own[name] != nil))
    }
    self.queries = queries
  }

  private static let embeddedFiles: [String: String] = {
    let files = (0..<tracker_embedded_report_file_count).compactMap {
      tracker_embedded_report_file($0)?.pointee
    }
    return Dictionary(
      files.map { file in
        let name = String(cString: file.name).split(separator: "/").last.map(String.init) ?? ""
        let bytes = UnsafeBufferPointer(start: file.bytes, count: file.count)
        return (
          name,
          name.hasSuffix(".js") ? withoutComments(bytes) : String(decoding: bytes, as: UTF8.self)
        )
      }, uniquingKeysWith: { first, _ in first })
  }()

  /// A script of our own without the lines that are comments, and what others are indented by: a page need not carry them.
  /// None of our scripts has a text of several lines.
  private static func withoutComments(_ script: UnsafeBufferPointer<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(script.count)
    var isInComment = false
    for line in script.split(separator: UInt8(ascii: "\n")) {
      let line = line.drop { $0 == UInt8(ascii: " ") }
      let isEnd = line.suffix(2).elementsEqual("*/".utf8)
      if isInComment {
        isInComment = !isEnd
      } else if line.elementsEqual("/**".utf8) {
        isInComment = true
      } else if !line.starts(with: "//".utf8), !(isEnd && line.starts(with: "/**".utf8)) {
        text += line
        text.append(UInt8(ascii: "\n"))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// A part of a report that is not as it must be.
package struct ReportPartError: ExplainedError, Hashable {
  /// The file, and what is wrong in it.
  package let message: String
  /// What to do about it.
  package let advice: String?
  /// What sort of trouble it is.
  package let kind: ExplainedErrorKind

  init(_ message: String, advice: String? = nil, kind: ExplainedErrorKind = .data) {
    self.message = message
    self.advice = advice
    self.kind = kind
  }

  package var description: String { message }
}
