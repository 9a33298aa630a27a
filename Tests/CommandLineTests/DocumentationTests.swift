import Foundation
import TestSupport
import TrackerStore
import Testing

/// The code blocks of a page in one language, in order.
func documentationBlocks(
  _ language: String, of page: String, in folder: String = "Documentation"
) throws -> [String] {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../\(folder)/\(page)")
  let text = try String(contentsOf: path, encoding: .utf8)
  return text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
    $0.components(separatedBy: "\n```").first
  }
}

/// What the documentation shows is what happens.
@Suite("Documentation")
struct DocumentationTests {
  @Test("the Python, C and shell programs of the page are tracked as it says")
  func trackAnyProgram() throws {
    let bench = try Workbench()
    let page = "track-any-program.md"
    let python = try #require(documentationBlocks("python", of: page).first)
    let c = try #require(documentationBlocks("c", of: page).first)
    try python.write(toFile: bench.path("train.py"), atomically: true, encoding: .utf8)
    try c.write(toFile: bench.path("train.c"), atomically: true, encoding: .utf8)
    let scripts = try documentationBlocks("sh", of: page)
    #expect(scripts.count == 4)
    for (script, tool) in zip(scripts, ["python3", "cc", "sh", "sh"]) {
      // The toolchain brings a C compiler; a machine without Python cannot run a Python program.
      let prelude =
        "set -e; tracker() { '\(Workbench.program.path)' \"$@\"; }\n"
        + "command -v \(tool) >/dev/null || { echo none; exit 0; }\n"
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", prelude + script]
      process.currentDirectoryURL = bench.folder
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.finish()
      #expect(process.terminationStatus == 0, "\(script)")
    }
    let runs = try Store(path: bench.store, access: .existing).runs()
    let shell = try #require(runs.first { $0.name == "shell" })
    #expect(shell.status == .finished && shell.metrics["cost"]?.count == 5)
    #expect((shell.metrics["weight"]?.last ?? 0) > 2.9)
    let late = try #require(runs.first { $0.name == "late" })
    #expect(late.status == .finished && late.metrics["cost"]?.lastStep == 1)
    #expect(late.experiment == "study" && late.parameters["batch"] == .integer(64))
    for run in runs where run.name != "shell" && run.name != "late" {
      #expect(run.status == .finished && run.metrics["cost"]?.count == 20)
      #expect(run.parameters["rate"] == .real(0.3) && (run.metrics["cost"]?.last ?? 1) < 1e-6)
    }
  }

  @Test("the Swift program of the page is the one that this test compiles and runs")
  func swiftExample() throws {
    let folder = try TemporaryFolder()
    let shown = try #require(documentationBlocks("swift", of: "track-any-program.md").first)
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    for line in shown.split(separator: "\n") where !line.hasPrefix("import") {
      let compiled = line.replacingOccurrences(
        of: "\"tracker.sqlite\"", with: "folder.file(\"tracker.sqlite\")"
      ).replacingOccurrences(of: "print(", with: "let cost = (")
      #expect(source.contains(compiled.trimmingCharacters(in: .whitespaces)), "\(line)")
    }
    let store = try Store(path: folder.file("tracker.sqlite"))
    let run = try store.startRun(RunStart(name: "swift", parameters: ["rate": 0.3]))
    var weight = 0.0
    for step in 0..<20 {
      weight -= 0.3 * 2 * (weight - 3)
      try run.log([("cost", (weight - 3) * (weight - 3)), ("weight", weight)], step: Int64(step))
    }
    try run.finish(outcome: "the weight is \(weight)")
    let cost = (try store.run(id: run.id).metrics["cost"]?.last ?? .nan)
    #expect(cost < 1e-6)
  }

  @Test("the section in SQL of the report's page is a section, and its folder may hold other parts")
  func sectionOfOnesOwn() throws {
    let bench = try Workbench()
    #expect(bench("run", "--epochs", "40", "--quiet").status == 0)
    #expect(bench("run", "--epochs", "40", "--optimizer", "cg", "--quiet").status == 0)
    let sql = try #require(documentationBlocks("sql", of: "README.md", in: "Reports").first)
    try FileManager.default.createDirectory(
      atPath: bench.path("mine/sections"), withIntermediateDirectories: true)
    try sql.write(toFile: bench.path("mine/fastest.sql"), atomically: true, encoding: .utf8)
    try "<p>Mine: {{lead}}</p>".write(
      toFile: bench.path("mine/sections/overview.mustache"), atomically: true, encoding: .utf8)
    let outcome = bench("report", "--html", "--reports", "mine")
    #expect(outcome.status == 0, "\(outcome.diagnostics)")
    let html = try String(contentsOfFile: bench.path("tracker-report.html"), encoding: .utf8)
    #expect(html.contains("How soon the cost fell below 0.5"))
    #expect(html.contains("<p>Mine: 2 runs"))
    for optimizer in ["cg", "lbfgs"] { #expect(html.contains("<li><span>\(optimizer)</span>")) }
  }

  @Test("what the libraries' articles show stands in the consumer package, which the gate runs")
  func articles() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    func text(_ path: String) throws -> String {
      try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
    let program = try ["main", "training"].map {
      try text("Tests/ConsumerPackage/Sources/consumer/\($0).swift")
    }.joined().split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    for (library, article) in [
      ("TrackerStore", "RecordARun"), ("TrackerOptimization", "MinimizeAFunction"),
      ("TrackerGradientCheck", "CheckAGradient"), ("TrackerEngine", "TrainANetwork"),
    ] {
      let text = try text("Sources/\(library)/\(library).docc/\(article).md")
      let blocks = text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }
      #expect(!blocks.isEmpty)
      for line in blocks.flatMap({ $0.element.split(separator: "\n").dropFirst() }) {
        #expect(program.contains(line.trimmingCharacters(in: .whitespaces)), "\(article): \(line)")
      }
    }
  }

  @Test(
    "a folder of report parts that cannot be used says which file and why, and writes no report",
    arguments: [
      ("SELECT 1", 65, "mine.sql has no title"),
      ("-- title: T\nSELEKT 1", 65, "mine.sql: SQL: near \"SELEKT\""),
      ("-- title: T\nDELETE FROM run", 65, "mine.sql: the query wants to do more than read"),
      ("-- title: T\n-- form: bar\nSELECT 1", 65, "wants a label and a value"),
      (nil, 66, "there are no report parts"),
    ] as [(String?, Int32, String)])
  func badParts(sql: String?, status: Int32, message: String) throws {
    let bench = try Workbench()
    #expect(bench("run", "--epochs", "1", "--quiet").status == 0)
    try FileManager.default.createDirectory(
      atPath: bench.path("mine"), withIntermediateDirectories: true)
    try sql?.write(toFile: bench.path("mine/mine.sql"), atomically: true, encoding: .utf8)
    let outcome = bench("report", "--html", "--reports", "mine")
    #expect(outcome.status == status && outcome.diagnostics.contains(message))
    #expect(!FileManager.default.fileExists(atPath: bench.path("tracker-report.html")))
    #expect(bench("report", "--reports", "nowhere").status == 66)
  }
}
