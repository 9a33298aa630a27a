import Foundation
import Testing
import TrackerStore

/// Moving runs, experiments, parameters that come late, and runs that go on after their end.
@Suite("Experiments from the command line")
struct ExperimentCommandTests {
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    for (name, experiment) in [("a", "mnist"), ("b", "mnist"), ("c", "cifar")] {
      #expect(bench("start", "--name", name, "--experiment", experiment).status == 0)
      #expect(bench("log", name, "loss=1").status == 0)
      #expect(bench("finish", name).status == 0)
    }
    return bench
  }

  private func experiments(_ bench: Workbench) throws -> [String: Int] {
    let rows = try #require(
      try bench("experiments", "--format", "json").json as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: rows.map { ($0["name"] as? String ?? "", $0["runs"] as? Int ?? -1) })
  }

  @Test("runs are moved to an experiment, which is made if there is none")
  func move() throws {
    let bench = try bench()
    #expect(bench("move", "a", "c", "--experiment", "study").status == 0)
    #expect(try experiments(bench) == ["mnist": 1, "cifar": 0, "study": 2])
    #expect(bench("move", "--where", "experiment = mnist", "--experiment", "cifar").status == 0)
    #expect(try experiments(bench) == ["mnist": 0, "cifar": 1, "study": 2])
    let missing = bench("move", "9", "--experiment", "new")
    #expect(missing.status == 66)
    #expect(bench("move", "1", "--experiment", " ").status == 64)
    #expect(bench("move", "--experiment", "study").status == 64)
    #expect(try experiments(bench)["new"] == nil)
    #expect(bench("experiments").output.contains("study"))
  }

  @Test("an experiment is renamed with its runs, and never into another")
  func rename() throws {
    let bench = try bench()
    #expect(bench("experiments", "rename", "mnist", "digits").status == 0)
    #expect(try experiments(bench) == ["digits": 2, "cifar": 1])
    let taken = bench("experiments", "rename", "digits", "cifar")
    #expect(taken.status == 64 && taken.diagnostics.contains("tracker move RUN --experiment cifar"))
    let missing = bench("experiments", "rename", "digts", "x")
    #expect(missing.status == 66 && missing.diagnostics.contains("Did you mean digits?"))
    #expect(bench("experiments", "rename", "digits", "").status == 64)
    #expect(bench("experiments", "rename", "digits", "digits").status == 0)
    #expect(try experiments(bench) == ["digits": 2, "cifar": 1])
  }

  @Test("an experiment that holds runs is deleted with them, or not at all")
  func delete() throws {
    let bench = try bench()
    let held = bench("experiments", "delete", "mnist")
    #expect(held.status == 64 && held.diagnostics.contains("still holds 2 runs"))
    #expect(bench("experiments", "delete", "mnist", "--runs").status == 64)
    bench.answer = "no"
    #expect(bench("experiments", "delete", "mnist", "--runs").status == 1)
    #expect(try experiments(bench)["mnist"] == 2)
    bench.answer = "y"
    let done = bench("experiments", "delete", "mnist", "--runs")
    #expect(done.status == 0 && done.diagnostics.contains("deleted mnist and 2 runs"))
    bench.answer = nil
    #expect(try experiments(bench) == ["cifar": 1])
    #expect(bench("move", "c", "--experiment", "x").status == 0)
    #expect(bench("experiments", "delete", "cifar").status == 0)
    #expect(bench("start", "--experiment", "x").status == 0)
    let running = bench("experiments", "delete", "x", "--runs", "--yes")
    #expect(running.status == 64 && running.diagnostics.contains("is going on"))
    #expect(try experiments(bench) == ["x": 2])
    #expect(bench("doctor").status == 0)
  }

  @Test("what a client of serve deleted can be brought back")
  func restore() throws {
    let bench = try bench()
    let store = try Store(path: bench.store, access: .existing)
    let id = try #require(try store.experiment(named: "mnist")?.id)
    try store.setExperiment(id, deleted: true)
    #expect(try experiments(bench) == ["cifar": 1])
    #expect(bench("move", "c", "--experiment", "mnist").diagnostics.contains("restore mnist"))
    #expect(bench("experiments", "list", "--all").output.contains("mnist"))
    #expect(bench("experiments", "restore", "mnist").status == 0)
    #expect(bench("experiments", "restore", "mnist").status == 64)
    #expect(try experiments(bench) == ["mnist": 2, "cifar": 1])
    #expect(try store.run(id: 1).archivedAt == nil)
  }

  @Test("parameters are added after the start, and replaced only where one says so")
  func parameters() throws {
    let bench = try bench()
    #expect(bench("param", "a", "lr=0.1", "opt=adam", "--text", "version=1.10").status == 0)
    let refused = bench("param", "a", "lr=0.2", "new=1")
    #expect(refused.status == 64 && refused.diagnostics.contains("has lr = 0.1 already"))
    let store = try Store(path: bench.store, access: .existing)
    #expect(
      try store.run(id: 1).parameters == [
        "lr": .real(0.1), "opt": .text("adam"), "version": .text("1.10"),
      ])
    #expect(bench("param", "a", "lr=0.1").status == 0)
    #expect(bench("param", "a", "lr=0.2", "--replace").status == 0)
    #expect(try store.run(id: 1).parameters["lr"] == .real(0.2))
    #expect(bench("param", "a").status == 64)
    // What our own engine trained with stays.
    bench.run(["run", "--epochs", "1", "--check", "never", "--quiet", "--name", "own"])
    #expect(bench("param", "own", "lambda=3", "--replace").status == 64)
    #expect(bench("param", "own", "lambda=0.5", "reviewed=true").status == 0)
    let recorded = bench("record", "--resume", "own", "--", "true")
    #expect(recorded.status == 64 && recorded.diagnostics.contains("tracker resume"))
    #expect(bench("param", "nobody", "x=1").status == 66)
  }

  @Test("a run that has ended goes on after its last step")
  func resume() throws {
    let bench = try bench()
    #expect(bench("log", "a", "loss=0.5").status == 64)
    let resumed = bench("resume", "a")
    #expect(resumed.status == 0 && resumed.output == "1\n")
    #expect(resumed.diagnostics.contains("its next step is 1"))
    #expect(bench("log", "a", "loss=0.5").status == 0)
    #expect(bench("finish", "a").status == 0)
    let recorded = bench(
      "record", "--resume", "a", "--param", "more=1", "--", "sh", "-c",
      "echo '{\"loss\": 0.25}'")
    #expect(recorded.status == 0, "\(recorded.diagnostics)")
    let store = try Store(path: bench.store, access: .existing)
    #expect(try store.points(run: 1, metric: "loss").map(\.step) == [0, 1, 2])
    let run = try store.run(id: 1)
    #expect(run.status == .finished && run.parameters["more"] == .integer(1))
    #expect(try store.runs().count == 3)
    #expect(bench("record", "--resume", "a", "--name", "x", "--", "true").status == 64)
    #expect(bench("record", "--resume", "nobody", "--", "true").status == 66)
    #expect(bench("resume", "a", "--pid", "999999999").status == 64)
  }
}
