import Foundation
import Testing
import TrackerSQLite
import TrackerStore

@Suite("Completion")
struct CompletionTests {
  /// What bash offers at the end of `line`, by the script that the program makes for it.
  private func offered(_ line: String, in bench: Workbench) throws -> [String] {
    let words = Self.words(line).map { "'\($0.replacing("'", with: "'\\''"))'" }
    let typed =
      " =".contains(line.last ?? " ")
      ? "" : line.split { " :=".contains($0) }.last.map(String.init) ?? ""
    let script = """
      PATH='\(Workbench.program.deletingLastPathComponent().path)':$PATH
      eval "$(tracker --generate-completion-script bash)"
      COMP_LINE='\(line.replacing("'", with: "'\\''"))' COMP_POINT=\(line.utf8.count)
      COMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(words.count - 1)
      function=$(complete -p tracker | sed 's/.*-F //; s/ .*//')
      $function tracker '\(line.hasSuffix(":") ? "" : typed.replacing("'", with: "'\\''"))' \\
        "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = bench.folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.finish()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Words as bash has them: a colon and an equals sign are words of their own.
  private static func words(_ line: String) -> [String] {
    line.split(separator: " ", omittingEmptySubsequences: false).flatMap { word -> [String] in
      guard let sign = word.firstIndex(where: { ":=".contains($0) }) else { return [String(word)] }
      let rest = word[word.index(after: sign)...]
      return [String(word[..<sign]), String(word[sign])] + (rest.isEmpty ? [] : [String(rest)])
    }
  }

  @Test(
    "in bash offers what is in the store",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")),
    arguments: [
      (
        "tracker show b",
        ["best:cost", "best:loss", "best:testAccuracy", "best:trainAccuracy", "baseline"]
      ),
      ("tracker show best:t", ["testAccuracy", "trainAccuracy"]),
      ("tracker compare 1 best:c", ["cost"]), ("tracker show 1 --metric c", ["cost"]),
      ("tracker list --columns id,lam", ["id,lambda"]), ("tracker list --sort -lam", ["-lambda"]),
      ("tracker list --sort=-lam", ["-lambda"]), ("tracker show 1 --metric=c", ["cost"]),
      ("tracker compare 1 2 --metric=", ["cost", "loss", "testAccuracy", "trainAccuracy"]),
      ("tracker list --sort=lambda --columns=id,lam", ["id,lambda"]),
      ("tracker run --preset s", ["saturated-digits"]),
      ("tracker list --format c", ["csv"]), ("tracker dia", ["diagnose"]),
      ("tracker show nobody", []),
    ] as [(String, [String])])
  func bash(line: String, expected: [String]) throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    #expect(try offered(line, in: bench) == expected)
  }

  /// What the program answers the shell's script.
  private func answer(
    _ bench: Workbench, _ command: String, _ argument: String, _ words: [String]
  ) -> [String] {
    let last = words.last ?? ""
    let outcome = bench.run(
      ["---completion", command, "--", argument, "\(words.count - 1)", "\(last.count)"] + words)
    #expect(outcome.status == 0 && outcome.diagnostics.isEmpty)
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test("completes the last name of a condition or a list, and keeps what is before it")
  func fields() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    func offered(_ option: String, _ text: String) -> [String] {
      answer(bench, "list", option, ["tracker", "list", option, text])
    }
    #expect(offered("--where", "lambda > 0.1 and testA") == ["lambda > 0.1 and testAccuracy"])
    #expect(offered("--where", "'not (metrics.c") == ["not (metrics.cost"])
    #expect(offered("--where", "\"best(t") == ["best(testAccuracy", "best(trainAccuracy"])
    #expect(offered("--sort", "-best(c") == ["-best(cost"])
    #expect(offered("--group-by", "lambda,opt") == ["lambda,optimizer"])
    #expect(offered("--columns", "id,durationS") == ["id,durationSeconds"])
    let all = offered("--where", "")
    #expect(all.contains("status") && all.contains("cost") && !all.contains("metrics.cost"))
    #expect(offered("--experiment", "def") == ["default"])
    // As zsh and fish hand it on.
    let whole = answer(bench, "list", "--sort", ["tracker", "list", "--sort=-lam"])
    #expect(whole == ["-lambda"])
  }

  @Test("says nothing where there is no store, or one that it cannot read, and leaves all as it is")
  func silence() throws {
    let bench = try Workbench()
    let words = ["tracker", "show", ""]
    #expect(answer(bench, "show", "positional@0", words).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).isEmpty)
    try "no store".write(toFile: bench.store, atomically: true, encoding: .utf8)
    #expect(answer(bench, "show", "positional@0", words).isEmpty)
    #expect(try String(contentsOfFile: bench.store, encoding: .utf8) == "no store")
    // One of another version.
    try FileManager.default.removeItem(atPath: bench.store)
    try SampleStore.make(at: bench.store)
    try bench.execute("PRAGMA user_version = 2")
    #expect(answer(bench, "show", "positional@0", words).isEmpty)
  }

  @Test("reads the store that the command line names")
  func otherStore() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.path("other.sqlite"))
    let path = bench.path("other.sqlite")
    for words in [["--db", "other.sqlite"], ["--db=\(path)"], ["--db", "=", "'\(path)'"]] {
      let line = ["tracker", "show"] + words + ["base"]
      #expect(answer(bench, "show", "positional@0", line) == ["baseline"])
    }
    bench.environment["TRACKER_DB"] = path
    #expect(answer(bench, "show", "positional@0", ["tracker", "show", "base"]) == ["baseline"])
    bench.environment = ["HOME": bench.folder.path]
    let line = ["tracker", "show", "--db", "~/other.sqlite", "base"]
    #expect(answer(bench, "show", "positional@0", line) == ["baseline"])
  }
}
