package import TrackerJSON

/// How much space was given back.
package struct GarbageView: Presentable {
  private let path: String
  private let bytesBefore: Int
  private let bytesAfter: Int
  private let droppedContents: Int

  /// - Parameters:
  ///   - path: the store's file
  ///   - bytesBefore: its size before
  ///   - bytesAfter: its size after
  ///   - droppedContents: contents that nothing referred to
  package init(path: String, bytesBefore: Int, bytesAfter: Int, droppedContents: Int) {
    self.path = path
    self.bytesBefore = bytesBefore
    self.bytesAfter = bytesAfter
    self.droppedContents = droppedContents
  }

  private var facts: [(name: String, value: Cell.Value)] {
    [
      ("bytesBefore", .bytes(bytesBefore)), ("bytesAfter", .bytes(bytesAfter)),
      ("bytesFreed", .bytes(bytesBefore - bytesAfter)),
      ("droppedContents", .integer(Int64(droppedContents))),
    ]
  }

  package var json: JSONValue {
    .object(
      [.init(key: "path", value: .string(path))]
        + facts.map { .init(key: $0.name, value: Cell($0.value).json) })
  }

  package var records: DataTable {
    DataTable(["path"] + facts.map(\.name), rows: [[.text(path)] + facts.map { Cell($0.value) }])
  }

  package var document: Document {
    Document([
      .heading(path),
      .facts([
        .init("before", Cell(.bytes(bytesBefore))), .init("after", Cell(.bytes(bytesAfter))),
        .init("given back", Cell(.bytes(bytesBefore - bytesAfter))),
      ]),
    ])
  }
}
