import TrackerStore

/// What the columns of a table of metrics mean, by their names.
struct TableColumns {
  /// Names of a column that counts the steps, the most certain first.
  private static let stepNames = [
    "step", "global_step", "_step", "trainer/global_step", "iteration", "iter", "batch", "epoch",
  ]
  /// Names of a column of moments.
  private static let timeNames = [
    "timestamp", "_timestamp", "wall_time", "wall time", "time", "datetime", "created_at",
  ]
  /// Names of a column that tells runs apart.
  private static let runNames = ["run_id", "run", "run_name", "run_uuid", "experiment_id"]
  /// Names of a column that holds names of metrics, in a table with a value a row.
  private static let keyNames = ["metric", "key", "tag", "metric_name", "variable", "name"]

  /// The column of the steps; `nil` where rows are counted.
  let step: Int?
  /// The column that counts rows and has no name, as pandas writes it; the steps, where no other column says them.
  private let index: Int?
  /// The column of the moments.
  let time: Int?
  /// The column of the runs.
  let run: Int?
  /// The column of the metrics' names and that of the values, in a table with a value a row.
  let long: (key: Int, value: Int)?

  /// - Parameter stepKey: the name that the user gave for the column of the steps
  /// - Throws: ``ForeignError`` if there is no column of that name
  init(_ header: [String], stepKey: String?, path: String) throws(ForeignError) {
    let names = header.map { $0.lowercased() }
    func column(_ candidates: [String]) -> Int? {
      candidates.lazy.compactMap { names.firstIndex(of: $0) }.first
    }
    index = ["", "unnamed: 0"].contains(names.first) ? 0 : nil
    if let stepKey {
      guard let index = header.firstIndex(of: stepKey) else {
        throw ForeignError.malformed(
          "reading \(path): it has no column \(stepKey); there are \(header.prefix(20).joined(separator: ", "))"
        )
      }
      step = index
    } else {
      step = column(Self.stepNames) ?? index
    }
    time = column(Self.timeNames)
    run = column(Self.runNames)
    if let key = column(Self.keyNames), let value = names.firstIndex(of: "value") {
      long = (key, value)
    } else {
      long = nil
    }
  }

  /// The moment that a number in the column of moments says, in seconds or milliseconds since 1970; `nil` for the seconds that
  /// something took, as in Detectron2's and Ultralytics' `time`.
  static func moment(_ number: Double) -> Timestamp? {
    guard number >= 1e8 else { return nil }
    return ForeignValue.time(seconds: number > 1e11 ? number / 1000 : number)
  }

  /// Whether a column is one that says where a value belongs.
  func isPlace(_ column: Int) -> Bool {
    column == step || column == index || column == time || column == run || column == long?.key
  }
}
