import Foundation
import Testing
import TrackerStore
import TrackerSystem

/// A store that is moved, copied, replaced or shared while it is used.
@Suite("A store that others touch", .serialized)
struct StoreSafetyTests {
  private func shell(_ bench: Workbench, _ script: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "T='\(Workbench.program.path)'; \(script)"]
    process.currentDirectoryURL = bench.folder
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": bench.folder.path]
    process.standardInput = FileHandle.nullDevice
    let (output, diagnostics) = (bench.path(".out"), bench.path(".err"))
    for file in [output, diagnostics] { try Data().write(to: URL(fileURLWithPath: file)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: diagnostics)
    try process.run()
    process.finish()
    return Outcome(
      status: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      diagnostics: try String(contentsOfFile: diagnostics, encoding: .utf8))
  }

  /// Prints 30 lines in a second and a half.
  private let training =
    #"sh -c 'for i in $(seq 30); do echo "{\"step\": $i, \"loss\": 1}"; sleep 0.05; done'"#

  @Test(
    "while a run is recorded: it is noticed, nothing more is written there, and the whole run is in a file",
    arguments: [
      "rm -f tracker.sqlite*", "mv tracker.sqlite elsewhere.sqlite",
      "mv other.sqlite tracker.sqlite",
    ], ["record --no-patch --", "run --optimizer gd --learning-rate 0.01 --epochs 3000 --quiet"])
  func moved(act: String, command: String) throws {
    let bench = try Workbench()
    #expect(bench("start", "--no-patch", "--db", bench.path("other.sqlite")).status == 0)
    #expect(bench("start", "--no-patch").status == 0)
    let program = command.hasPrefix("record") ? " \(training)" : " --no-patch --check never"
    let outcome = try shell(
      bench,
      """
      $T \(command)\(program) & P=$!
      until $T show 2 --no-pager >/dev/null 2>&1; do sleep 0.05; done
      sleep 0.3; \(act); wait $P
      """)
    #expect(outcome.status == 74, "\(outcome.diagnostics)")
    let file = try #require(
      outcome.diagnostics.firstMatch(of: /tracker import (\S+)/)?.1, "\(outcome.diagnostics)")
    let whole = bench.path("whole.sqlite")
    #expect(bench("import", String(file), "--db", whole).status == 0)
    let run = try Store(path: whole, access: .existing).run(id: 1)
    #expect(run.status == .finished)
    if command.hasPrefix("record") { #expect(run.metrics["loss"]?.count == 30) }
    if act.hasPrefix("mv other") {
      #expect(try Store(path: bench.store, access: .existing).runs().count == 1)
      #expect(bench("doctor").status == 0)
    }
  }

  @Test(
    "backup --force onto a store that is open is refused, and onto one with a log leaves none of it"
  )
  func backup() throws {
    let bench = try Workbench()
    #expect(bench("start", "--no-patch").status == 0)
    let target = bench.path("target.sqlite")
    do {
      let open = try Store(path: target)
      _ = try open.startRun(RunStart())
      #expect(try bench.spawn("backup", target, "--force").status == 69)
    }
    // A log that a killed process left.
    _ = try shell(
      bench,
      """
      $T record --db target.sqlite --no-patch -- \(training) & P=$!
      until $T show 1 --db target.sqlite >/dev/null 2>&1; do sleep 0.05; done
      sleep 0.3; kill -9 $P
      """)
    #expect(FileManager.default.fileExists(atPath: target + "-wal"))
    #expect(try bench.spawn("backup", target, "--force").status == 0)
    #expect(!FileManager.default.fileExists(atPath: target + "-wal"))
    #expect(try Store(path: target, access: .existing).runCount() == 1)
    #expect(bench("doctor", "--db", target).status == 0)
  }

  @Test("no output replaces a database, nor a file that tracker did not make unless it is told to")
  func outputs() throws {
    let bench = try Workbench()
    #expect(bench("start", "--no-patch").status == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: bench.store))
    for name in ["tracker.sqlite", "tracker.sqlite-wal"] {
      for command in [["report", "--html"], ["report", "--markdown"], ["export"]] {
        let outcome = bench.run(
          command + ["-o", name] + (command == ["export"] ? ["--force"] : []))
        #expect(outcome.status == 73, "\(command) \(name): \(outcome.diagnostics)")
      }
    }
    #expect(bench.run(["report", "--html", "--force", "-o", "tracker.sqlite"]).status == 73)
    #expect(try Data(contentsOf: URL(fileURLWithPath: bench.store)) == before)
    try "mine".write(toFile: bench.path("notes.txt"), atomically: true, encoding: .utf8)
    for kind in ["--html", "--markdown"] {
      #expect(bench("report", kind, "-o", "notes.txt").status == 73)
      #expect(bench("report", kind, "-o", "r\(kind)").status == 0)
      #expect(bench("report", kind, "-o", "r\(kind)").status == 0, "our own is made again")
    }
    #expect(try String(contentsOfFile: bench.path("notes.txt"), encoding: .utf8) == "mine")
    #expect(bench("report", "--html", "-o", "notes.txt", "--force").status == 0)
  }

  @Test(
    "a store and what is beside it have the mode that the mask leaves",
    arguments: [
      ("002", 0o664), ("022", 0o644), ("077", 0o600),
    ])
  func mask(mask: String, mode: Int) throws {
    let bench = try Workbench()
    let outcome = try shell(
      bench,
      "umask \(mask); $T start --no-patch; $T backup b.sqlite; stat -c %a tracker.sqlite b.sqlite")
    #expect(
      outcome.output.hasSuffix("\(String(mode, radix: 8))\n\(String(mode, radix: 8))\n"),
      "\(outcome.output) \(outcome.diagnostics)")
  }

  @Test("who may not write a store makes no file beside it")
  func reader() throws {
    let bench = try Workbench()
    #expect(bench("start", "--no-patch").status == 0)
    chmod(bench.folder.path, 0o777)
    let command: String
    if geteuid() == 0 {
      try FileManager.default.copyItem(
        atPath: Workbench.program.path, toPath: bench.path("program"))
      command = "setpriv --reuid=23456 --regid=23456 --clear-groups ./program"
    } else {
      chmod(bench.store, 0o444)
      command = "$T"
    }
    let outcome = try shell(bench, "\(command) list --all; ls tracker.sqlite*")
    #expect(outcome.status == 0 && outcome.output.contains("running"), "\(outcome)")
    #expect(outcome.output.hasSuffix("tracker.sqlite\n"), "\(outcome.output)")
  }

  @Test("a copy of a store in use without its log is not taken for an empty one")
  func copied() throws {
    let bench = try Workbench()
    do {
      let store = try Store(path: bench.store)
      _ = try store.startRun(RunStart())
      try FileManager.default.copyItem(atPath: bench.store, toPath: bench.path("copy.sqlite"))
    }
    for command in [["list"], ["doctor"], ["start", "--no-patch"]] {
      let outcome = bench.run(
        command + ["--db", "copy.sqlite"].map { $0 == "copy.sqlite" ? bench.path($0) : $0 })
      #expect(outcome.status == 65 && outcome.diagnostics.contains("tracker backup"), "\(outcome)")
    }
    #expect(bench("list").status == 0)
  }

  @Test("readers do not wait for a writer to see that a run has crashed")
  func busy() throws {
    let bench = try Workbench()
    _ = try shell(
      bench,
      """
      $T record --no-patch -- \(training) & P=$!
      until $T show 1 >/dev/null 2>&1; do sleep 0.05; done
      sleep 0.3; kill -9 $P
      """)
    let store = try Store(path: bench.store, access: .existing)
    // Nobody marks it before the store is busy.
    let holder = try shell(
      bench,
      """
      python3 -c 'import sqlite3,time
      c=sqlite3.connect("tracker.sqlite",isolation_level=None); c.execute("begin immediate"); time.sleep(8)' &
      sleep 1; time (for c in "list --all" "show 1" "query 'SELECT status FROM runs'" "export -o e.jsonl" doctor "report --html"; do
        eval $T $c || echo "FAILED $c"; done); kill %1
      """)
    _ = store
    #expect(!holder.output.contains("FAILED"), "\(holder)")
    #expect(holder.output.contains("crashed") && !holder.output.contains("running"))
    let seconds = try #require(holder.diagnostics.firstMatch(of: /real\s+(\d+)m(\d+)/))
    #expect(seconds.1 == "0" && Int(seconds.2)! < 7, "\(holder.diagnostics)")
    #expect(try String(contentsOfFile: bench.path("e.jsonl"), encoding: .utf8).contains("crashed"))
  }

  @Test("every signal reaches the recorded program, and none ends record")
  func signals() throws {
    let bench = try Workbench()
    let numbers = [1, 2, 3, 10, 12, 14, 15, 18, 23, 26, 27, 28, 29, 30, 34, 50, 64]
    let traps = numbers.map { "signal.signal(\($0), seen)" }.joined(separator: "\n")
    try """
    import signal, json, time, os
    def seen(number, frame): print(json.dumps({"signal": number}), flush=True)
    \(traps)
    open("ready", "w").close()
    while not os.path.exists("done"): time.sleep(0.02)
    """.write(toFile: bench.path("p.py"), atomically: true, encoding: .utf8)
    let outcome = try shell(
      bench,
      """
      $T record --no-patch -- python3 p.py & P=$!
      while [ ! -e ready ]; do sleep 0.05; done
      for n in \(numbers.map(String.init).joined(separator: " ")); do kill -$n $P; sleep 0.1; done
      touch done; wait $P
      """)
    #expect(outcome.status == 0, "\(outcome)")
    let points = try Store(path: bench.store, access: .existing).points(run: 1, metric: "signal")
    #expect(points.map { Int($0.value) } == numbers)
    print("signals handed on: \(points.count) of \(numbers.count)")
  }

  @Test("a reader that goes away ends what is recorded as it would without us")
  func closedPipe() throws {
    let bench = try Workbench()
    let line = #"'{"a": 1}'"#
    let child = try shell(
      bench, "$T record --no-patch -- yes \(line) | head -1; exit ${PIPESTATUS[0]}")
    #expect(child.status == 128 + SIGPIPE)
    let piped = try shell(
      bench, "yes \(line) | $T record --no-patch | head -1; exit ${PIPESTATUS[1]}")
    #expect(piped.status == 128 + SIGPIPE)
    let store = try Store(path: bench.store, access: .existing)
    #expect(try store.runs().allSatisfy { $0.status == .interrupted })
  }
}
