import Foundation
import TestSupport
import Testing
import TrackerStore

@testable import TrackerExchange

/// Runs that MLflow's clients nested in others: a tag names the run above, whose number differs from store to store.
@Suite("Nested runs of MLflow")
struct NestedRunsTests {
  let folder: TemporaryFolder
  let store: Store
  /// Ids of MLflow's servers, and of others that keep its interface.
  private static let (parent, child, other) = (
    "0123456789abcdef0123456789abcdef", "fedcba98765432100123456789abcdef", "amber_fox_1"
  )

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("t.sqlite"))
    try run(Self.child, "child", of: Self.parent, in: "1")
    try run("green_owl_2", "second child", of: Self.other, in: "1")
    try run(Self.parent, "parent", of: nil, in: "2")
    try run(Self.other, "second parent", of: nil, in: "2")
  }

  /// Writes a run of `mlruns/EXPERIMENT` as MLflow 2 does.
  private func run(_ id: String, _ name: String, of parent: String?, in experiment: String) throws {
    let above = folder.file("mlruns/\(experiment)")
    let path = "\(above)/\(id)"
    try FileManager.default.createDirectory(
      atPath: "\(path)/tags", withIntermediateDirectories: true)
    func write(_ text: String, _ path: String) throws {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    try write("experiment_id: '\(experiment)'\nname: exp \(experiment)\n", "\(above)/meta.yaml")
    try write(
      "run_id: \(id)\nrun_name: \(name)\nstatus: 3\nstart_time: 1700000000000\nend_time: 1700000001000\n",
      "\(path)/meta.yaml")
    if let parent { try write(parent, "\(path)/tags/mlflow.parentRunId") }
  }

  private func importing(_ name: String, into store: Store) throws {
    _ = try ForeignImport(
      path: folder.file(name), format: .mlflow, options: ForeignOptions(), keepsArtifacts: true,
      program: "test"
    ).run(into: store) { _ in }
  }

  private func named(_ name: String, in store: Store) throws -> Run {
    try #require(try store.runs().first { $0.name == name })
  }

  @Test("a child knows the run above it by our number, also where that comes in a later import")
  func numbers() throws {
    try importing("mlruns/1", into: store)
    #expect(try named("child", in: store).parent == nil)
    #expect(try store.runs(RunQuery(condition: "parent is null")).count == 2)
    try importing("mlruns/2", into: store)
    for (child, parent) in [("child", "parent"), ("second child", "second parent")] {
      let (below, above) = (try named(child, in: store), try named(parent, in: store))
      #expect(below.parent == above.id && above.parent == nil)
      #expect(try store.children(of: above) == [below.id])
      #expect(try store.children(of: below).isEmpty)
      #expect(
        try store.runs(RunQuery(condition: "parent = \(above.id)")).map(\.id) == [below.id])
    }
    // MLflow's own id is our UUID: clients of MLflow find the run above.
    #expect(try named("child", in: store).tags["mlflow.parentRunId"] == Self.parent)
    #expect(
      try store.runs(RunQuery(sort: "parent,-id")).map(\.name)
        == ["child", "second child", "second parent", "parent"])
  }

  @Test("sync carries it to a store where the runs have other numbers")
  func sync() throws {
    try importing("mlruns", into: store)
    let other = try Store(path: folder.file("other.sqlite"))
    for _ in 0..<3 { try other.startRun(RunStart()).finish() }
    _ = try store.sync(with: other, program: "test")
    let above = try named("parent", in: other)
    #expect(try named("child", in: other).parent == above.id)
    #expect(above.id != (try named("parent", in: store).id))
  }

  @Test("a run is not above itself, and a tag that names nothing is none")
  func strange() throws {
    let run = try store.startRun(RunStart())
    try run.finish()
    let uuid = try store.run(id: run.id).uuid
    for value in [
      uuid, uuid.filter { $0 != "-" }, "", "-", "0", String(repeating: "é", count: 300),
    ] {
      try store.edit(runs: [run.id], settingTags: [Nesting.tag: value])
      let found = try store.run(id: run.id)
      #expect(try found.parent == nil && store.children(of: found).isEmpty)
    }
    let child = try store.startRun(RunStart(tags: [Nesting.tag: uuid]))
    try child.finish()
    #expect(try store.run(id: child.id).parent == run.id)
    #expect(try store.children(of: store.run(id: run.id)) == [child.id])
  }
}
