import Foundation
import Testing

/// What people read is in plain English, as far as a list of words can tell.
@Suite("Plain English")
struct PlainEnglishTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardizedFileURL

  /// The phrases of the list, each with what to write instead.
  private static let phrases: [(phrase: String, better: String)] = {
    let list = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/plain-english.txt")
    let text = (try? String(contentsOf: list, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
      let parts = line.components(separatedBy: " = ")
      return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
  }()

  /// What people read: pages, the report's parts, and the sources, whose texts and comments are prose as well.
  private static func files(in folder: String, _ endings: Set<String>) -> [URL] {
    let start = root.appendingPathComponent(folder)
    // What is hidden is not ours, such as an environment of Python's.
    guard
      let all = FileManager.default.enumerator(
        at: start, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
    else {
      return []
    }
    return all.compactMap { $0 as? URL }.filter { file in
      endings.contains(file.pathExtension) && !file.path.contains("/examples/")
    }
  }

  @Test(
    "No page, message or comment has a phrase of the list",
    arguments: [
      ("Documentation", ["md"]), ("Reports", ["md", "mustache", "js", "html"]),
      ("Sources", ["swift"]),
      ("Migrations", ["md"]), ("Benchmarks", ["md"]), ("Python", ["md"]), ("", ["md"]),
    ] as [(String, Set<String>)])
  func phrases(folder: String, endings: Set<String>) throws {
    #expect(Self.phrases.count > 20)
    let files =
      folder.isEmpty
      ? ["README.md", "CONTRIBUTING.md"].map(Self.root.appendingPathComponent)
      : Self.files(in: folder, endings)
    #expect(!files.isEmpty)
    var found: [String] = []
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      // "There is no file" is as people say it.
      let lowered = text.lowercased().replacing("there is no ", with: "").replacing(
        "there are no ", with: "")
      for (phrase, better) in Self.phrases where lowered.contains(phrase.lowercased()) {
        found.append("\(file.lastPathComponent): \"\(phrase)\"; write \"\(better)\"")
      }
    }
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test("The glossary has one word for one thing")
  func glossary() throws {
    let page = try String(
      contentsOf: Self.root.appendingPathComponent("CONTRIBUTING.md"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: "## Words\n").dropFirst().first)
    let rows = section.components(separatedBy: "\n## ")[0].split(separator: "\n")
      .filter { $0.hasPrefix("| ") }.dropFirst(2)
    let words = rows.map { $0.split(separator: "|")[0].trimmingCharacters(in: .whitespaces) }
    #expect(words.count > 15 && Set(words).count == words.count)
    #expect(words == words.sorted())
  }
}
