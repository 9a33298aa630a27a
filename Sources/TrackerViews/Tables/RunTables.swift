import TrackerCSV
import TrackerJSON
package import TrackerStore
import TrackerSystem

/// Writes runs as tables for other programs: `runs.csv`, a row a run with its parameters, last values and tags;
/// `metrics.csv`, a row a point; `gradient-checks.csv`, a row a check.
package struct RunTables {
  /// How many points were written.
  package private(set) var pointCount = 0

  /// Writes the tables into a new folder.
  ///
  /// - Throws: ``StoreError``; `SystemError` where the folder cannot be made
  package mutating func write(runs ids: [Int64], of store: Store, into folder: String) throws {
    let runs = try store.runs(RunQuery(ids: ids, includesArchived: true)).sorted { $0.id < $1.id }
    try Folder.make(folder)
    try Self.write("\(folder)/runs.csv") { try $0.write(Self.runs(runs).csv) }
    try Self.write("\(folder)/metrics.csv") { file in
      try file.write("run_id,metric,step,value,time\n")
      for run in runs {
        for key in run.metrics.keys.sorted() {
          let start = "\(run.id),\(CSVWriter.field(key)),"
          try store.forEachPage(run: run.id, metric: key) { page in
            for placed in page {
              let point = placed.point
              try file.write(
                "\(start)\(point.step),\(point.value.exactText),\(point.time.iso8601)\n")
            }
            pointCount += page.count
          }
        }
      }
    }
    let checks = Self.checks(runs)
    guard !checks.rows.isEmpty else { return }
    try Self.write("\(folder)/gradient-checks.csv") { try $0.write(checks.csv) }
  }

  package init() {}

  private static func write(_ path: String, _ body: (OutputFile) throws -> Void) throws {
    let file = try OutputFile(creating: path)
    try body(file)
    try file.close()
  }

  private static func runs(_ runs: [Run]) -> DataTable {
    func keys(_ all: (Run) -> [String]) -> [String] { Set(runs.flatMap(all)).sorted() }
    let parameters = keys { Array($0.parameters.keys) }
    let metrics = keys { Array($0.metrics.keys) }
    let tags = keys { Array($0.tags.keys) }
    let columns =
      RunField.all.map(\.key) + parameters.map { "params.\($0)" }
      + metrics.map { "metrics.\($0)" } + tags.map { "tags.\($0)" }
    return DataTable(
      columns,
      rows: runs.map { run in
        var cells = RunField.all.map { $0.cell(of: run) }
        cells += parameters.map { .parameter(run.parameters[$0]) }
        cells += metrics.map { .real(run.metrics[$0]?.last) }
        cells += tags.map { .text(run.tags[$0]) }
        return cells
      })
  }

  private static func checks(_ runs: [Run]) -> DataTable {
    DataTable(
      [
        "run_id", "step", "at", "method", "epsilon", "tolerance", "passed", "checkedCount",
        "failedCount",
        "maxAbsoluteDifference", "maxRelativeDifference",
      ],
      rows: runs.flatMap { run in
        run.gradientChecks.map { check in
          [
            .integer(run.id), .integer(check.step), .text(check.moment), .text(check.method),
            .real(check.epsilon), .real(check.tolerance), Cell(.boolean(check.passed)),
            .integer(Int64(check.checkedCount)), .integer(Int64(check.failedCount)),
            .real(check.maxAbsoluteDifference), .real(check.maxRelativeDifference),
          ]
        }
      })
  }
}
