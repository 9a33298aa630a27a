import Foundation
import TestSupport
import Testing
import TrackerSQLite
import TrackerStore

/// What a store can hold that no program of ours writes.
@Suite("Stores of extremes")
struct ExtremesTests {
  /// Every column of numbers of the tables.
  private func columns(_ path: String) throws -> [(table: String, column: String, type: String)] {
    try Connection(path: path, mode: .readOnly).rows(
      """
      SELECT tables.name, columns.name, columns.type
      FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
      WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%' AND tables.name <> 'migration'
        AND columns.type IN ('INTEGER', 'REAL', 'ANY')
      """
    ) { ($0.text(0), $0.text(1), $0.text(2)) }
  }

  @Test("no number in any column ends a reading command by a trap or as an internal error")
  func columns() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    try Connection(path: bench.store, mode: .readWrite).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let sound = try Data(contentsOf: URL(fileURLWithPath: bench.store))
    let commands = [
      ["list", "--all"], ["show", "1"], ["compare", "1", "2"], ["diagnose", "2"],
      ["report", "--html", "-o", "r.html"], ["list", "--format", "json"], ["doctor"],
      ["show", "1", "--metric", "cost"],
    ]
    let extremes = [
      "INTEGER": ["-9223372036854775808", "-1", "0", "9223372036854775807"],
      "REAL": ["-9e999", "9e999", "0.0", "1e308", "NULL"],
      "ANY": ["-9e999", "9e999", "1e308", "NULL", "9223372036854775807"],
    ]
    let path = bench.path("extreme.sqlite")
    var (stores, runs, answers) = (0, 0, [Int32: Int]())
    for (table, column, type) in try columns(bench.store) {
      for value in extremes[type] ?? [] {
        for suffix in ["", "-wal", "-shm"] {
          try? FileManager.default.removeItem(atPath: path + suffix)
        }
        try sound.write(to: URL(fileURLWithPath: path))
        do {
          let connection = try Connection(path: path, mode: .readWrite)
          // Where a check or a key does not allow it for all rows, one row does.
          for rows in ["", " WHERE rowid = (SELECT max(rowid) FROM \(table))"] {
            do {
              try connection.execute("UPDATE \(table) SET \"\(column)\" = \(value)\(rows)")
              break
            } catch {}
          }
        }
        stores += 1
        for command in commands {
          let outcome = bench.run(command + ["--db", path])
          runs += 1
          answers[outcome.status, default: 0] += 1
          #expect(
            outcome.status != 70, "\(table).\(column) = \(value): \(command) \(outcome.diagnostics)"
          )
        }
      }
    }
    print("extremes: \(stores) stores × \(commands.count) commands, \(runs) answers: \(answers)")
    #expect(stores > 150)
  }

  @Test("schemas that are not those of their version are refused by every command")
  func schemas() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    try Connection(path: bench.store, mode: .readWrite).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    let sound = try Data(contentsOf: URL(fileURLWithPath: bench.store))
    let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
    let changes = [
      "CREATE TRIGGER t AFTER UPDATE ON run BEGIN DELETE FROM metric_point; END",
      "DROP VIEW tags; CREATE VIEW tags AS \(endless) SELECT 1 AS run_id, x AS key, x AS value FROM c",
      "ALTER TABLE tag RENAME TO t; CREATE VIEW tag AS \(endless) SELECT 1 AS run_id, x AS key, x AS value FROM c",
      "ALTER TABLE run ADD COLUMN g TEXT GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL",
      "DROP TABLE metric_point", "DROP VIEW gradient_checks",
      "CREATE INDEX i ON run (hex(zeroblob(1000000)))",
      "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE type = 'table'",
    ]
    for change in changes {
      let path = bench.path("hostile.sqlite")
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
      try sound.write(to: URL(fileURLWithPath: path))
      try Connection(path: path, mode: .readWrite).execute(change)
      for command in [
        ["list"], ["show", "1"], ["query", "SELECT * FROM tags"], ["doctor"],
        ["start", "--no-patch"],
      ] {
        let outcome = bench.run(command + ["--db", path])
        #expect(outcome.status == 65, "\(change): \(command) \(outcome)")
      }
      #expect(bench("import", path, "--db", bench.path("into.sqlite")).status == 65, "\(change)")
    }
    // What people add for themselves is in nobody's way.
    try Connection(path: bench.store, mode: .readWrite).execute(
      "CREATE TABLE mine (a); CREATE VIEW best AS SELECT * FROM runs; CREATE INDEX i ON run (host)")
    #expect(bench("list").status == 0)
    print("hostile schemas: \(changes.count), each refused by 6 commands")
  }

  @Test("one call of a function in a query takes neither gigabytes nor longer than it may")
  func queries() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    for sql in [
      "SELECT length(randomblob(999999999))", "SELECT hex(zeroblob(450000000))",
      "SELECT group_concat(hex(randomblob(1000000))) FROM runs, runs, runs, runs",
      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT hex(zeroblob(10000)) FROM c",
    ] {
      let started = Date()
      // In a process of its own: SQLite's limit of memory holds for all tests of this one.
      let outcome = try bench.spawn("query", sql, "--timeout", "20")
      #expect(outcome.status == 64, "\(sql): \(outcome.diagnostics)")
      #expect(Date().timeIntervalSince(started) < 20)
    }
    #expect(bench("query", "SELECT count(*) FROM runs").status == 0)
  }

  @Test(
    "no conversion of a number with a fraction to a whole one can trap where values of a store are shown"
  )
  func conversions() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources").standardized
    let rooms = [
      "TrackerStore", "TrackerViews", "TrackerReport", "TrackerWatch", "TrackerCLI",
      "TrackerExperiments",
    ]
    let conversion =
      /\bU?Int(8|16|32|64)?\((?!clamping:|exactly:|saturating:|truncatingIfNeeded:|bitPattern:)[^\n]*(\.rounded\(|squareRoot|Double\(|log10|[sS]hare|likelihood|\.lower\b|\.upper\b|idle)/
    var found: [String] = []
    for room in rooms {
      let files = FileManager.default.enumerator(
        at: sources.appending(path: room), includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard file.pathExtension == "swift" else { continue }
        for (number, line) in try String(contentsOf: file, encoding: .utf8)
          .split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        where line.contains(conversion) && !line.contains("//") {
          found.append("\(file.lastPathComponent):\(number + 1): \(line)")
        }
      }
    }
    #expect(
      found.isEmpty, "use Int(saturating:), or Int(exactly:): \(found.joined(separator: "\n"))")
  }
}
