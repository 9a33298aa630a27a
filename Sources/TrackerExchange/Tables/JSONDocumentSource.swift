import TrackerJSON
import TrackerStore
import TrackerSystem

/// A file that is one JSON document: the state that Hugging Face's Trainer writes, a list of rows, or a list of values for each
/// metric, as the `history` of Keras, the results of XGBoost and LightGBM and many programs' own files have them.
struct JSONDocumentSource: ForeignSource {
  static let format = ForeignFormat.json
  /// A document is read whole and at most so large, in bytes: 100,000 rows of five values, or eight million short numbers.
  private static let sizeLimit = 1 << 24
  /// What Hugging Face's Trainer calls its file.
  private static let stateName = "trainer_state.json"
  /// The members of that file that are settings; the others are what came of it.
  private static let settings: Set = [
    "num_train_epochs", "max_steps", "train_batch_size", "logging_steps", "eval_steps",
    "save_steps",
  ]
  private let path: String
  private let options: ForeignOptions

  init(path: String, options: ForeignOptions) {
    self.path = path
    self.options = options
  }

  static func recognizes(_ path: String) -> Bool {
    if isFolder(path) { return !states(below: path).isEmpty }
    guard path.lowercased().hasSuffix(".json") else { return false }
    // One that is too large, or holds lists of another kind, is refused by its reader, which says so.
    if isTooLarge(path) {
      return Store.isExport(path) == false && !JSONLinesSource.recognizes(path)
    }
    return (try? document(path)).map { contents($0) != nil || holdsList($0) } ?? false
  }

  /// Whether a document is more than one row: a line of JSON lines holds none.
  private static func holdsList(_ document: JSONValue) -> Bool {
    switch document {
    case .array: true
    case .object(let members): members.contains { holdsList($0.value) }
    default: false
    }
  }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    for file in isFolder(path) ? Self.states(below: path) : [path] {
      let document = try Self.document(file)
      guard let contents = Self.contents(document) else {
        throw ForeignError.malformed(
          "reading \(file): it is neither a list of objects, nor lists of numbers by the names of metrics, nor a state of Hugging Face's Trainer"
        )
      }
      var rows = TableRows(Self.format, path: Self.place(of: file))
      for index in 0..<contents.rows.count {
        try rows.take(contents.rows[index], stepKey: options.stepKey)
      }
      for key in contents.otherLists { rows.leaveOut("lists of \(key), which are not numbers") }
      try rows.hand(on: body, &omissions) { run in
        for (key, value) in contents.settings { run.parameters[key] = value }
      }
    }
  }

  /// Rows as they stand in a document, or made of what stands at the same place of several lists.
  private enum Rows {
    case objects([[JSONValue.Member]])
    case history(JSONHistory)

    var count: Int {
      switch self {
      case .objects(let rows): rows.count
      case .history(let history): history.rowCount
      }
    }

    subscript(index: Int) -> [JSONValue.Member] {
      switch self {
      case .objects(let rows): rows[index]
      case .history(let history): history.row(index)
      }
    }
  }

  private static func isTooLarge(_ path: String) -> Bool {
    ((try? FileStatus(path))?.byteCount ?? 0) > sizeLimit
  }

  private struct Contents {
    var rows: Rows
    var settings: [(String, ParameterValue)] = []
    var otherLists: [String] = []
  }

  private static func document(_ path: String) throws -> JSONValue {
    do { return try JSONValue(parsing: try SourceFile.bytes(path, limit: sizeLimit)) } catch let
      error as JSONSyntaxError
    { throw ForeignError.malformed("reading \(path): \(error)") }
  }

  /// What a document tells; `nil` for one of another kind.
  private static func contents(_ document: JSONValue) -> Contents? {
    if let rows = rows(document) { return Contents(rows: rows) }
    guard case .object(let members) = document else { return nil }
    if let rows = document["log_history"].flatMap(rows) {
      let settings = members.filter { Self.settings.contains($0.key) && $0.value != .null }
      return Contents(rows: rows, settings: ForeignValue.parameters(.object(settings)))
    }
    return JSONHistory(members).map { history in
      Contents(
        rows: .history(history), settings: ForeignValue.parameters(.object(history.settings)),
        otherLists: history.otherLists)
    }
  }

  /// The objects of a list that holds nothing else.
  private static func rows(_ value: JSONValue) -> Rows? {
    guard case .array(let values) = value, !values.isEmpty else { return nil }
    var rows: [[JSONValue.Member]] = []
    for value in values {
      guard case .object(let members) = value else { return nil }
      rows.append(members)
    }
    return .objects(rows)
  }

  /// What a run is known by: of a state the folder of the training, whichever of its checkpoints the state is of, so that a later one
  /// adds to the run; else the file.
  private static func place(of file: String) -> String {
    guard SourceFile.name(of: file) == stateName else { return file }
    let folder = SourceFile.parent(of: resolvedPath(file))
    return checkpoint(folder) == nil ? folder : SourceFile.parent(of: folder)
  }

  /// The step of a folder `checkpoint-500`.
  private static func checkpoint(_ folder: String) -> Int? {
    let name = SourceFile.name(of: folder)
    return name.hasPrefix("checkpoint-") ? Int(name.dropFirst("checkpoint-".count)) : nil
  }

  /// The newest state of each training below a folder: every state repeats those before it.
  private static func states(below folder: String) -> [String] {
    var newest: [String: String] = [:]
    var order: [String] = []
    for file in SourceFile.files(below: folder) where SourceFile.name(of: file) == stateName {
      let path = "\(folder)/\(file)"
      let place = place(of: path)
      guard let known = newest[place] else {
        newest[place] = path
        order.append(place)
        continue
      }
      if isNewer(path, than: known) { newest[place] = path }
    }
    return order.compactMap { newest[$0] }
  }

  /// Whether a state is of a later moment than another of the same training: the one of the higher checkpoint, or of the training's end.
  private static func isNewer(_ path: String, than other: String) -> Bool {
    let steps = [path, other].map { checkpoint(SourceFile.parent(of: $0)) ?? .max }
    return steps[0] > steps[1]
  }
}
