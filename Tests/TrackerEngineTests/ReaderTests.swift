import Foundation
import Testing

@testable import TrackerEngine
import TrackerDeflate
import TrackerSystem

@Suite("Readers of data files")
struct ReaderTests {
  private func idx(_ shape: [Int], _ values: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, 8, UInt8(shape.count)]
    for extent in shape {
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(extent >> shift & 255)) }
    }
    return bytes + values
  }

  /// What gzip makes of bytes.
  private func gzip(_ bytes: [UInt8], _ level: String) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = ["-c", level]
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(data)
  }

  private func decompressed(_ packed: [UInt8]) throws -> [UInt8] {
    let source = try Gzip.decompressed(pieces(of: packed))
    var content: [UInt8] = []
    while let piece = try source() { content += piece }
    return content
  }

  @Test(
    "gzip is undone at every level, stored, fixed and dynamic blocks alike",
    arguments: ["-1", "-6", "-9"])
  func inflate(level: String) throws {
    var generator = RandomGenerator(seed: 1)
    let noise = (0..<70_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    let text = Array(String(repeating: "0,0,5,13,9,1,0,0,", count: 9_000).utf8)
    for content in [[], [7], noise, text, text + noise + text] {
      let packed = try gzip(content, level)
      #expect(try decompressed(packed) == content)
      // Members that follow each other are one content.
      #expect(try decompressed(packed + packed) == content + content)
      #expect(throws: Gzip.Damage.self) { try decompressed(Array(packed.dropLast(3))) }
      if content.count > 1 {
        var damaged = packed
        damaged[damaged.count - 6] ^= 1  // the checksum
        #expect(throws: Gzip.Damage.self) { try decompressed(damaged) }
      }
    }
  }

  @Test("quotes, doubled quotes, commas and newlines in them, and each kind of line end are read")
  func csv() throws {
    let text = "\u{FEFF}a,\"b \"\"x\"\",\ny\",kind\r\n 1 ,\"2\",\"p,\"\"q\"\"\"\r3,4e0,r\n\n"
    let data = try Dataset(
      csv: Array(text.utf8), name: "t", labelColumn: .name("kind"), hasHeader: true)
    #expect(data.features == [1, 2, 3, 4] && data.labels == [0, 1])
    #expect(data.classNames == ["p,\"q\"", "r"])
    let first = try Dataset(csv: Array("b,1\na,2\n10,3".utf8), name: "t", labelColumn: .number(1))
    #expect(first.features == [1, 2, 3] && first.classNames == ["10", "a", "b"])
    let numeric = try Dataset(csv: Array("1,10\n2,9\n3,-1".utf8), name: "t")
    #expect(numeric.classNames == ["-1", "9", "10"] && numeric.labels == [2, 1, 0])
  }

  @Test("60,000 damaged files neither crash nor hang nor take more memory than they may")
  func fuzz() throws {
    let table = Array("1,\"2,\"\"\",a\r\n3,4.5e1,b\n-6,7,\"a\"\n".utf8)
    let images = idx([3, 2, 2], Array(0..<12))
    let seeds = [table, images, try gzip(table, "-9"), try gzip(images, "-1")]
    let labels = idx([3], [0, 1, 0])
    var generator = RandomGenerator(seed: UInt64.random(in: 0...UInt64.max))
    var understood = 0
    for round in 0..<60_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        case 2: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        default: if bytes.count > 4 { bytes.remove(at: index) }
        }
      }
      let isTable = round % 2 == 0
      let read =
        isTable
        ? try? Dataset(csv: bytes, name: "t")
        : try? Dataset(images: bytes, imagesName: "i", labels: labels, labelsName: "l")
      if read != nil { understood += 1 }
    }
    print("fuzzed 60000 data files, \(understood) still understood")
    #expect(understood > 0)
  }
}
