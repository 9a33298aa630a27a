package import TrackerJSON

/// What became of a store's schema.
package struct MigrationView: Presentable {
  private let path: String
  private let from: Int
  private let to: Int
  private let applied: [String]

  /// - Parameters:
  ///   - path: the store's file
  ///   - from: the schema version found; 0 for a new store
  ///   - to: the version it has now
  ///   - applied: the names of the migrations that were applied, in order
  package init(path: String, from: Int, to: Int, applied: [String]) {
    self.path = path
    self.from = from
    self.to = to
    self.applied = applied
  }

  package var json: JSONValue {
    .object([
      "path": .string(path), "from": .integer(from), "to": .integer(to),
      "applied": .array(applied.map(JSONValue.string)),
    ])
  }

  package var records: DataTable {
    DataTable(
      ["path", "from", "to", "applied"],
      rows: [
        [
          .text(path), .count(from), .count(to), .text(applied.joined(separator: " ")),
        ]
      ])
  }

  package var document: Document {
    guard !applied.isEmpty else {
      return Document([.paragraph("\(path) has schema version \(to): nothing to do.")])
    }
    return Document([
      .paragraph("\(path): schema version \(from) → \(to)", .good), .list(applied),
    ])
  }
}
