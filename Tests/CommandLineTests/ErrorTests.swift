import Foundation
import Testing

/// Whatever is asked wrongly is answered in words, with the documented status, and harms nothing.
@Suite("Mistakes")
struct ErrorTests {
  @Test(
    "have the documented exit status and a message that says what to do",
    arguments: [
      (["list"], 66, "there is no store at"),
      (["run", "--nonsense"], 64, "Unknown option '--nonsense'"),
      (["run", "--lamda", "1"], 64, "Did you mean '--lambda'?"),
      (["run", "--lambda", "x"], 64, "--lambda"),
      (["run", "--lambda", "-1"], 64, "lambda is -1, but must be a finite number, at least 0"),
      (["run", "--lambda", "nan"], 64, "lambda is nan"),
      (["run", "--hidden", "0"], 64, "hidden is 0"),
      (["run", "--hidden", "1,,2"], 64, "--hidden"),
      (["run", "--epochs=-1"], 64, "epochs is -1"),
      (["run", "--test-fraction", "1"], 64, "testFraction is 1"),
      (["run", "--init-range", "3:0"], 64, "--init-range"),
      (["run", "--optimizer", "adamw"], 64, "--optimizer"),
      (["run", "--tag", "=x"], 64, "--tag"),
      (["run", "--tag", "a=1", "--tag", "a=2"], 64, "--tag: a is given more than once"),
      (
        ["start", "--param", "a=1", "--param-text", "a=1"], 64, "--param: a is given more than once"
      ),
      (["log", "1", "a=1", "a=2"], 64, "log: a is given more than once"),
      (["list", "--db", ""], 64, "--db names no file"),
      (["start", "--db", ""], 64, "--db names no file"),
      (["finish", "1", "--status", "running"], 64, "--status"),
      (["run", "--preset", "digit"], 64, "there is no preset \"digit\""),
      (["run", "--epsilon", "0"], 64, "epsilon is 0, but must be a finite number above 0"),
      (["run", "--check", "every=0"], 64, "--check"),
      (["run", "--cost", "clamped", "--output", "softmax"], 64, "cost is clamped"),
      (["run", "--learning-rate", "1", "--optimizer", "lbfgs"], 64, "learningRate"),
      (["compare", "1"], 64, "two runs or more"),
      (["show"], 64, "Missing expected argument '<run>'"),
      (["frobnicate"], 64, "there is no command \"tracker frobnicate\"\nSee all of them with"),
      (["lst", "--where", "x"], 64, "did you mean tracker list?"),
      (["shwo", "1"], 64, "did you mean tracker show?"),
      (["artifact", "ad", "1"], 64, "did you mean tracker artifact add?"),
      (["run", "--preset", "saturated-digit"], 64, "did you mean saturated-digits?"),
      (["list", "--limit", "-1"], 64, "--limit"),
      (["list", "--format", "xml"], 64, "--format"),
      (["query", "SELECT 1", "--timeout", "0"], 64, "--timeout"),
    ] as [([String], Int32, String)])
  func mistakes(arguments: [String], status: Int32, message: String) throws {
    let bench = try Workbench()
    let outcome = bench.run(arguments)
    #expect(outcome.status == status, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.contains(message), "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.hasPrefix("error: "))
    #expect(outcome.output.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).isEmpty)
  }

  @Test("a file of no known kind is not imported, and what records it is named")
  func unknownSource() throws {
    let bench = try Workbench()
    try "iter 0: loss 2.3\n".write(
      toFile: bench.folder.appendingPathComponent("train.log").path, atomically: true,
      encoding: .utf8)
    let outcome = bench.run(["import", "train.log"])
    #expect(outcome.status == 65)
    #expect(outcome.diagnostics.contains("neither a store nor an export"))
    #expect(outcome.diagnostics.contains("tracker record < FILE"))
  }

  @Test(
    "in a store that is there are told with what there is",
    arguments: [
      (["show", "41"], 66, "no run 41 in"), (["show", "nobody"], 66, "no run named \"nobody\""),
      (["show", "basline"], 66, "did you mean baseline?"),
      (["show", "lastest"], 66, "did you mean latest?"),
      (["show", "best:cots"], 66, "did you mean best:cost?"),
      (["show", "latest~9"], 66, "(runs 1–3)"), (["show", "best:nothing"], 66, "no run in"),
      (["show", "1", "--metric", "kost"], 66, "did you mean cost?"),
      (["show", "1", "--metric", "nothing"], 66, "There are: cost, trainAccuracy, testAccuracy"),
      (["diagnose", "1", "--metric", "kost"], 66, "did you mean cost?"),
      (["compare", "1", "2", "--metric", "kost"], 64, "did you mean cost?"),
      (["compare", "1", "99"], 66, "no run 99"),
      (["help", "lst"], 64, "did you mean tracker list?"),
      (["list", "--columns", "id,nothing"], 64, "there is no column \"nothing\""),
      (["list", "--columns", "id, lamda"], 64, "did you mean lambda?"),
      (["list", "--columns", " ,"], 64, "--columns names no column"),
      (["list", "--where", "lamda > 1"], 64, "lamda > 1\n^^^^^\ndid you mean lambda?"),
      (["list", "--where", "lambda >"], 64, "lambda >\n        ^"),
      (["query", "DELETE FROM run"], 64, "only reads"), (["query", "SELEC"], 64, "SQL:"),
      (["query", "SELECT * FROM nowhere"], 64, "no such table: nowhere"),
    ] as [([String], Int32, String)])
  func missing(arguments: [String], status: Int32, message: String) throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    let outcome = bench.run(arguments)
    #expect(outcome.status == status, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.contains(message), "\(outcome.diagnostics)")
    #expect(bench.run(["doctor"]).status == 0)
  }

  @Test(
    "with files that are no stores leave them as they are",
    arguments: ["run", "list", "doctor", "migrate"])
  func foreignFile(command: String) throws {
    let bench = try Workbench()
    let content = "these are my notes, not a database\n"
    try content.write(toFile: bench.store, atomically: true, encoding: .utf8)
    let outcome = bench.run([command])
    #expect(outcome.status == 65, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.contains("is not an SQLite database"))
    #expect(try String(contentsOfFile: bench.store, encoding: .utf8) == content)
  }

  @Test("are of kinds that explain themselves, so that none is called a mistake of the program")
  func explained() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources").standardized
    // What never leaves the room that throws it, and what is a status alone.
    let own = [
      "CSVError", "ContentMismatch", "Damage", "ImportSyntaxError", "JSONSyntaxError",
      "TemplateError", "SQLiteError",
      "ExitStatus", "ForeignStatus", "LabelMistake", "ClientRefusal", "MLflowError", "Refusal",
      "Failure",
    ]
    let others = ["ExplainedError", "CommandError"]
    let declaration = /(?:struct|enum|protocol) (\w+): [^{\n]*\bError\b/
    var found = 0
    for case let file as URL in try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    where file.pathExtension == "swift" {
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: declaration) {
        found += 1
        #expect(
          (own + others).contains(String(match.1)), "\(file.lastPathComponent): \(match.0)")
      }
    }
    #expect(found > 0)
  }

  @Test("of where to write are told before anything is trained")
  func noFolder() throws {
    let bench = try Workbench()
    let outcome = bench.run(["run", "--db", bench.path("no/such/folder/tracker.sqlite")])
    #expect(outcome.status == 73, "\(outcome.diagnostics)")
    let report = try Workbench()
    try SampleStore.make(at: report.store)
    let written = report.run(["report", "--html", "-o", "no/such/folder/report.html"])
    #expect(written.status == 73, "\(written.diagnostics)")
  }

  @Test(
    "on a full device are told", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDevice() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    let process = Process()
    process.executableURL = Workbench.program
    process.arguments = ["list", "--db", bench.store]
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.finish()
    #expect(process.terminationStatus == 74)
  }
}
