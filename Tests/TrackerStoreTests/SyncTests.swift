import Foundation
import TestSupport
import Testing
import TrackerSQLite

@testable import TrackerStore

/// Two stores that are merged both ways, and many that are gathered in one.
@Suite("Sync between stores")
struct SyncTests {
  let folder: TemporaryFolder
  let here: Store
  let there: Store

  init() throws {
    folder = try TemporaryFolder()
    here = try Store(path: folder.file("here.sqlite"))
    there = try Store(path: folder.file("there.sqlite"))
  }

  /// Merges both ways, as the command does.
  @discardableResult
  private func sync() throws -> (pulled: ImportReport, pushed: ImportReport) {
    let reports = try here.sync(with: there, program: "test")
    return (reports.here, reports.there)
  }

  /// All that belongs to a run but for its numbers, a line each.
  private func content(_ store: Store) throws -> [String] {
    let queries = [
      """
      SELECT uuid, experiment, name, status, note, archived, error FROM runs
      """,
      "SELECT uuid, key, kind, value FROM parameters JOIN runs ON runs.id = run_id",
      "SELECT uuid, key, value FROM tags JOIN runs ON runs.id = run_id",
      """
      SELECT uuid, key, count, first, last, min, max, last_step
      FROM metrics JOIN runs ON runs.id = run_id
      """,
      """
      SELECT uuid, key, step, value, time FROM metric_points JOIN runs ON runs.id = run_id
      """,
      "SELECT uuid, artifacts.name, kind, sha256 FROM artifacts JOIN runs ON runs.id = run_id",
      """
      SELECT uuid, field, step, value, set_at, kept_value, kept_set_at
      FROM replaced_values JOIN runs ON runs.id = run_id
      """,
      "SELECT experiment.name, key, value FROM experiment_tag JOIN experiment ON experiment.id = experiment_id",
      "SELECT uuid, run_inputs.name, digest, source, context FROM run_inputs JOIN runs ON runs.id = run_id",
      "SELECT id, experiment, name, model_type, source_run, status FROM logged_models",
      """
      SELECT logged_model.uuid, run.uuid, key, step, value
      FROM logged_model_metric JOIN logged_model ON logged_model.id = model_id JOIN run ON run.id = run_id
      """,
      """
      SELECT logged_model.uuid, run.uuid, role, step
      FROM run_model JOIN logged_model ON logged_model.id = model_id JOIN run ON run.id = run_id
      """,
      "SELECT logged_model.uuid, key, value FROM logged_model_tag JOIN logged_model ON logged_model.id = model_id",
      "SELECT name, deleted_at IS NULL FROM experiment",
      """
      SELECT experiment.name, key, removed_at
      FROM removed_experiment_tag JOIN experiment ON experiment.id = experiment_id
      """,
      """
      SELECT logged_model.uuid, key, removed_at
      FROM removed_model_tag JOIN logged_model ON logged_model.id = model_id
      """,
    ]
    return try queries.flatMap { sql in
      try store.query(sql).rows.map { row in row.map { "\($0)" }.joined(separator: "|") }.sorted()
    }
  }

  private func expectEqual() throws {
    #expect(try content(here) == content(there))
    #expect(try here.health().isHealthy && there.health().isHealthy)
    // Once more there is nothing to do.
    let (pulled, pushed) = try sync()
    for report in [pulled, pushed] {
      #expect(report.imported.isEmpty && report.additions.isEmpty && report.replacedCount == 0)
    }
  }

  @discardableResult
  private func run(_ store: Store, _ name: String, experiment: String = "e") throws -> RunWriter {
    let run = try store.startRun(
      RunStart(experiment: experiment, name: name, parameters: ["lr": 0.1], tags: ["team": "a"]))
    for step in 0..<5 { try run.log([("loss", 1 / Double(step + 1))], step: Int64(step)) }
    try run.logArtifact(name: "model", kind: "file", data: Array(name.utf8))
    return run
  }

  /// Times are milliseconds: the next is another.
  private func later() { usleep(3000) }

  @Test("both then hold all runs, and the newer value of each field with the older one in the log")
  func bothWays() throws {
    let one = try run(here, "one")
    try one.finish()
    try run(there, "two").finish()
    try sync()
    try expectEqual()
    #expect(try here.runs().count == 2)

    let id = try there.idOfRun(uuid: one.uuid)
    try here.setNote("old", run: 1)
    try here.edit(runs: [1], settingTags: ["team": "old", "gone": "1"])
    later()
    try there.setNote("new", run: id)
    try there.edit(runs: [id], settingTags: ["team": "new"])
    try there.move(runs: [id], toExperiment: "study")
    _ = try there.addParameters(["lr": 0.5, "late": 1], run: id, replacing: true)
    _ = try there.putArtifact(run: id, name: "model") {
      var rest: [UInt8] = [7]
      return { buffer in
        let count = rest.count
        buffer.copyBytes(from: rest)
        rest = []
        return count
      }
    }
    later()
    try here.rename(run: 1, to: "renamed")
    try here.archive(runs: [1])
    let (pulled, pushed) = try sync()
    #expect(pulled.replacedCount == 5 && pushed.replacedCount == 1, "\(pulled) \(pushed)")
    for store in [here, there] {
      let run = try store.run(id: store.idOfRun(uuid: one.uuid))
      #expect(run.note == "new" && run.name == "renamed" && run.experiment == "study")
      #expect(run.tags == ["team": "new", "gone": "1"] && run.archivedAt != nil)
      #expect(run.parameters == ["lr": 0.5, "late": 1])
      #expect(try store.artifact(run: run.id, name: "model") == [7])
      let log = try store.query(
        "SELECT field, value, kept_value FROM replaced_values ORDER BY field"
      ).rows
      #expect(
        log.map { if case .text(let field) = $0[0] { field } else { "" } }
          == [
            "artifacts.model", "experiment", "name", "note", "params.lr", "tags.team",
          ])
      #expect(log[3] == [.text("note"), .text("old"), .text("new")])
      #expect(log[4] == [.text("params.lr"), .real(0.1), .real(0.5)])
    }
    try expectEqual()
    // The content that gave way is there still.
    #expect(
      try here.query(
        "SELECT CAST(content AS TEXT) FROM blob JOIN replaced_value ON blob_id = blob.id"
      ).rows == [[.text("one")]])
    try here.restore(runs: [1])
    try here.edit(runs: [1], settingTags: [:], removingTags: ["gone"])
    try sync()
    let back = try there.run(id: id)
    #expect(back.archivedAt == nil && back.tags == ["team": "new"])
    try expectEqual()
  }

  @Test("of two values given in one moment both sides choose the same")
  func ties() throws {
    let one = try run(here, "one")
    try one.finish()
    try sync()
    for (store, note) in [(here, "a"), (there, "b")] {
      try store.setNote(note, run: 1)
      try Connection(path: store.path, mode: .readWrite).execute("UPDATE run SET noted_at = 1000")
    }
    try sync()
    #expect(try here.run(id: 1).note == "b")
    try expectEqual()
  }

  @Test("a run that went on in both keeps the later value of a step, and all steps")
  func points() throws {
    let one = try run(here, "one")
    try one.finish()
    try sync()
    for (store, value) in [(here, 10.0), (there, 20.0)] {
      let opened = try store.reopenRun(
        id: 1, environment: .current(program: "test", directory: folder.path))
      let writer = try store.runWriter(id: opened.id)
      try writer.log([("loss", value)], step: 5)
      later()
      if value == 10 { try writer.log([("loss", 11)], step: 6) }
      try writer.finish()
    }
    try sync()
    for store in [here, there] {
      let points = try store.points(run: 1, metric: "loss")
      #expect(points.map(\.step) == Array(0...6) && points[5].value == 20)
      #expect(try store.run(id: 1).metrics["loss"]?.max == 20)
      #expect(
        try store.query("SELECT step, value, kept_value FROM replaced_values").rows
          == [[.integer(5), .real(10), .real(20)]])
    }
    try expectEqual()
  }

  @Test("a run that was deleted on one side is not brought back there, and stays on the other")
  func deleted() throws {
    let one = try run(here, "one")
    try one.finish()
    try run(here, "two").finish()
    try sync()
    try here.delete(runs: [1])
    let (pulled, pushed) = try sync()
    #expect(pulled.removed == [1] && pulled.imported.isEmpty && pushed.imported.isEmpty)
    #expect(try here.runs().count == 1 && there.runs().count == 2)
    // An import says that it is wanted.
    #expect(try here.importRuns(from: there.path).imported.count == 1)
    try sync()
    try expectEqual()
  }

  @Test("an experiment that was renamed or deleted on one side is on the other")
  func experiments() throws {
    try run(here, "one", experiment: "mnist").finish()
    try sync()
    try run(there, "two", experiment: "mnist").finish()
    try run(there, "three", experiment: "scratch").finish()
    later()
    try here.renameExperiment(named: "mnist", to: "digits")
    try sync()
    #expect(try there.runs().map(\.experiment).sorted() == ["digits", "digits", "scratch"])
    try expectEqual()
    // The name is free for another.
    try run(there, "four", experiment: "mnist").finish()
    _ = try here.move(runs: [here.runID("three")], toExperiment: "digits")
    later()
    #expect(try here.deleteExperiment(named: "scratch", withRuns: false) == 0)
    try sync()
    for store in [here, there] {
      #expect(try store.experimentOverviews().map(\.name).sorted() == ["digits", "mnist"])
      #expect(try store.run(id: store.runID("four")).experiment == "mnist")
    }
    try expectEqual()
  }

  @Test(
    "models, data sets and experiments' tags of MLflow's clients go along; an export carries them")
  func clients() throws {
    let one = try run(here, "one", experiment: "served")
    let experiment = try #require(try here.experiment(named: "served"))
    try here.setTag(KeyedText(key: "owner", value: "ada"), ofExperiment: experiment.id)
    try here.addInputs(
      [
        ClientInput(
          name: "digits", digest: "d1", sourceType: "local", source: "file", schema: "{}",
          profile: "{}", tags: [KeyedText(key: "mlflow.data.context", value: "training")])
      ], models: [], toRun: one.uuid)
    let model = try here.createModel(
      experiment: experiment.id, name: "net", type: "torch", sourceRun: one.uuid,
      parameters: [KeyedText(key: "p", value: "1")], tags: [KeyedText(key: "t", value: "2")])
    try ClientWriter(store: here).write(
      ClientBatch(metrics: [
        ClientMetric(
          key: "acc", point: MetricPoint(step: 1, value: 0.5, time: .now()), model: model,
          datasetName: "digits", datasetDigest: "d1")
      ]), toRun: one.uuid)
    try one.finish()
    try sync()
    let record = try there.model(model)
    #expect(record.name == "net" && record.tags.map(\.value) == ["2"])
    #expect(record.metrics.map(\.point.value) == [0.5] && record.parameters.map(\.value) == ["1"])
    #expect(try there.experiment(named: "served")?.tags.map(\.value) == ["ada"])
    try expectEqual()
    // The newer description counts, and a move takes them along.
    later()
    try there.setModel(model, status: .ready)
    try there.move(runs: [1], toExperiment: "elsewhere")
    try sync()
    #expect(try here.model(model).status == .ready)
    let moved = try #require(try here.experiment(named: "elsewhere"))
    #expect(try here.model(model).experiment == moved.id)
    try expectEqual()
    for ids in [nil, [1]] as [[Int64]?] {
      let path = folder.file("export-\(ids?.count ?? 0).jsonl")
      var bytes: [UInt8] = []
      _ = try here.exportJSONLines(runs: ids) { bytes.append(contentsOf: $0) }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let copy = try Store(path: path + ".sqlite")
      #expect(try copy.importRuns(from: path).imported.count == 1)
      let all = try content(here)
      let copied = try content(copy)
      // An experiment that no run is in any more is not exported.
      #expect(copied.allSatisfy(all.contains) && copied.count >= all.count - 2)
      #expect(try copy.model(model).metrics.count == 1)
    }
  }

  @Test("a tag that was taken off an experiment or a model stays off until it is given again")
  func removedTags() throws {
    let one = try run(here, "one", experiment: "served")
    try one.finish()
    func experiment(_ store: Store) throws -> ExperimentRecord {
      try #require(try store.experiment(named: "served"))
    }
    func set(_ value: String, in store: Store) throws {
      later()
      let tag = KeyedText(key: "owner", value: value)
      try store.setTag(tag, ofExperiment: experiment(store).id)
      try store.edit(model: model, tags: [tag])
    }
    func remove(in store: Store) throws {
      later()
      try store.removeTag("owner", ofExperiment: experiment(store).id)
      try store.removeTag("owner", ofModel: model)
    }
    func expect(_ value: String?, _ comment: Comment) throws {
      for store in [here, there] {
        let kept = KeyedText(key: "kept", value: "1")
        let tags = (value.map { [kept, KeyedText(key: "owner", value: $0)] } ?? [kept])
        #expect(try experiment(store).tags == tags, comment)
        #expect(try store.model(model).tags == tags, comment)
      }
      try expectEqual()
    }
    let kept = [KeyedText(key: "kept", value: "1")]
    let model = try here.createModel(
      experiment: experiment(here).id, name: "net", type: "", sourceRun: one.uuid, parameters: [],
      tags: kept)
    try here.setTag(kept[0], ofExperiment: experiment(here).id)
    try set("ada", in: here)
    try sync()
    try expect("ada", "given on one side")
    try remove(in: there)
    try sync()
    try expect(nil, "taken off on the other")
    try set("eve", in: here)
    try sync()
    try expect("eve", "given again")
    try remove(in: here)
    try set("bob", in: there)
    try sync()
    try expect("bob", "taken off, and then given on the other side")
    try set("joe", in: here)
    try remove(in: there)
    try sync()
    try expect(nil, "given, and then taken off on the other side")

    // An export carries what was taken off.
    try set("sue", in: here)
    try sync()
    let old = folder.file("old.jsonl")
    let new = folder.file("new.jsonl")
    for (path, ids) in [(old, nil), (new, [1])] as [(String, [Int64]?)] {
      if path == new { try remove(in: here) }
      var bytes: [UInt8] = []
      _ = try here.exportJSONLines(runs: ids) { bytes.append(contentsOf: $0) }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    _ = try there.importRuns(from: new)
    try expect(nil, "taken off in an export")
    _ = try there.importRuns(from: old)
    try expect(nil, "an older export does not bring it back")
  }

  @Test("an experiment takes its tags along into the one whose name it is given")
  func tagsOfRenamedExperiments() throws {
    try run(here, "one", experiment: "mnist").finish()
    try sync()
    try run(there, "two", experiment: "digits").finish()
    let mnist = try #require(try there.experiment(named: "mnist")).id
    let digits = try #require(try there.experiment(named: "digits")).id
    try there.setTag(KeyedText(key: "owner", value: "ada"), ofExperiment: mnist)
    try there.setTag(KeyedText(key: "kind", value: "images"), ofExperiment: mnist)
    try there.setTag(KeyedText(key: "kind", value: "numbers"), ofExperiment: digits)
    later()
    try here.renameExperiment(named: "mnist", to: "digits")
    try sync()
    for store in [here, there] {
      #expect(
        try store.experiment(named: "digits")?.tags
          == [
            KeyedText(key: "kind", value: "numbers"), KeyedText(key: "owner", value: "ada"),
          ])
    }
    try expectEqual()
  }

  @Test("many stores are gathered, and one that is damaged hinders no other")
  func gather() throws {
    let tasks = folder.file("tasks")
    for index in 0..<20 {
      let path = "\(tasks)/\(index % 2 == 0 ? "even" : "odd")"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try run(Store(path: "\(path)/task-\(index).sqlite"), "task \(index)").finish()
    }
    try Data("SQLite format 3\0 and nothing else".utf8).write(
      to: URL(fileURLWithPath: "\(tasks)/broken.sqlite"))
    try Data("text".utf8).write(to: URL(fileURLWithPath: "\(tasks)/readme.txt"))
    let sources = try here.stores(in: tasks)
    #expect(sources.count == 21)
    for threads in [3, 1] {
      var imported = 0
      var known = 0
      var failed: [Int] = []
      here.pull(from: sources, program: "test", threads: threads) { index, result in
        switch result {
        case .success(let report):
          imported += report.imported.count
          known += report.known.count
          #expect(report.additions.isEmpty)
        case .failure: failed.append(index)
        }
      }
      #expect(failed == [0])
      #expect(imported == (threads == 3 ? 20 : 0) && known == (threads == 3 ? 0 : 20))
    }
    #expect(try here.runs().count == 20 && here.health().isHealthy)
    #expect(
      try Set(here.runs().compactMap(\.name)) == Set((0..<20).map { "task \($0)" }))
    let parts = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!parts.contains { $0.hasSuffix(".part") })
  }

  @Test("a store is not merged with itself")
  func same() throws {
    #expect(throws: StoreError.self) { try here.pull(from: here.path, program: "test") }
  }
}
