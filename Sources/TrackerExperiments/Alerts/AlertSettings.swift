import TrackerJSON
package import TrackerStore

extension Alerting.Settings {
  /// The name of the artifact that keeps them with their run, for those who go on with it: `log` and `resume`.
  private static let artifact = "alerts"

  /// What a run was started with; `nil` where nothing was asked for.
  package init?(of run: Int64, in store: Store) throws {
    guard try store.artifacts(run: run).contains(where: { $0.name == Self.artifact }) else {
      return nil
    }
    let object = try? JSONValue(parsing: store.artifact(run: run, name: Self.artifact))
    guard let object, case .array(let texts)? = object["conditions"] else { return nil }
    for case .string(let text) in texts {
      // One that another version wrote, and that this one cannot read, is left out.
      if let condition = try? AlertCondition(text) { conditions.append(condition) }
    }
    if case .string(let program)? = object["program"] { self.program = program }
    if case .boolean(let stops)? = object["stops"] { self.stops = stops }
    if case .boolean(let watches)? = object["watchesFaults"] { watchesFaults = watches }
  }

  /// Keeps them with the run.
  package func save(with run: RunWriter) throws {
    let object = JSONValue.object([
      "conditions": .array(conditions.map { .string($0.text) }),
      "program": program.map { .string($0) } ?? .null, "stops": .boolean(stops),
      "watchesFaults": .boolean(watchesFaults),
    ])
    try run.logArtifact(name: Self.artifact, kind: "alerts", data: Array(object.compact.utf8))
  }
}
