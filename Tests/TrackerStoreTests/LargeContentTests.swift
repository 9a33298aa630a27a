import Foundation
import TestSupport
import Testing
import TrackerSQLite

@testable import TrackerStore

/// Contents in pieces, of which a few bytes are enough here.
@Suite("Large contents")
struct LargeContentTests {
  let folder: TemporaryFolder
  let store: Store
  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("tracker.sqlite"))
  }

  private static let sizes = ContentSizes(whole: 1000, piece: 300, transaction: 900)
  /// Eight pieces in three transactions.
  private static let large = bytes(2345)

  private static func bytes(_ count: Int, from start: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(($0 &* 31 + $0 / 256 + start) & 255) }
  }

  /// Gives odd parts, as a file or a network may.
  private static func source(_ bytes: [UInt8]) -> ByteSource {
    var position = 0
    return { buffer in
      let count = min(buffer.count, bytes.count - position, 77)
      for offset in 0..<count { buffer[offset] = bytes[position + offset] }
      position += count
      return count
    }
  }

  private func inPieces<R>(_ body: () throws -> R) rethrows -> R {
    try ContentSizes.$current.withValue(Self.sizes, operation: body)
  }

  private func count(_ table: String, in other: Store? = nil) throws -> Int64? {
    guard
      case .integer(let count) = try (other ?? store).query("SELECT count(*) FROM \(table)")
        .rows[0][0]
    else { return nil }
    return count
  }

  private func content(_ name: String, in other: Store? = nil) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try (other ?? store).readArtifact(run: 1, name: name) { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// A run with a large artifact, twice, and a small one.
  private func fill() throws {
    let run = try store.startRun(RunStart(name: "large"))
    try inPieces {
      for name in ["model", "again"] {
        try store.putArtifact(run: 1, name: name) { Self.source(Self.large) }
      }
      try store.putArtifact(run: 1, name: "small") { Self.source(Self.bytes(1000)) }
    }
    try run.finish()
  }

  private func expectAll(in other: Store) throws {
    #expect(try content("model", in: other) == Self.large)
    #expect(try content("small", in: other) == Self.bytes(1000))
    #expect(try other.health().isHealthy)
    #expect(try other.artifacts(run: 1).map(\.byteCount) == [2345, 2345, 1000])
  }

  @Test("are kept once, in pieces, and read back; small ones are whole in their row")
  func pieces() throws {
    try fill()
    #expect(try count("blob") == 2 && count("blob_piece") == 8)
    #expect(
      try store.query("SELECT length(content), byte_count FROM blob ORDER BY id").rows == [
        [.integer(0), .integer(2345)], [.integer(1000), .null],
      ])
    try expectAll(in: store)
    #expect(
      try store.query("SELECT byte_count FROM artifacts WHERE name = 'model'").rows
        == [[.integer(2345)]])
    #expect(try store.artifact(run: 1, name: "model") == Self.large)
    #expect(try store.artifactSize("model", of: .run(1)) == 2345)
    #expect(try store.artifactNames(of: .run(1)).map(\.byteCount) == [2345, 2345, 1000])
  }

  @Test("go with the last name that they have")
  func removing() throws {
    try fill()
    try store.removeArtifacts("model", of: .run(1))
    #expect(try count("blob_piece") == 8)
    // A small content takes the name.
    try store.putArtifact(run: 1, name: "again") { Self.source([1]) }
    #expect(try count("blob_piece") == 0 && count("blob") == 2)
    try inPieces {
      _ = try store.putArtifact(run: 1, name: "model") { Self.source(Self.large) }
    }
    #expect(try count("blob_piece") == 8)
    try store.delete(runs: [1])
    #expect(try count("blob_piece") == 0 && count("blob") == 0)
  }

  @Test("go through an export, a folder of CSV files, an import and a sync to the bit")
  func exchange() throws {
    try fill()
    let lines = folder.file("export.jsonl")
    var exported: [UInt8] = []
    _ = try store.exportJSONLines { exported.append(contentsOf: $0) }
    try Data(exported).write(to: URL(filePath: lines))
    let csv = folder.file("csv")
    _ = try store.exportCSV(into: csv)
    for (index, source) in [lines, csv, store.path].enumerated() {
      let other = try Store(path: folder.file("\(index).sqlite"))
      _ = try inPieces { try other.importRuns(from: source) }
      try expectAll(in: other)
      #expect(try count("blob_piece", in: other) == 8, "\(source)")
      // Once more, nothing is new.
      _ = try inPieces { try other.importRuns(from: source) }
      #expect(try count("blob_piece", in: other) == 8)
    }
    // A program that keeps larger ones whole takes them, too.
    let whole = try Store(path: folder.file("whole.sqlite"))
    _ = try whole.importRuns(from: lines)
    try expectAll(in: whole)
    #expect(try count("blob_piece", in: whole) == 0)
    let copy = folder.file("copy.sqlite")
    try store.backUp(to: copy)
    try expectAll(in: Store(path: copy))
  }

  @Test("that change while they are read leave nothing behind")
  func changing() throws {
    try fill()
    for other in [Self.bytes(2345, from: 1), Self.bytes(2300), Self.bytes(2400)] {
      var readings = 0
      #expect(throws: StoreError.self) {
        try inPieces {
          try store.putArtifact(run: 1, name: "changing") {
            readings += 1
            return Self.source(readings == 1 ? Self.bytes(2345, from: 9) : other)
          }
        }
      }
      #expect(try count("blob_piece") == 8)
    }
    struct Lost: Error {}
    #expect(throws: Lost.self) {
      try inPieces {
        try store.keepArtifact(
          "lost", of: .run(1),
          ReceivedContent(sha256: [UInt8](repeating: 1, count: 32), byteCount: 2000)
        ) { _ in throw Lost() }
      }
    }
    #expect(try count("blob_piece") == 8 && count("artifact") == 3)
    try expectAll(in: store)
  }

  /// Both of a content in pieces and of one that is whole.
  @Test(
    "whose hash others say are hashed, and not twice where it is our own", arguments: [2000, 20])
  func claims(size: Int) throws {
    _ = try store.startRun(RunStart())
    let wrong = [UInt8](repeating: 1, count: 32)
    func keep(_ name: String, isVerified: Bool) throws {
      try inPieces {
        try store.keepArtifact(
          name, of: .run(1),
          ReceivedContent(sha256: wrong, byteCount: size, isVerified: isVerified),
          reading: Self.source(Self.bytes(size)))
      }
    }
    #expect(throws: StoreError.self) { try keep("claimed", isVerified: false) }
    #expect(try count("artifact") == 0 && count("blob") == 0 && count("blob_piece") == 0)
    try keep("our own", isVerified: true)
    // What it is read with is another check.
    #expect(throws: StoreError.self) { try store.readArtifact(run: 1, name: "our own") { _ in } }
  }

  @Test("of a run that is not there leave nothing behind")
  func missingRun() throws {
    #expect(throws: StoreError.self) {
      try inPieces { try store.putArtifact(run: 7, name: "a") { Self.source(Self.large) } }
    }
    #expect(try count("blob_piece") == 0 && count("blob") == 0)
  }

  @Test("that nobody finished are no contents, and dropped a day later or by gc")
  func brokenOff() throws {
    try fill()
    let connection = try Connection(path: store.path, mode: .readWrite)
    func breakOff(at time: Int64) throws {
      try connection.run(
        """
        INSERT INTO blob_piece (piece_set, number, content, added_at) VALUES (5, 0, x'00', ?)
        """, [.integer(time)])
    }
    // One that is on its way is nobody's concern.
    try breakOff(at: Timestamp.now().milliseconds)
    #expect(try store.health().isHealthy && count("blob_piece") == 9)
    let other = try Store(path: folder.file("other.sqlite"))
    _ = try inPieces { try other.importRuns(from: store.path) }
    #expect(try count("blob_piece", in: other) == 8)
    try inPieces {
      _ = try store.putArtifact(run: 1, name: "new") { Self.source(Self.bytes(1200, from: 3)) }
    }
    #expect(try count("blob_piece") == 13)
    #expect(try store.collectGarbage().droppedContents == 1 && count("blob_piece") == 12)
    // One from yesterday is reported, and goes when the next comes.
    try breakOff(at: 0)
    #expect(
      try store.health().checks.flatMap(\.problems) == ["a content of 1 pieces was broken off"])
    try inPieces {
      _ = try store.putArtifact(run: 1, name: "new") { Self.source(Self.bytes(1200, from: 4)) }
    }
    #expect(try count("blob_piece") == 12 && store.health().isHealthy)
    try breakOff(at: 0)
    #expect(try store.repair().done == ["unused contents dropped: 1"])
    #expect(try store.health().isHealthy)
  }

  @Test("whose pieces are lost or wrong are found out")
  func damage() throws {
    try fill()
    let connection = try Connection(path: store.path, mode: .readWrite)
    try connection.run("UPDATE blob_piece SET content = zeroblob(300) WHERE number = 3")
    #expect(throws: StoreError.self) { _ = try content("model") }
    #expect(try store.health().checks.flatMap(\.problems) == ["content 1 does not have its hash"])
    try connection.run("DELETE FROM blob_piece WHERE number = 7")
    #expect(throws: StoreError.self) { _ = try content("model") }
    #expect(throws: StoreError.self) {
      try Store(path: folder.file("other.sqlite")).importRuns(from: store.path)
    }
  }

  @Test("that are replaced while they are read say so")
  func replacedMeanwhile() throws {
    try fill()
    try store.removeArtifacts("again", of: .run(1))
    var reason: StoreError.Reason?
    do {
      try store.readArtifact(run: 1, name: "model") { _ in
        try Connection(path: store.path, mode: .readWrite).execute(
          "DELETE FROM blob_piece; UPDATE artifact SET blob_id = 2 WHERE name = 'model'")
      }
    } catch let error as StoreError { reason = error.reason }
    #expect(reason == .changed)
  }
}
