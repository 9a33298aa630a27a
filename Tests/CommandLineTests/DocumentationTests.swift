import Foundation
import TestSupport
import TrackerStore
import Testing

/// What the documentation shows is what happens.
@Suite("Documentation")
struct DocumentationTests {
  /// The code blocks of a page in one language, in order.
  private func blocks(_ language: String, of page: String) throws -> [String] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Documentation/\(page)")
    let text = try String(contentsOf: path, encoding: .utf8)
    return text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
  }

  @Test("the Python, C and shell programs of the page are tracked as it says")
  func trackAnyProgram() throws {
    let bench = try Workbench()
    let page = "track-any-program.md"
    let python = try #require(blocks("python", of: page).first)
    let c = try #require(blocks("c", of: page).first)
    try python.write(toFile: bench.path("train.py"), atomically: true, encoding: .utf8)
    try c.write(toFile: bench.path("train.c"), atomically: true, encoding: .utf8)
    let scripts = try blocks("sh", of: page)
    #expect(scripts.count == 3)
    for (script, tool) in zip(scripts, ["python3", "cc", "sh"]) {
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
      process.finish(within: 60)
      #expect(process.terminationStatus == 0, "\(script)")
    }
    let runs = try Store(path: bench.store, access: .existing).runs()
    let shell = try #require(runs.first { $0.name == "shell" })
    #expect(shell.status == .finished && shell.metrics["cost"]?.count == 5)
    #expect((shell.metrics["weight"]?.last ?? 0) > 2.9)
    for run in runs where run.name != "shell" {
      #expect(run.status == .finished && run.metrics["cost"]?.count == 20)
      #expect(run.parameters["rate"] == .real(0.3) && (run.metrics["cost"]?.last ?? 1) < 1e-6)
    }
  }

  @Test("the Swift program of the page is the one that this test compiles and runs")
  func swiftExample() throws {
    let folder = try TemporaryFolder()
    let shown = try #require(blocks("swift", of: "track-any-program.md").first)
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
}
