import Foundation
import Testing
import TrackerStore

/// The page of the query language says what happens, line by line.
@Suite("Query language")
struct QueryLanguageTests {
  /// The words of a line of shell: what is between single quotes is one.
  private func words(_ line: Substring) -> [String] {
    var words: [String] = []
    for (index, part) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
      words += index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
    }
    return words
  }

  /// A folder with the runs of the page.
  private func bench(_ commands: String) throws -> Workbench {
    let bench = try Workbench()
    for line in commands.split(separator: "\n") {
      let outcome = bench.run(Array(words(line).dropFirst()))
      #expect(outcome.status == 0, "\(line): \(outcome.diagnostics)")
    }
    return bench
  }

  @Test("every example of the page chooses, and orders, the runs that it says")
  func examples() throws {
    let blocks = try documentationBlocks("sh", of: "query-language.md")
    try #require(blocks.count == 2)
    let bench = try bench(blocks[0])
    for line in blocks[1].split(separator: "\n") {
      let parts = line.split(separator: "#", omittingEmptySubsequences: false)
      try #require(parts.count == 2, "\(line)")
      let outcome = bench.run(Array(words(parts[0]).dropFirst()) + ["--format", "json"])
      let runs = try #require(try outcome.json as? [[String: Any]], "\(line)\(outcome.diagnostics)")
      #expect(
        runs.compactMap { $0["id"] as? Int }
          == parts[1].split(separator: " ").compactMap { Int($0) },
        "\(line)")
    }
  }

  @Test("every mistake of the page is answered as it says")
  func mistakes() throws {
    let bench = try bench(documentationBlocks("sh", of: "query-language.md")[0])
    let session = try #require(try documentationBlocks("console", of: "query-language.md").first)
    let turns = "\n\(session)".components(separatedBy: "\n$ ").dropFirst()
    #expect(turns.count == 4)
    for turn in turns {
      let lines = turn.split(separator: "\n", maxSplits: 1)
      let outcome = bench.run(Array(words(lines[0]).dropFirst()))
      #expect(outcome.status == 64)
      #expect(outcome.diagnostics == "\(lines[1])\n")
    }
  }

  @Test("the page names every column that the table of columns has")
  func everyColumn() throws {
    let page = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Documentation/query-language.md"), encoding: .utf8)
    let names = RunField.all.map { $0.aliases.first ?? $0.key }.joined(separator: " ")
    #expect(page.contains("a column (`\(names)`;"), "\(names)")
  }

  @Test("gradient checks, the reason of the end and the archive can be asked for")
  func columnsOfRecords() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    bench.run(["archive", "1"])
    func ids(_ condition: String) -> String {
      bench("list", "--all", "--where", condition, "--columns", "id", "--format", "csv").output
        .split(whereSeparator: \.isNewline).dropFirst().joined(separator: " ")
    }
    #expect(ids("check = failed") == "2")
    #expect(ids("check = passed") == "1")
    #expect(ids("check is null") == "3")
    #expect(ids("check != passed or archived is not null") == "2 1")
    #expect(ids("archivedAt >= 2020-01-01") == "1")
    #expect(ids("stopReason = epochLimit") == "")
    let mistake = bench("list", "--where", "check = fail")
    #expect(mistake.status == 64 && mistake.diagnostics.contains("there is no check fail"))
    // Sorted and shown like any other column.
    let sorted = bench(
      "list", "--all", "--sort", "archived,-check", "--columns", "id,check,archived,stopReason",
      "--format", "csv")
    #expect(sorted.output.hasPrefix("id,check,archivedAt,stopReason"), "\(sorted.output)")
    #expect(sorted.output.split(whereSeparator: \.isNewline).dropFirst().first?.first == "1")
  }

  @Test("show names the run above and the runs below, and a condition asks for them")
  func nesting() throws {
    let bench = try Workbench()
    bench.run(["start", "--name", "study"])
    let uuid = try Store(path: bench.store).run(id: 1).uuid
    for id in 2...7 {
      let isNested = id != 5
      bench.run(["start"] + (isNested ? ["--parent", "study"] : []))
    }
    #expect(bench("start", "--parent", "nobody").status == 66)
    // As MLflow's clients write it; with its dashes it means the same.
    let tag = try Store(path: bench.store).run(id: 2).tags["mlflow.parentRunId"]
    #expect(tag == uuid.filter { $0 != "-" })
    bench("tag", "7", "mlflow.parentRunId=\(uuid)")
    func lines(_ run: String, _ word: String) -> [String] {
      bench("show", run).output.split(whereSeparator: \.isNewline).map(String.init).filter {
        $0.hasPrefix(word)
      }.map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" }
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(lines("1", "children") == ["2–4, 6–7"] && lines("1", "parent").isEmpty)
    #expect(lines("3", "parent") == ["1 (study)"] && lines("3", "children").isEmpty)
    #expect(lines("5", "parent").isEmpty)
    #expect(!bench("show", "3").output.contains("mlflow.parentRunId"))
    let page = bench("report", "3", "--html", "-o", "page.html")
    let html = try String(contentsOfFile: bench.path("page.html"), encoding: .utf8)
    #expect(html.contains("<dt>parent<dd>run 1"))
    #expect(page.status == 0 && !html.contains("tag mlflow.parentRunId"))
    let shown = try #require(try bench("show", "1", "--format", "json").json as? [String: Any])
    #expect(shown["children"] as? [Int] == [2, 3, 4, 6, 7] && shown["parent"] is NSNull)
    let listed = bench(
      "list", "--where", "parent = 1 and id > 5", "--columns", "id,parent", "--format", "csv")
    #expect(listed.output.split(whereSeparator: \.isNewline) == ["id,parent", "7,1", "6,1"])
    #expect(bench("list", "--where", "parent is null", "--sort", "parent").status == 0)
  }

  @Test("a run cannot be nested where there is no store, and none is made for it")
  func nestingWithoutStore() throws {
    let bench = try Workbench()
    for words in [["start", "--parent", "1"], ["record", "--parent", "1", "--", "true"]] {
      #expect(bench.run(words).status == 66)
      #expect(!FileManager.default.fileExists(atPath: bench.store))
    }
  }

  @Test("columns are known by all runs, whether or not one is shown")
  func columns() throws {
    let bench = try bench(documentationBlocks("sh", of: "query-language.md")[0])
    let none = bench("list", "--where", "lambda > 99", "--columns", "id,lambda")
    #expect(none.status == 0 && none.output == "No run matches.\n")
    let wrong = bench("list", "--columns", "id,lamda")
    #expect(wrong.status == 64 && wrong.diagnostics.contains("did you mean lambda?"))
  }
}
