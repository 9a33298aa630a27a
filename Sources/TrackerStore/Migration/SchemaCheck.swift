import TrackerSQLite

/// Compares the schema of a store with the one that its version has.
///
/// The schema of a file that somebody else made is a program of theirs: a view in the place of a table may have no end, a
/// trigger may write, a generated column may take gigabytes. What is not as this program would have made it is not read.
struct SchemaCheck {
  /// SHA-256 of the schema of each version, from 1: that of a sound store is seen at once. Where it is another, or one is
  /// missing here, the objects are compared one by one.
  static let digests: [String] = [
    "dc0c01dfc408577419953e6293ef0af3afea74eef43a2a0f86140b1e8a43869a",
    "0f976666dfb999c9ef327bde8de531daf6ca7f5b614d171ba2a3ff8c8daa07fa",
    "fc7a890f11014edd248f360be8287c38901169601f4305c0d9327662b8cae55b",
    "dd8000ce1ae90b5cd60c4777c219f238b4fea89cfa9cb19c2a6094a838d54f62",
    "a9ba2c452b8e2133c98d8fd30dc0f7fe92effc0ad8c8f304b4d71265fea836fe",
    "64d3b4d389fca5b9f42a3971cb88eeab2c777799e890d208997499c7ed27ac5a",
    "e45549cec18cb8afcaf7731c638ffd6742de3ad8a33d59679d7d47f5e422c361",
    "0de9e799bc2e7c14610ed381f17616aedadd37633282d7b1aacd6d413c1bf08a",
  ]

  /// A table, index, view or trigger.
  private struct Object: Hashable {
    var type: String
    var name: String
    var table: String
    var sql: String
  }

  let connection: Connection
  let path: String

  /// - Throws: ``StoreError`` with ``StoreError/Reason/corrupt`` when something of the version is missing, different, or
  ///   has been added to
  func require(version: Int) throws {
    guard version > 0 else { return }
    let found = try Self.objects(connection)
    if Self.digests.count >= version, Self.digest(found) == Self.digests[version - 1] { return }
    let expected = try Self.expected(version)
    let names = Dictionary(found.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    guard names.count == found.count else { throw wrong("it has two objects of one name") }
    for object in expected {
      guard let other = names[object.name] else {
        throw wrong("the \(object.type) \(object.name) is missing")
      }
      guard other == object else { throw wrong("the \(object.type) \(object.name) is another") }
    }
    let ours = Set(expected.map { $0.name.lowercased() })
    for object in found where !expected.contains(object) {
      // A table or a view more is in nobody's way, and an index of columns neither.
      let isHarmless =
        switch object.type {
        case "table", "view": !ours.contains(object.name.lowercased())
        case "index": try object.sql.isEmpty || isPlain(index: object.name)
        default: !ours.contains(object.table.lowercased())
        }
      guard isHarmless else {
        throw wrong("the \(object.type) \(object.name) does not belong to it")
      }
    }
  }

  /// Whether an index computes nothing and leaves no row out.
  private func isPlain(index: String) throws -> Bool {
    let columns = try connection.rows("SELECT cid FROM pragma_index_xinfo(?)", [.text(index)]) {
      $0.integer(0)
    }
    let isPartial =
      try connection.row(
        """
        SELECT list.partial FROM sqlite_schema AS object, pragma_index_list(object.tbl_name) AS list
        WHERE object.type = 'index' AND object.name = ?1 AND list.name = ?1
        """, [.text(index)]
      ) { $0.integer(0) } ?? 1
    return isPartial == 0 && !columns.contains(-2)
  }

  private func wrong(_ what: String) -> StoreError {
    StoreError(
      .corrupt, "opening \(path): its schema is not that of its version: \(what)",
      advice: "Go back to a backup; what is readable can be saved with: sqlite3 FILE .recover")
  }

  /// The objects that a program's own tables bring along are left out: SQLite makes them by itself.
  private static func objects(_ connection: Connection) throws -> [Object] {
    try connection.rows(
      """
      SELECT type, name, tbl_name, sql FROM sqlite_schema
      WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name
      """
    ) { Object(type: $0.text(0), name: $0.text(1), table: $0.text(2), sql: $0.text(3)) }
  }

  private static func digest(_ objects: [Object]) -> String {
    let text = objects.map { "\($0.type)\n\($0.name)\n\($0.table)\n\($0.sql)\n" }.joined()
    return Digest.hexadecimal(Array(text.utf8).withUnsafeBytes { Digest.sha256($0) })
  }

  /// The schema that a store of this version has when it is new.
  private static func expected(_ version: Int) throws -> [Object] {
    let connection = try Connection(path: ":memory:", mode: .memory)
    for migration in Migration.all.prefix(version) { try connection.execute(migration.sql) }
    return try objects(connection)
  }

  /// What ``digests`` is to hold for this version.
  static func digest(ofVersion version: Int) throws -> String { digest(try expected(version)) }
}
