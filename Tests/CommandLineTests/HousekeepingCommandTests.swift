import Foundation
import Testing
import TrackerStore
import TrackerSystem

/// The commands that keep house, and those by which scripts record.
@Suite("Housekeeping from the command line")
struct HousekeepingCommandTests {
  private func bench(runs: Int) throws -> Workbench {
    let bench = try Workbench()
    let store = try Store(path: bench.store)
    for index in 0..<runs {
      let run = try store.startRun(RunStart(name: "run-\(index)"))
      try run.log([("cost", Double(index))], step: 0)
      try run.finish()
    }
    return bench
  }

  @Test("a script starts, logs and finishes a run")
  func script() throws {
    let bench = try Workbench()
    let started = bench("start", "--param", "lr=0.1", "--name", "by hand", "--tag", "a=b")
    #expect(started.status == 0 && started.output == "1\n")
    #expect(bench("log", "1", "cost=0.5", "accuracy=nan").status == 0)
    #expect(bench("log", "by hand", "cost=-inf").status == 0)
    #expect(bench("log", "1", "--step", "100", "cost=0.25").status == 0)
    #expect(bench("log", "1", "cost=1").status == 0)
    let wrong = bench("log", "1", "cost=cheap")
    #expect(wrong.status == 64 && wrong.diagnostics.contains("\"cheap\" is not a number"))
    #expect(bench("list").output.contains("running"))
    #expect(bench("finish", "1", "--error", "out of memory").status == 0)
    let late = bench("log", "1", "cost=1")
    #expect(late.status == 64 && late.diagnostics.contains("has ended"))
    let store = try Store(path: bench.store, access: .existing)
    let run = try store.run(id: 1)
    #expect(
      run.status == .failed && run.error == "out of memory" && run.parameters["lr"] == .real(0.1))
    let points = try store.points(run: 1, metric: "cost")
    #expect(points.map(\.step) == [0, 1, 100, 101])
    #expect(points.map(\.value) == [0.5, -.infinity, 0.25, 1])
    let shown = try #require(try bench("show", "1", "--format", "json").json as? [String: Any])
    #expect((shown["environment"] as? [String: Any])?["processId"] is NSNull)
  }

  @Test("steps may be below zero, and parameters are the texts that they look like")
  func typed() throws {
    let bench = try Workbench()
    #expect(
      bench(
        "start", "--param", "commit=12e4567", "--param", "zip=02134", "--param", "fast=True",
        "--param", "rate=1e-3", "--param-text", "version=3"
      ).status == 0)
    #expect(bench("log", "1", "--step", "-3", "cost=1").status == 0)
    let store = try Store(path: bench.store, access: .existing)
    #expect(
      try store.run(id: 1).parameters == [
        "commit": .text("12e4567"), "zip": .text("02134"), "fast": .boolean(true),
        "rate": .real(0.001), "version": .text("3"),
      ])
    #expect(try store.points(run: 1, metric: "cost").map(\.step) == [-3])
    #expect(bench("start", "--param", "commit=34e5678", "--param", "zip=2134").status == 0)
    let differences = bench("compare", "1", "2").output
    #expect(differences.contains("12e4567") && differences.contains("02134"), "\(differences)")
  }

  @Test(
    "a store has the name that is given, whatever SQLite makes of such names elsewhere",
    arguments: [
      "file:y.sqlite", "file:y.sqlite?mode=ro", ":memory:", "-x.sqlite", "a b%20c#d?.sqlite",
    ])
  func oddNames(name: String) throws {
    let bench = try Workbench()
    let started = try bench.spawn("start", "--db=\(name)")
    #expect(started.status == 0, "\(started.diagnostics)")
    #expect(
      try bench.spawn("list", "--db=\(name)", "--format", "json").output.contains("\"id\": 1"))
    let files = try FileManager.default.contentsOfDirectory(atPath: bench.folder.path)
    #expect(files.filter { !$0.hasPrefix(".std") } == [name])
  }

  @Test("keys that differ in how an accent is composed are no trap")
  func composed() throws {
    let bench = try Workbench()
    for key in ["caf\u{E9}", "cafe\u{301}"] {
      #expect(
        bench("start", "--param", "\(key)=1", "--tag", "\(key)=1", "--name", "run \(key)").status
          == 0)
      #expect(bench("log", "latest", "\(key)=1").status == 0)
    }
    try bench.execute(
      """
      INSERT INTO parameter (run_id, key, kind, value) SELECT 1, key, kind, value FROM parameter WHERE run_id = 2;
      INSERT INTO tag (run_id, key, value) SELECT 1, key, value FROM tag WHERE run_id = 2
      """)
    for arguments in [
      ["list", "--where", "params.caf\u{E9} = 1"], ["show", "1"], ["show", "run caf\u{E9}"],
      ["compare", "1", "2"], ["list", "--columns", "id,params.caf\u{E9}"],
      ["report", "--markdown"],
      ["show", "best:max(caf\u{E9})"], ["diagnose", "1"], ["list", "--group-by", "caf\u{E9}"],
    ] {
      let outcome = try bench.spawn(arguments)
      #expect(outcome.status == 0, "\(arguments) \(outcome.diagnostics)")
    }
  }

  @Test("a pipe, a device or a folder is no artifact, which is said at once")
  func noFile() throws {
    let bench = try Workbench()
    #expect(bench("start").status == 0)
    #expect(mkfifo(bench.path("pipe"), 0o600) == 0)
    for file in ["pipe", "/dev/zero", "/dev/tty", "."] {
      let outcome = try bench.spawn("artifact", "add", "1", file)
      #expect([66, 65].contains(outcome.status), "\(file): \(outcome.diagnostics)")
    }
    #expect(try Store(path: bench.store, access: .existing).artifacts(run: 1).isEmpty)
  }

  @Test(
    "no output takes the place of a pipe, a device or a folder, and none waits for a pipe's reader")
  func outputToNoFile() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    try "text".write(toFile: bench.path("file"), atomically: true, encoding: .utf8)
    #expect(bench("artifact", "add", "1", "file").status == 0)
    #expect(mkfifo(bench.path("pipe"), 0o600) == 0)
    for target in ["pipe", "."] {
      for arguments in [
        ["export", "--force", "-o"], ["report", "--html", "--force", "-o"],
        ["report", "--markdown", "-o"], ["artifact", "get", "1", "file", "--force", "-o"],
        ["backup", "--force"],
      ] {
        let outcome = try bench.spawn(arguments + [target])
        #expect(outcome.status == 73, "\(arguments) \(target): \(outcome.diagnostics)")
        #expect(outcome.diagnostics.contains("this is not a file"))
      }
    }
    #expect(try FileStatus(bench.path("pipe")).isRegular == false)
    #expect(try bench.spawn("sync", "pipe").status == 65)
  }

  @Test("a script's run that is bound to its process is seen as crashed without it")
  func boundToProcess() throws {
    let bench = try Workbench()
    let sleeper = Process()
    sleeper.executableURL = URL(fileURLWithPath: "/bin/sleep")
    sleeper.arguments = ["60"]
    try sleeper.run()
    #expect(bench("start", "--pid", "\(sleeper.processIdentifier)").status == 0)
    #expect(bench("list", "--format", "csv").output.contains("running"))
    kill(sleeper.processIdentifier, SIGKILL)
    sleeper.finish()
    #expect(bench("list", "--format", "csv").output.contains("crashed"))
    let none = bench("start", "--pid", "\(sleeper.processIdentifier)")
    #expect(none.status == 64 && none.diagnostics.contains("there is no process"))
  }

  @Test("delete asks, and what is chosen by a condition goes alone")
  func delete() throws {
    let bench = try bench(runs: 4)
    let unasked = bench("delete", "1")
    #expect(unasked.status == 64 && unasked.diagnostics.contains("--yes"))
    bench.answer = "n"
    #expect(bench("delete", "1").status == 1)
    bench.answer = "y"
    let deleted = bench("delete", "1", "2", "1")
    #expect(deleted.status == 0 && deleted.diagnostics.contains("deleted runs 1, 2"))
    #expect(bench("delete", "--where", "cost > 2.5", "--yes").status == 0)
    #expect(try Store(path: bench.store, access: .existing).runs().map(\.id) == [3])
    #expect(bench("delete", "1", "--yes").status == 66)
    #expect(bench("delete", "--yes").status == 64)
    let freed = try #require(try bench("gc", "--format", "json").json as? [String: Any])
    #expect(freed["bytesFreed"] is Int && bench("doctor").status == 0)
  }

  @Test("runs are put aside, brought back, tagged, noted and renamed")
  func editing() throws {
    let bench = try bench(runs: 3)
    #expect(bench("archive", "--where", "cost < 1.5").diagnostics.contains("archived runs 1, 2"))
    #expect(try (bench("list", "--format", "json").json as? [Any])?.count == 1)
    #expect(bench("restore", "2").status == 0)
    #expect(bench("tag", "2", "team=a", "x=y=z").status == 0)
    #expect(bench("tag", "2", "--remove", "team").status == 0)
    #expect(bench("tag", "2").status == 64)
    #expect(bench("note", "2", "for the paper").status == 0)
    #expect(bench("rename", "2", "best").status == 0)
    let run = try Store(path: bench.store, access: .existing).run(id: 2)
    #expect(run.tags == ["x": "y=z"] && run.note == "for the paper" && run.name == "best")
    #expect(bench("note", "best", "").status == 0)
    #expect(try Store(path: bench.store, access: .existing).run(id: 2).note == nil)
  }

  @Test("files are kept and come back, and a name leads nowhere but here")
  func artifacts() throws {
    let bench = try bench(runs: 1)
    try "content".write(toFile: bench.path("model.txt"), atomically: true, encoding: .utf8)
    #expect(bench("artifact", "add", "1", "model.txt").status == 0)
    #expect(bench("artifact", "add", "1", "model.txt", "--name", "../../escape").status == 0)
    #expect(bench("artifact", "add", "1", "model.txt", "--name", "..").status == 0)
    #expect(bench("artifact", "add", "1", "nowhere.txt").status == 66)
    #expect(bench("artifact", "list", "1", "--format", "csv").output.contains("model.txt,file,7"))
    #expect(bench("artifact", "get", "1", "model.txt").status == 73)
    #expect(bench("artifact", "get", "1", "model.txt", "-o", "copy.txt").status == 0)
    #expect(try String(contentsOfFile: bench.path("copy.txt"), encoding: .utf8) == "content")
    #expect(bench("artifact", "get", "1", "../../escape").status == 0)
    #expect(FileManager.default.fileExists(atPath: bench.path("escape")))
    #expect(bench("artifact", "get", "1", "..").status == 64)
    #expect(bench("artifact", "get", "1", "model.txt", "-o", "-").output == "content")
    #expect(bench("artifact", "get", "1", "nothing").status == 66)
    // A link that waits under the name is neither followed nor replaced.
    try FileManager.default.createSymbolicLink(
      atPath: bench.path("link"), withDestinationPath: bench.path("victim"))
    #expect(bench("artifact", "get", "1", "model.txt", "-o", "link", "--force").status == 0)
    #expect(!FileManager.default.fileExists(atPath: bench.path("victim")))
  }

  @Test("an export comes back by import, from a file, a folder, a store and a pipe")
  func exchange() throws {
    let bench = try bench(runs: 3)
    let exported = bench("export")
    #expect(exported.status == 0 && exported.diagnostics.contains("exported 3 runs"))
    #expect(bench("export", "2", "-o", "two.jsonl").status == 0)
    #expect(bench("export", "2", "-o", "two.jsonl").status == 73)
    #expect(bench("export", "2", "-o", "two.jsonl", "--force").status == 0)
    #expect(bench("export", "--format", "csv").status == 64)
    #expect(bench("export", "--format", "csv", "-o", "tables").status == 0)
    #expect(bench("import", "two.jsonl", "--db", bench.path("b.sqlite")).output == "2 → 1\n")
    let folder = bench("import", "tables", "--db", bench.path("b.sqlite"))
    #expect(folder.output == "1 → 2\n3 → 3\n2 was here already, as 1\n")
    #expect(try Store(path: bench.path("b.sqlite")).runCount() == 3)
    #expect(
      bench("import", "b.sqlite").diagnostics.contains("imported 0 runs; 3 were here already"))
    #expect(bench("import", "nowhere").status == 66)
    try FileManager.default.createDirectory(
      atPath: bench.path("empty"), withIntermediateDirectories: true)
    let empty = bench("import", "empty")
    #expect(empty.status == 65 && empty.diagnostics.contains("there are no runs in this folder"))
    // Through a pipe; and to a reader that has seen enough, which is not an error.
    func shell(_ script: String) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = [
        "-c", "set -o pipefail; tracker() { '\(Workbench.program.path)' \"$@\"; }\n" + script,
      ]
      process.currentDirectoryURL = bench.folder
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.finish()
      return process.terminationStatus
    }
    #expect(try shell("tracker export | tracker import - --db piped.sqlite") == 0)
    #expect(try Store(path: bench.path("piped.sqlite")).runCount() == 3)
    #expect(bench("artifact", "add", "1", Workbench.program.path, "--name", "big").status == 0)
    #expect(try shell("tracker export | head -c 1") == 0)
    #expect(try shell("tracker artifact get 1 big -o - | head -c 1") == 0)
    try exported.output.dropLast(20).write(
      toFile: bench.path("cut.jsonl"), atomically: true, encoding: .utf8)
    let cut = bench("import", "cut.jsonl", "--db", bench.path("c.sqlite"))
    #expect(cut.status == 65 && cut.diagnostics.contains("Nothing was imported"))
  }

  @Test("runs are compared in groups over their seeds, all or those chosen")
  func groups() throws {
    let bench = try Workbench()
    let store = try Store(path: bench.store)
    for (index, cost) in [0.1, 0.11, 0.12, 0.5, 0.51, 0.52].enumerated() {
      let run = try store.startRun(
        RunStart(parameters: ["lambda": index < 3 ? 1 : 2, "seed": .integer(Int64(index))]))
      try run.log([("cost", cost)], step: 0)
      try run.finish()
    }
    let all = try #require(
      try bench("compare", "--group-by", "lambda", "--format", "json").json as? [String: Any])
    let groups = try #require(all["groups"] as? [[String: Any]])
    #expect(groups.map { $0["count"] as? Int } == [3, 3])
    #expect(groups[0]["runs"] as? [Int] == [1, 2, 3])
    let tests = try #require(all["tests"] as? [[String: Any]])
    #expect(tests.count == 1 && (tests[0]["pValue"] as? Double ?? 1) < 1e-4)
    let words = bench("compare", "--group-by", "lambda").output
    #expect(words.contains("lambda = 1 is better than lambda = 2 by 0.4"), "\(words)")
    let chosen = bench("compare", "--group-by", "lambda", "--where", "seed != 0", "--format", "csv")
    #expect(chosen.output.contains("\n1,2,"), "\(chosen.output)")
    let greater = bench("compare", "--group-by", "lambda", "--maximize").output
    #expect(greater.contains("lambda = 2 is better than lambda = 1"))
    for mistake in [
      ["--group-by", "lamda"], ["--group-by", ""], ["--group-by", "lambda", "--metric", "nothing"],
      ["--metric", "cost"],
      ["1"], ["--group-by", "lambda", "--maximize", "--minimize"],
    ] {
      #expect(bench.run(["compare"] + mistake).status == 64, "\(mistake)")
    }
  }

  @Test("a report is Markdown for a pull request, or a file that is opened")
  func report() throws {
    let bench = try Workbench()
    bench.run(["run", "--hidden", "5", "--epochs", "5", "--quiet", "--name", "a|b <script>"])
    bench.run(["run", "--preset", "saturated-digits", "--epochs", "2", "--quiet"])
    let text = bench("report", "--markdown").output
    #expect(text.hasPrefix("## Runs\n") && text.contains("saturated-clamped-output"))
    #expect(
      text.contains("Reproduce") && text.contains("| run | cost | testAccuracy |"))
    #expect(text.contains("Run 2:\n\n```\n") && !text.contains(#"\n"#), "\(text)")
    #expect(!text.contains("<script>") && text.contains(#"a\|b"#), "\(text)")
    #expect(
      bench("report", "--markdown", "--where", "id = 1").output.contains("Diagnosis") == false)
    #expect(bench("report", "--markdown", "-o", "r.md").output == "wrote r.md (2 runs)\n")
    for mistake in [
      ["--markdown", "--html"], ["--markdown", "--open"], ["--markdown", "--reports", "."],
      ["1", "--where", "id = 1"],
    ] {
      #expect(bench.run(["report"] + mistake).status == 64)
    }
    // A desktop that notes what it is to open.
    let script = "#!/bin/sh\nprintf %s \"$1\" > '\(bench.path("opened"))'\n"
    for name in ["xdg-open", "open"] {
      try script.write(toFile: bench.path(name), atomically: true, encoding: .utf8)
      chmod(bench.path(name), 0o755)
    }
    bench.environment["PATH"] = "\(bench.folder.path):/usr/bin:/bin"
    #expect(try bench.spawn("report", "--html", "--open").status == 0)
    let deadline = Date().addingTimeInterval(patience)
    var opened = ""
    while !opened.hasSuffix("tracker-report.html"), Date() < deadline {
      usleep(10_000)
      opened = (try? String(contentsOfFile: bench.path("opened"), encoding: .utf8)) ?? ""
    }
    #expect(opened.hasSuffix("tracker-report.html"))
  }

  @Test("a backup is a store, and no file is replaced unasked")
  func backup() throws {
    let bench = try bench(runs: 2)
    #expect(bench("backup", "copy.sqlite").status == 0)
    #expect(bench("backup", "copy.sqlite").status == 73)
    #expect(bench("backup", "copy.sqlite", "--force").status == 0)
    #expect(bench("backup", "no/such/folder/copy.sqlite").status == 73)
    #expect(bench("doctor", "--db", bench.path("copy.sqlite")).status == 0)
  }

  @Test("a damaged store is mended as far as it can be, and a sound one is left alone")
  func repair() throws {
    let bench = try bench(runs: 2)
    #expect(bench("doctor", "--repair").status == 0)
    #expect(!FileManager.default.fileExists(atPath: bench.store + ".before-repair"))
    try bench.execute("UPDATE metric_series SET point_count = 9")
    #expect(bench("doctor").status == 1)
    let repaired = bench("doctor", "--repair")
    #expect(repaired.status == 0 && repaired.diagnostics.contains("summaries rebuilt: 2"))
    #expect(FileManager.default.fileExists(atPath: bench.store + ".before-repair"))
  }

  @Test("where nothing may be written the store is read, and what would write says so")
  func readOnlyFolder() throws {
    let bench = try bench(runs: 2)
    // A user who may not write, whoever runs the tests: root gives its rights away.
    let program = bench.path("tracker")
    try FileManager.default.copyItem(atPath: Workbench.program.path, toPath: program)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o555], ofItemAtPath: bench.folder.path)
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: bench.store)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: bench.folder.path)
    }
    func status(_ arguments: String..., store: String? = nil) throws -> Int32 {
      let process = Process()
      let isRoot = getuid() == 0
      process.executableURL = URL(fileURLWithPath: isRoot ? "/usr/bin/setpriv" : program)
      process.arguments =
        (isRoot ? ["--reuid=65534", "--clear-groups", program] : []) + arguments
        + ["--db", store ?? bench.store]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.finish()
      return process.terminationStatus
    }
    #expect(try status("list") == 0)
    #expect(try status("doctor") == 0)
    #expect(try status("query", "SELECT 1") == 0)
    #expect(try status("export") == 0)
    // Elsewhere it can be copied to and imported from.
    let open = try Workbench()
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: open.folder.path)
    #expect(try status("backup", open.path("copy.sqlite")) == 0)
    #expect(try status("import", bench.store, store: open.path("new.sqlite")) == 0)
    #expect(try Store(path: open.path("copy.sqlite"), access: .existing).runCount() == 2)
    #expect(try Store(path: open.path("new.sqlite"), access: .existing).runCount() == 2)
    #expect(try status("start") == 73)
    #expect(try status("tag", "1", "a=b") == 73)
    #expect(try status("delete", "1", "--yes") == 73)
  }
}
