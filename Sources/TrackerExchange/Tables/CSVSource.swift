import TrackerCSV
import TrackerStore
import TrackerValues

/// Tables with a header: what Lightning's and Keras' `CSVLogger` write, the exports of W&B and Neptune, and others with
/// a metric a column or a value a row; a folder with a folder a run, as Lightning and Ultralytics make it.
struct CSVSource: ForeignSource {
  static let format = ForeignFormat.csv
  private let path: String
  private let options: ForeignOptions

  init(path: String, options: ForeignOptions) {
    self.path = path
    self.options = options
  }

  private static func isTable(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".csv") || name.hasSuffix(".tsv")
  }

  private static func files(_ path: String) -> [String] {
    if SourceFile.isFile(path) { return isTable(path) ? [path] : [] }
    return SourceFile.files(below: path).filter {
      TableRows.ofLoggers.contains(SourceFile.name(of: $0))
    }
    .map { "\(path)/\($0)" }
  }

  static func recognizes(_ path: String) -> Bool { !files(path).isEmpty }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    // A file that the user names is a table, whatever it is called.
    for file in SourceFile.isFile(path) ? [path] : Self.files(path) {
      try read(file, &omissions, body)
    }
  }

  private func read(
    _ file: String, _ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void
  ) throws {
    var rows = TableRows(Self.format, path: file)
    var header: [String] = []
    var columns: TableColumns?
    var exported: ExportedCurves?
    var summaries: RunTable?
    try records(file) { fields in
      guard let place = columns else {
        header = fields
        guard fields.contains(where: { !$0.isEmpty && ForeignValue.number($0) == nil }) else {
          throw ForeignError.malformed(
            "reading \(file): its first row holds no names of columns, as a table of metrics needs")
        }
        columns = try TableColumns(fields, stepKey: options.stepKey, path: file)
        exported = ExportedCurves(fields)
        summaries = RunTable(fields, path: file)
        return
      }
      guard fields.count == header.count else {
        rows.leaveOut("rows with another number of fields than the header")
        return
      }
      if let exported {
        exported.take(fields, step: place.step, into: &rows)
      } else if summaries?.take(fields, header) == nil {
        take(fields, header, place, into: &rows)
      }
    }
    if let summaries { return try summaries.hand(on: body) }
    // Lightning's settings, and Ultralytics'.
    let settings = ["hparams.yaml", "args.yaml"].map { "\(SourceFile.parent(of: file))/\($0)" }
      .first(where: SourceFile.isFile)
    var unreadable: ForeignError?
    try rows.hand(on: body, &omissions) { run in
      guard let settings else { return }
      do {
        for (key, value) in ForeignValue.parameters(try YAML.read(settings)) {
          run.parameters[key] = value
        }
      } catch { unreadable = error as? ForeignError }
    }
    if let unreadable { omissions.add("settings that cannot be read (\(unreadable))") }
  }

  /// Hands on each record; where a program still writes the file, its last one may be half of one, and waits.
  private func records(_ file: String, _ body: ([String]) throws -> Void) throws {
    do {
      var reader = try CSVReader(SourceFile.source(file))
      var row: [CSVReader.Field] = []
      while try reader.next(into: &row), reader.isRowEnded || !options.isGrowing {
        // Some programs write texts in an encoding of their own: what is not UTF-8 is replaced. Some align columns with spaces, as
        // Ultralytics' `results.csv` has them.
        try body(
          row.map {
            (reader.text(of: $0) ?? String(decoding: reader.bytes(of: $0), as: UTF8.self))
              .trimmed
          })
      }
    } catch let error as CSVError {
      if options.isGrowing, error.reason == .openQuote { return }
      throw ForeignError.malformed("reading \(file), \(error)")
    }
  }

  private func take(
    _ fields: [String], _ header: [String], _ columns: TableColumns, into rows: inout TableRows
  ) {
    var values: [(key: String, value: Double)] = []
    func take(_ text: String, _ key: String) {
      // A logger leaves empty what it did not log in this row.
      if text.isEmpty { return }
      if let value = ForeignValue.number(text) {
        values.append((key, value))
      } else {
        rows.leaveOut("texts in column \(key)")
      }
    }
    if let long = columns.long {
      take(fields[long.value], fields[long.key])
    } else {
      for (index, text) in fields.enumerated() where !columns.isPlace(index) {
        take(text, header[index])
      }
    }
    let step = columns.step.flatMap { step -> Int64? in
      guard let number = Double(fields[step]) else { return nil }
      if let whole = Int64(fields[step]) ?? Int64(exactly: number) { return whole }
      // A fraction, as of epochs, is not a step: its rows are counted, and it is kept.
      values.append((header[step], number))
      return nil
    }
    let time = columns.time.flatMap { column -> Timestamp? in
      let text = fields[column]
      guard let number = Double(text) else { return ForeignValue.time(text) }
      if let moment = TableColumns.moment(number) { return moment }
      values.append((header[column], number))
      return nil
    }
    rows.take(values, run: columns.run.map { fields[$0] }, step: step, time: time)
  }
}

/// The curves that W&B exports from a chart: `Step`, then for each run `NAME - METRIC`, and the same with `__MIN`
/// and `__MAX`, which repeat it.
private struct ExportedCurves {
  private var columns: [(index: Int, run: String, key: String)] = []

  init?(_ header: [String]) {
    let names = Set(header)
    for (index, name) in header.enumerated() where names.contains("\(name)__MIN") {
      guard let dash = name.lastRange(of: " - ") else { continue }
      columns.append((index, String(name[..<dash.lowerBound]), String(name[dash.upperBound...])))
    }
    if columns.isEmpty { return nil }
  }

  func take(_ fields: [String], step: Int?, into rows: inout TableRows) {
    for (index, run, key) in columns {
      guard let value = ForeignValue.number(fields[index]) else { continue }
      let place = step.flatMap { Double(fields[$0]) }.flatMap { Int64(exactly: $0) }
      rows.take([(key, value)], run: run, step: place, time: nil)
    }
  }
}

extension String {
  /// The place of the last occurrence of a short text.
  fileprivate func lastRange(of text: String) -> Range<Index>? {
    var found: Range<Index>?
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { found = index..<self.index(index, offsetBy: text.count) }
      index = self.index(after: index)
    }
    return found
  }
}
