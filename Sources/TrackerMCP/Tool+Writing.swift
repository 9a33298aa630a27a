import TrackerJSON
import TrackerStore

extension Tool {
  private static let runs = Argument(
    name: "runs", kind: .texts, description: "Runs: ids, latest, or unique names",
    isRequired: true)

  /// The tools that keep house; none deletes anything.
  static var writing: [Tool] {
    [
      Tool(
        name: "note_runs", description: "Write a remark on runs in the place of the one they have.",
        arguments: [
          runs,
          Argument(
            name: "text", kind: .text, description: "The remark; empty takes it away",
            isRequired: true),
        ], writes: true
      ) { call in
        guard let text = try call.text("text") else { throw ToolError("text is missing") }
        return try call.changing { try call.store.setNote(text.isEmpty ? nil : text, run: $0) }
      },
      Tool(
        name: "tag_runs", description: "Set or remove tags of runs.",
        arguments: [
          runs, Argument(name: "tags", kind: .tags, description: "Tags to set, by key"),
          Argument(name: "remove", kind: .texts, description: "Keys of tags to take away"),
        ], writes: true
      ) { call in
        let (tags, removed) = (try call.tags("tags"), try call.texts("remove"))
        guard !tags.isEmpty || !removed.isEmpty else {
          throw ToolError("there are neither tags nor remove")
        }
        return try call.changing {
          try call.store.edit(runs: [$0], settingTags: tags, removingTags: removed)
        }
      },
      Tool(
        name: "rename_run", description: "Give a run a name.",
        arguments: [
          runs, Argument(name: "name", kind: .text, description: "The name", isRequired: true),
        ], writes: true
      ) { call in
        let name = try call.required("name")
        return try call.changing { try call.store.rename(run: $0, to: name) }
      },
      Tool(
        name: "archive_runs", description: "Put runs aside; nothing is lost.", arguments: [runs],
        writes: true
      ) { call in try call.changing { try call.store.archive(runs: [$0]) } },
      Tool(
        name: "restore_runs", description: "Bring back archived runs.", arguments: [runs],
        writes: true
      ) { call in try call.changing { try call.store.restore(runs: [$0]) } },
      Tool(
        name: "move_runs", description: "Move runs to an experiment, which is made if need be.",
        arguments: [
          runs,
          Argument(
            name: "experiment", kind: .text, description: "Its name", isRequired: true),
        ], writes: true
      ) { call in
        let experiment = try call.required("experiment")
        return try call.changing { try call.store.move(runs: [$0], toExperiment: experiment) }
      },
    ]
  }
}

extension ToolCall {
  /// Changes the runs that are named, and says which they are.
  fileprivate func changing(_ body: (Int64) throws -> Void) throws -> JSONValue {
    let ids = try ids()
    for id in ids { try body(id) }
    return .object(["changed": .array(ids.map { .integer($0) })])
  }
}
