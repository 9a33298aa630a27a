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
      // A line may have other members than the line before it: each says for itself what it is.
      let flat = members.flatMap { Self.flat($0.value, key: $0.key) }
      let names = flat.map(\.key)
      let stepKey = options.stepKey.flatMap { names.contains($0) ? $0 : nil }
      let columns = try TableColumns(names, stepKey: stepKey, path: path)
      take(flat, columns, into: &rows)
    }
    try rows.hand(on: body, &omissions)
  }

  private func take(
    _ members: [(key: String, value: JSONValue)], _ columns: TableColumns,
    into rows: inout TableRows
  ) {
    var values: [(key: String, value: Double)] = []
    func take(_ value: JSONValue, _ key: String) {
      if let number = ForeignValue.number(value) {
        values.append((key, number))
      } else if value != .null {
        rows.leaveOut("values of \(key), which are not numbers")
      }
    }
    if let long = columns.long, let key = members[long.key].value.plainText {
      take(members[long.value].value, key)
    } else {
      for (index, member) in members.enumerated() where !columns.isPlace(index) {
        take(member.value, member.key)
      }
    }
    let step = columns.step.flatMap { index -> Int64? in
      if let whole = ForeignValue.whole(members[index].value) { return whole }
      if let number = ForeignValue.number(members[index].value) {
        values.append((members[index].key, number))
      }
      return nil
    }
    let time = columns.time.flatMap { index -> Timestamp? in
      let value = members[index].value
      guard let number = ForeignValue.number(value) else {
        return value.plainText.flatMap { ForeignValue.time($0) }
      }
      if let moment = TableColumns.moment(number) { return moment }
      values.append((members[index].key, number))
      return nil
    }
    rows.take(
      values, run: columns.run.flatMap { members[$0].value.plainText }, step: step, time: time)
  }

  /// `{"a": {"b": 1}}` is `a.b`.
  private static func flat(_ value: JSONValue, key: String) -> [(key: String, value: JSONValue)] {
    guard case .object(let members) = value else { return [(key, value)] }
    return members.flatMap { flat($0.value, key: "\(key).\($0.key)") }
  }
}
