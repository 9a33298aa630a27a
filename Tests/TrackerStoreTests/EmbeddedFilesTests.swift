import CTrackerEmbedded
import Foundation
import Testing

/// What the program carries inside itself, against the folders that it comes from.
@Suite("Embedded files")
struct EmbeddedFilesTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The files below a folder that end in one of these, by their path in it, and their bytes.
  private func files(below folder: String, _ endings: [String]) throws -> [String: Data] {
    let folder = Self.root.appending(path: folder).path(percentEncoded: false)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { path in endings.contains { path.hasSuffix(".\($0)") } }
    return try Dictionary(
      uniqueKeysWithValues: paths.map { path in
        (path, try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
      })
  }

  private func content(_ file: TrackerEmbeddedFile) -> (String, Data) {
    (String(cString: file.name), Data(bytes: file.bytes, count: file.count))
  }

  @Test("every migration is carried, in order, and nothing else")
  func migrations() throws {
    var count = 0
    let first = try #require(tracker_embedded_migrations(&count))
    let carried = (0..<count).map { content(first[$0]) }
    let folder = try files(below: "Migrations", ["sql"])
    #expect(carried.map(\.0) == folder.keys.sorted())
    #expect(Dictionary(carried) { $1 } == folder)
  }

  @Test("every part of the report is carried, and nothing else; the examples are none")
  func report() throws {
    let carried = (0..<tracker_embedded_report_file_count).compactMap { index in
      tracker_embedded_report_file(index).map { content($0.pointee) }
    }
    let folder = try files(below: "Reports", ["html", "css", "js", "mustache", "sql"])
      .filter { !$0.key.hasPrefix("examples/") }
    #expect(carried.map(\.0).sorted() == folder.keys.sorted())
    #expect(Dictionary(carried) { $1 } == folder)
  }
}
