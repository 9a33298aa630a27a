import TestSupport
import Testing

@testable import TrackerSQLite

@Suite("The thin layer over SQLite")
struct ConnectionTests {
  let connection: Connection
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    connection = try Connection(path: folder.file("x.sqlite"), mode: .create)
    try connection.execute("CREATE TABLE t (a ANY) STRICT")
  }

  @Test("every kind of value comes back as it went")
  func values() throws {
    let values: [SQLiteValue] = [
      .null, .integer(.min), .integer(.max), .real(-0.5), .real(.infinity), .text(""),
      .text("a\u{0}b"),
      .text("😀"), .blob([]), .blob([0, 255]),
    ]
    for value in values {
      try connection.run("DELETE FROM t")
      try connection.run("INSERT INTO t VALUES (?)", [value])
      #expect(try connection.row("SELECT a FROM t") { $0.value(0) } == value)
    }
  }

  @Test("an untyped column keeps the sign of zero, and NaN becomes NULL")
  func specials() throws {
    try connection.run("INSERT INTO t VALUES (?)", [.real(-0.0)])
    let zero = try #require(try connection.row("SELECT a FROM t") { $0.real(0) })
    #expect(zero.sign == .minus)
    try connection.run("UPDATE t SET a = ?", [.real(.nan)])
    #expect(try connection.row("SELECT a FROM t") { $0.isNull(0) } == true)
  }

  @Test("a transaction that throws leaves nothing behind, and the connection usable")
  func rollback() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.run("INSERT INTO t VALUES (1)")
        throw Stop()
      }
    }
    #expect(try connection.row("SELECT count(*) FROM t") { $0.integer(0) } == 0)
    try connection.transaction { try connection.run("INSERT INTO t VALUES (1)") }
    #expect(try connection.row("SELECT count(*) FROM t") { $0.integer(0) } == 1)
  }

  @Test("a kept statement may be asked for again while it is in use")
  func reentrance() throws {
    for value in 1...3 { try connection.run("INSERT INTO t VALUES (?)", [.integer(Int64(value))]) }
    let pairs = try connection.rows("SELECT a FROM t ORDER BY a") { outer in
      let inner = try connection.rows("SELECT a FROM t ORDER BY a") { $0.integer(0) }
      return (outer.integer(0), inner)
    }
    #expect(pairs.map(\.0) == [1, 2, 3])
    #expect(pairs.allSatisfy { $0.1 == [1, 2, 3] })
  }

  @Test("an error says what SQLite said and of which statement, and no bound value")
  func errors() throws {
    let error = #expect(throws: SQLiteError.self) { try connection.run("SELECT nothing FROM t") }
    #expect(error?.message.contains("nothing") == true)
    #expect(error?.sql == "SELECT nothing FROM t")
    try connection.execute("CREATE UNIQUE INDEX u ON t (a)")
    try connection.run("INSERT INTO t VALUES (?)", [.text("secret")])
    let violated = #expect(throws: SQLiteError.self) {
      try connection.run("INSERT INTO t VALUES (?)", [.text("secret")])
    }
    #expect(violated?.code == SQLiteError.constraint)
    #expect(violated?.description.contains("secret") == false)
  }

  @Test(
    "two statements in one text, and none, are refused",
    arguments: ["SELECT 1; SELECT 2", "", " ;"])
  func statements(sql: String) {
    #expect(throws: SQLiteError.self) { try connection.run(sql) }
  }
}
