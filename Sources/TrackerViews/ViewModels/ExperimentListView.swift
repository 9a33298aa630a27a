package import TrackerJSON
package import TrackerStore

/// The experiments of a store.
package struct ExperimentListView: Presentable {
  private let experiments: [ExperimentOverview]

  /// The experiments in the order in which they are shown.
  package init(_ experiments: [ExperimentOverview]) { self.experiments = experiments }

  package var json: JSONValue {
    .array(
      experiments.map { experiment in
        .object([
          "name": .string(experiment.name), "runs": .integer(experiment.runCount),
          "archived": .integer(experiment.archivedCount),
          "running": .integer(experiment.runningCount),
          "lastStartedAt": .string(experiment.lastStartedAt?.iso8601),
          "createdAt": .string(experiment.createdAt?.iso8601),
          "deleted": .boolean(experiment.isDeleted),
          "tags": .object(
            experiment.tags.sorted { $0.key < $1.key }.map {
              .init(key: $0.key, value: .string($0.value))
            }),
        ])
      })
  }

  package var records: DataTable {
    DataTable(
      columns: [
        .init("name"), .init("runs"), .init("archived", rank: 2), .init("running", rank: 1),
        .init("lastStartedAt", title: "last run", rank: 3), .init("deleted"),
      ],
      rows: experiments.map { experiment in
        [
          .text(experiment.name), Cell(.integer(Int64(experiment.runCount))),
          Cell(.integer(Int64(experiment.archivedCount))),
          Cell(.integer(Int64(experiment.runningCount))),
          experiment.lastStartedAt.map { Cell(.time($0)) } ?? .missing,
          Cell(.boolean(experiment.isDeleted)),
        ]
      })
  }

  package var document: Document {
    guard !experiments.isEmpty else {
      return Document([.paragraph("There are no experiments yet. A run makes one.")])
    }
    // What is nowhere but none is not worth a column.
    var table = records
    let count = { (key: KeyPath<ExperimentOverview, Int>) in
      experiments.contains { $0[keyPath: key] > 0 }
    }
    let isShown: [String: Bool] = [
      "archived": count(\.archivedCount), "running": count(\.runningCount),
      "deleted": experiments.contains(where: \.isDeleted),
    ]
    let kept = table.columns.indices.filter { isShown[table.columns[$0].key] ?? true }
    table = DataTable(
      columns: kept.map { table.columns[$0] }, rows: table.rows.map { row in kept.map { row[$0] } })
    return Document([.table(table)])
  }
}
