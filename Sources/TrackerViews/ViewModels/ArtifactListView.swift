package import TrackerJSON
package import TrackerStore

/// A run's artifacts.
package struct ArtifactListView: Presentable {
  private let run: Int64
  private let artifacts: [ArtifactRecord]

  /// - Parameters:
  ///   - run: the run's number
  ///   - artifacts: what it keeps, by name
  package init(run: Int64, artifacts: [ArtifactRecord]) {
    self.run = run
    self.artifacts = artifacts
  }

  package var json: JSONValue {
    .array(
      artifacts.map { artifact in
        .object([
          "run": .integer(run), "name": .string(artifact.name), "kind": .string(artifact.kind),
          "byteCount": .integer(artifact.byteCount), "sha256": .string(artifact.sha256),
          "createdAt": Cell(.time(artifact.createdAt)).json,
        ])
      })
  }

  package var records: DataTable {
    DataTable(
      columns: [
        .init("name"), .init("kind"), .init("byteCount", title: "size"),
        .init("sha256", title: "SHA-256", rank: 2), .init("createdAt", title: "kept", rank: 1),
      ],
      rows: artifacts.map {
        [
          .text($0.name), .text($0.kind), Cell(.bytes($0.byteCount)), .text($0.sha256),
          Cell(.time($0.createdAt)),
        ]
      })
  }

  package var document: Document {
    artifacts.isEmpty
      ? Document([.paragraph("run \(run) has no artifacts")])
      : Document([.heading("run \(run)"), .table(records)])
  }
}
