import Foundation
import TestSupport
import Testing
import TrackerJSON
import TrackerStore

@testable import TrackerExchange

/// Images and histograms that the real programs wrote (`Fixtures/make.py`), against what those programs' own readers say.
@Suite("Images and histograms of other trackers")
struct PicturesTests {
  private static let folder = Bundle.module.resourcePath! + "/Fixtures/real"
  private static let sources: [(path: String, format: ForeignFormat)] = [
    ("pictures/tensorboard", .tensorboard), ("pictures/wandb", .wandb),
    ("pictures/trackio", .trackio),
  ]

  private func importing(_ path: String, _ format: ForeignFormat, into store: Store) throws
    -> ForeignImport.Report
  {
    try ForeignImport(
      path: path, format: format, options: ForeignOptions(), keepsArtifacts: true, program: "test"
    ).run(into: store) { _ in }
  }

  private static func expected(_ name: String) throws -> [JSONValue.Member] {
    let all = try JSONValue(
      parsing: Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/expected.json"))))
    guard case .object(let runs)? = all[name] else { return [] }
    return runs
  }

  /// A histogram's figures, of which the source may not tell all.
  private func figures(_ value: JSONValue) -> [String: [UInt64]] {
    var figures: [String: [UInt64]] = [:]
    guard case .object(let members) = value else { return [:] }
    func bits(_ value: JSONValue) -> UInt64? {
      if case .string(let text) = value { return ForeignValue.number(text)?.bitPattern }
      return ForeignValue.number(value)?.bitPattern
    }
    for member in members {
      if case .array(let values) = member.value {
        figures[member.key] = values.compactMap(bits)
      } else {
        figures[member.key] = [bits(member.value)].compactMap { $0 }
      }
    }
    return figures
  }

  @Test("images arrive byte by byte and histograms to the bit", arguments: sources.indices)
  func pictures(index: Int) throws {
    let source = Self.sources[index]
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let report = try importing("\(Self.folder)/\(source.path)", source.format, into: store)
    let unread = report.omissions.counts.map(\.reason).filter { !$0.hasPrefix("records of ") }
    #expect(unread.isEmpty)
    let expected = try Self.expected(source.path)
    #expect(!expected.isEmpty)
    for run in expected {
      let ours = try #require(try store.runs().first { $0.name == run.key })
      // What an image says of itself is no metric.
      #expect(Set(ours.metrics.keys).isSubset(of: ["loss"]), "\(ours.metrics.keys)")
      guard case .object(let artifacts) = run.value else { continue }
      let records = try store.artifacts(run: ours.id)
      #expect(records.map(\.name) == artifacts.map(\.key).sorted())
      for artifact in artifacts {
        guard let record = records.first(where: { $0.name == artifact.key }) else { continue }
        if case .string(let sha256) = artifact.value {
          #expect(record.sha256 == sha256)
          #expect(record.kind == (source.format == .wandb ? "file" : "image"))
        } else {
          #expect(record.kind == "histogram")
          let json = try JSONValue(parsing: store.artifact(run: ours.id, name: artifact.key))
          #expect(figures(json) == figures(artifact.value), "\(artifact.key)")
        }
      }
    }
    // Again: nothing new, nothing twice.
    #expect(
      try importing("\(Self.folder)/\(source.path)", source.format, into: store).runs.additions
        .isEmpty)
  }

  @Test("they go back to TensorBoard, and come from there as they were", arguments: sources.indices)
  func back(index: Int) throws {
    let source = Self.sources[index]
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    _ = try importing("\(Self.folder)/\(source.path)", source.format, into: store)
    var export = try TensorBoardExport(store: store, folder: folder.file("logs"))
    for run in try store.runs() { try export.write(run: run.id) }
    #expect(!export.omissions.counts.contains { $0.reason.contains("images") })
    let copy = try Store(path: folder.file("copy.sqlite"))
    _ = try importing(folder.file("logs"), .tensorboard, into: copy)
    var compared = 0
    for run in try store.runs() {
      let name = run.name ?? ""
      let other = try #require(try copy.runs().first { $0.name?.hasSuffix("/\(name)") == true })
      for record in try store.artifacts(run: run.id) where record.kind == "histogram" {
        let ours = try JSONValue(parsing: store.artifact(run: run.id, name: record.name))
        let theirs = try JSONValue(parsing: copy.artifact(run: other.id, name: record.name))
        let (before, after) = (figures(ours), figures(theirs))
        #expect(after.filter { before[$0.key] != nil } == before, "\(record.name)")
        compared += 1
      }
      let images = try store.artifacts(run: run.id).filter { $0.kind != "histogram" }
      let others = try copy.artifacts(run: other.id).filter { $0.kind == "image" }
      #expect(images.map(\.sha256).sorted() == others.map(\.sha256).sorted())
    }
    #expect(compared > 0)
  }

  @Test("a path that leads out of the source's folder is not followed")
  func outside() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("media/a"), withIntermediateDirectories: true)
    try "secret".write(toFile: folder.file("secret"), atomically: true, encoding: .utf8)
    try "in".write(toFile: folder.file("media/a/in"), atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("media/link"), withDestinationPath: folder.file("secret"))
    func files(_ path: String) throws -> [String]? {
      let value = JSONValue.object([
        "_type": .string("trackio.image"), "file_path": .string(path),
      ])
      return try #require(ForeignMedia(value, folder: folder.file("media"))).files
    }
    #expect(try files("a/in") == ["a/in"])
    for path in ["../secret", "link", "a", "", "a/../../secret", folder.file("secret"), "none"] {
      #expect(try files(path) == nil, "\(path)")
    }
  }

  @Test("what is no histogram is none")
  func malformed() {
    for text in [
      "{}", "[]", #"{"min":0,"max":1,"limits":[1],"counts":[]}"#,
      #"{"min":0,"max":1,"limits":["x"],"counts":[1]}"#,
      #"{"min":null,"max":1,"limits":[],"counts":[]}"#,
    ] { #expect((try? JSONValue(parsing: text.utf8)).flatMap(Histogram.init) == nil, "\(text)") }
    #expect(Histogram(rows: [1, 2]) == nil && Histogram(edges: [1, 2, 3], counts: [1]) == nil)
    #expect(Histogram(rows: [])?.counts == [] && Histogram(edges: [], counts: [])?.limits == [])
  }
}
