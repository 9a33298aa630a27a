import TestSupport
import Testing

@testable import TrackerSQLite

@Suite("The thin layer over SQLite")
struct ConnectionTests {
  let folder: TemporaryFolder
  let connection: Connection

  init() throws {
    folder = try TemporaryFolder()
    connection = try Connection(path: folder.file("a.sqlite"), mode: .create)
  }

  private func code(_ body: () throws -> Void) -> Int32? {
    do { try body() } catch let error as SQLiteError { return error.code } catch {
      Issue.record("\(error)")
    }
    return nil
  }

  static let values: [SQLiteValue] = [
    .null, .integer(.min), .integer(.max), .integer(0), .real(-0.0), .real(.leastNonzeroMagnitude),
    .real(.infinity), .real(-.infinity), .real(0.1), .real(3), .text(""), .text("nul\u{0}inside"),
    .text("😀"), .blob([]), .blob([0, 255, 0]),
  ]

  @Test("a STRICT column of ANY keeps every value with its type and its bits")
  func anyColumn() throws {
    try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v ANY) STRICT")
    for value in Self.values { try connection.run("INSERT INTO t (v) VALUES (?)", [value]) }
    let read = try connection.rows("SELECT v FROM t ORDER BY id") { $0.value(0) }
    #expect(read == Self.values)
    // −0 and 0 are equal: the sign is looked at by itself.
    #expect(try connection.row("SELECT v FROM t WHERE id = 5") { $0.real(0).sign } == .minus)
  }

  @Test(
    "a REAL column loses the sign of −0 and SQLite makes NULL of NaN: why values are ANY, NULL NaN")
  func realColumn() throws {
    try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v REAL) STRICT")
    for value in [-0.0, .nan] { try connection.run("INSERT INTO t (v) VALUES (?)", [.real(value)]) }
    #expect(try connection.row("SELECT v FROM t WHERE id = 1") { $0.real(0).sign } == .plus)
    #expect(try connection.row("SELECT v FROM t WHERE id = 2") { $0.isNull(0) } == true)
  }

  @Test(
    "one statement may be followed by blanks and comments",
    arguments: [
      "SELECT 1", "SELECT 1;", "SELECT 1 ; ;\n", "SELECT 1; -- one",
      "SELECT 1; /* one */ ; -- two\n",
      "-- before\nSELECT 1",
    ])
  func alone(sql: String) throws {
    let statement = try connection.prepare(sql)
    #expect(try statement.step() && statement.integer(0) == 1)
  }

  @Test(
    "no statement, or more than one, is refused",
    arguments: [
      "", " ; ", "-- nothing", "SELECT 1; SELECT 2", "SELECT 1; /* x */ DROP TABLE t",
      "SELECT 1; nonsense",
    ])
  func notOne(sql: String) {
    #expect(code { _ = try connection.prepare(sql) } == SQLiteError.misuse)
  }

  @Test("an error says what SQLite said of which statement, and no bound value")
  func errors() throws {
    try connection.execute("CREATE TABLE t (v TEXT UNIQUE) STRICT")
    let insert = "INSERT INTO t (v) VALUES (?)"
    try connection.run(insert, [.text("secret")])
    let error = #expect(throws: SQLiteError.self) { try connection.run(insert, [.text("secret")]) }
    #expect(error?.code == SQLiteError.constraint && error?.extendedCode == 2067)
    #expect(error?.sql == insert)
    #expect(error?.description.contains("secret") == false)
  }

  @Test("a transaction is done as a whole or not at all")
  func transactions() throws {
    struct Enough: Error {}
    try connection.execute("CREATE TABLE t (v INTEGER) STRICT")
    #expect(throws: Enough.self) {
      try connection.transaction {
        try connection.run("INSERT INTO t VALUES (1)")
        throw Enough()
      }
    }
    try connection.transaction { try connection.run("INSERT INTO t VALUES (2)") }
    #expect(try connection.rows("SELECT v FROM t") { $0.integer(0) } == [2])
  }

  @Test("a kept statement may be used again within itself")
  func nested() throws {
    try connection.execute("CREATE TABLE t (v INTEGER) STRICT; INSERT INTO t VALUES (1), (2)")
    let pairs = try connection.rows("SELECT v FROM t ORDER BY v") { row in
      let outer = row.integer(0)
      return try connection.rows("SELECT v FROM t ORDER BY v") { [outer, $0.integer(0)] }
    }
    #expect(pairs == [[[1, 1], [1, 2]], [[2, 1], [2, 2]]])
  }

  @Test("no statement stays busy after an error in its middle")
  func notBusy() throws {
    struct Enough: Error {}
    try connection.execute("CREATE TABLE t (v INTEGER) STRICT; INSERT INTO t VALUES (1), (2)")
    #expect(throws: Enough.self) {
      _ = try connection.rows("SELECT v FROM t") { _ in throw Enough() }
    }
    // A statement in its middle would keep the table locked.
    try connection.execute("DROP TABLE t")
  }

  @Test("what is refused by the authorizer is not compiled, and nothing is refused without one")
  func authorizer() throws {
    try connection.execute("CREATE TABLE t (v INTEGER) STRICT")
    connection.authorize { $0 == .read }
    #expect(code { _ = try connection.prepare("DELETE FROM t") } == SQLiteError.authorization)
    connection.authorize(nil)
    try connection.execute("DELETE FROM t")
  }

  @Test("a statement ends when it is told to, and the connection goes on")
  func progress() throws {
    var asked = 0
    connection.whileRunning {
      asked += 1
      return asked < 10
    }
    let endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    #expect(code { _ = try connection.row(endless) { $0.integer(0) } } == SQLiteError.interrupted)
    connection.whileRunning(nil)
    #expect(asked == 10)
    #expect(try connection.row("SELECT 7") { $0.integer(0) } == 7)
  }

  @Test("a backup holds what was committed, and is made while others write")
  func backup() throws {
    try connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (v BLOB) STRICT")
    for _ in 0..<100 { try connection.run("INSERT INTO t VALUES (randomblob(50000))") }
    let source = try Connection(path: folder.file("a.sqlite"), mode: .readOnly)
    let copy = try Connection(path: folder.file("copy.sqlite"), mode: .create)
    var steps = 0
    try source.backUp(to: copy) { _, _ in
      steps += 1
      try? connection.run("INSERT INTO t VALUES (x'00')")
    }
    #expect(steps > 1)
    #expect(try connection.row("SELECT count(*) FROM t") { $0.integer(0) } == Int64(100 + steps))
    #expect(try copy.row("PRAGMA integrity_check") { $0.text(0) } == "ok")
    #expect(try copy.row("SELECT count(*) FROM t") { $0.integer(0) } == 100)
  }

  @Test(
    "a file name is taken as it is, in every mode",
    arguments: [
      "plain.sqlite", "with space.sqlite", "a?b#c%41.sqlite", "file:x.sqlite", "émoji😀.sqlite",
      ":memory:x",
    ])
  func names(name: String) throws {
    let path = folder.file(name)
    try Connection(path: path, mode: .create).execute("CREATE TABLE here (v)")
    for mode in [Connection.Mode.readOnly, .immutable, .readWrite] {
      let found = try Connection(path: path, mode: mode)
        .row("SELECT name FROM sqlite_schema") { $0.text(0) }
      #expect(found == "here")
    }
  }

  @Test("only the mode that makes a file makes one")
  func modes() throws {
    for mode in [Connection.Mode.readOnly, .immutable, .readWrite] {
      #expect(
        code { _ = try Connection(path: folder.file("none"), mode: mode) } == SQLiteError.cannotOpen
      )
    }
    let reader = try Connection(path: folder.file("a.sqlite"), mode: .readOnly)
    #expect(reader.isReadOnly && !connection.isReadOnly)
    #expect(code { try reader.execute("CREATE TABLE t (v)") } == SQLiteError.readOnly)
  }
}
