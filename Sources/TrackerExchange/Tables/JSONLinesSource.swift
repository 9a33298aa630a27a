import TrackerJSON
import TrackerStore
import TrackerSystem

/// A file with a JSON object a line: a row of metrics each, or a value each with the metric's name.
struct JSONLinesSource: ForeignSource {
  static let format = ForeignFormat.jsonl
  private let path: String
  private let options: ForeignOptions

  init(path: String, options: ForeignOptions) {
    self.path = path
    self.options = options
  }

  static func recognizes(_ path: String) -> Bool {
    guard Store.isExport(path) == false else { return false }
    let name = path.lowercased()
    return name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") || beginsWithObject(path)
  }

  /// Whether the first line is an object, whatever the file is called: Detectron2's is `metrics.json`.
  private static func beginsWithObject(_ path: String) -> Bool {
    guard let file = try? SourceFile.open(path) else { return false }
    var start = [UInt8](repeating: 0, count: 1 << 16)
    let count = try? start.withUnsafeMutableBytes { try file.read(into: $0) }
    let line = start.prefix(count ?? 0).prefix { $0 != UInt8(ascii: "\n") }
    guard case .object? = try? JSONValue(parsing: line) else { return false }
    return true
  }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    var rows = TableRows(Self.format, path: path)
    try SourceFile.lines(path) { line, _ in
      if line.isEmpty { return }
      guard case .object(let members)? = try? JSONValue(parsing: line) else {
        rows.leaveOut("lines that are not JSON objects")
        return
      }
      try rows.take(members, stepKey: options.stepKey)
    }
    try rows.hand(on: body, &omissions)
  }
}
