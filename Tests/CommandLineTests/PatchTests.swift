import Foundation
import Testing
import TrackerStore

/// What is kept of code that was not committed, in real git work trees.
@Suite("Uncommitted changes")
struct PatchTests {
  private let bench: Workbench
  private let train = ["run", "--quiet", "--epochs", "1", "--check", "never"]

  init() throws {
    bench = try Workbench()
    try git("init", "-q")
    try write("lr = 1\nend\n", to: "train.py")
    try git("add", ".")
    try git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one")
  }

  @discardableResult
  private func git(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = bench.folder
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "git \(arguments)")
    return text
  }

  private func write(_ text: String, to file: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: bench.path(file)))
  }

  private func patch(of run: Int64, in file: String = "tracker.sqlite") throws -> String? {
    let store = try Store(path: bench.path(file), access: .existing)
    guard try store.artifacts(run: run).contains(where: { $0.name == CodePatch.artifactName })
    else { return nil }
    return String(
      decoding: try store.artifact(run: run, name: CodePatch.artifactName), as: UTF8.self)
  }

  @Test("a clean tree has none, a changed one what git diff says, and --no-patch keeps none")
  func kept() throws {
    #expect(bench.run(train).status == 0)
    try write("lr = 2\nend\n", to: "train.py")
    #expect(bench.run(train).status == 0)
    #expect(bench.run(train + ["--no-patch"]).status == 0)
    #expect(try patch(of: 1) == nil && patch(of: 3) == nil)
    #expect(try patch(of: 2) == git("diff", "HEAD"))
    // The record still says that there were changes.
    #expect(try Store(path: bench.store).run(id: 3).environment.gitDirty == true)
  }

  @Test("git's index stays as it is, and how the user likes diffs does not matter")
  func untouched() throws {
    try write("lr = 2\nend\n", to: "train.py")
    let expected = try git("diff", "HEAD")
    try git("config", "diff.noprefix", "true")
    try git("config", "color.ui", "always")
    try git("config", "diff.external", "false")
    // What is staged counts, and a new time of a file is not written down.
    try git("add", "train.py")
    let index = bench.path(".git/index")
    let before = try Data(contentsOf: URL(fileURLWithPath: index))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_600_000_000)],
      ofItemAtPath: bench.path("train.py"))
    #expect(bench.run(train).status == 0)
    #expect(try patch(of: 1) == expected)
    #expect(try Data(contentsOf: URL(fileURLWithPath: index)) == before)
  }

  @Test("changes of more than 1 MB are not kept, which is said")
  func large() throws {
    try write(String(repeating: "0123456789\n", count: 200_000), to: "train.py")
    let outcome = bench.run(train)
    #expect(outcome.status == 0)
    #expect(
      outcome.diagnostics.contains("not kept with the run: they are more than 1 MB"),
      "\(outcome.diagnostics)")
    #expect(try patch(of: 1) == nil)
  }

  @Test("the trials of a sweep share one, and so do the runs of other programs")
  func shared() throws {
    try write("lr = 2\nend\n", to: "train.py")
    let sweep = bench(
      "sweep", "--seed", "1...3", "--epochs", "1", "--check", "never", "--quiet")
    #expect(sweep.status == 0, "\(sweep.diagnostics)")
    #expect(bench("start").status == 0)
    #expect(bench("start", "--no-patch").status == 0)
    let rows = bench(
      "query", "SELECT count(*), count(DISTINCT sha256) FROM artifacts WHERE kind = 'patch'",
      "--format", "csv")
    #expect(rows.output.hasSuffix("4,1\n"), "\(rows.output)")
  }

  @Test("an export takes it along")
  func exported() throws {
    try write("lr = 2\nend\n", to: "train.py")
    #expect(bench.run(train).status == 0)
    #expect(bench("export", "-o", "all.jsonl").status == 0)
    #expect(bench("import", "all.jsonl", "--db", bench.path("other.sqlite")).status == 0)
    let original = try #require(try patch(of: 1))
    #expect(try patch(of: 1, in: "other.sqlite") == original)
  }

  @Test("compare shows the lines that differ, counts many, and says what it cannot know")
  func compared() throws {
    try write("lr = 2\nend\n", to: "train.py")
    #expect(bench.run(train).status == 0)
    try write("lr = 3\nend\n", to: "train.py")
    #expect(bench.run(train).status == 0)
    let few = bench("compare", "1", "2").output
    #expect(few.contains("train.py\n  run 1  +lr = 2\n  run 2  +lr = 3\n"), "\(few)")
    try write((1...30).map { "line \($0)\n" }.joined(), to: "train.py")
    #expect(bench.run(train).status == 0)
    let many = bench("compare", "1", "3").output
    #expect(many.contains("--all shows the lines") && !many.contains("line 17"))
    #expect(bench("compare", "1", "3", "--all").output.contains("run 3  +line 17"))
    #expect(bench.run(train + ["--no-patch"]).status == 0)
    #expect(bench("compare", "3", "4").output.contains("was not kept with run 4"))
    try git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "two")
    #expect(bench.run(train).status == 0)
    let commits = bench("compare", "1", "5").output
    #expect(commits.contains("from different commits") && commits.contains("  git diff "))
  }

  @Test("equal runs of equal code do not differ, whatever time they took")
  func equal() throws {
    for _ in 1...2 { #expect(bench.run(train).status == 0) }
    #expect(bench("compare", "1", "2", "--exit-code").status == 0)
    try write("lr = 2\nend\n", to: "train.py")
    #expect(bench.run(train).status == 0)
    #expect(bench("compare", "1", "3", "--exit-code").status == 1)
  }
}
