import Foundation
import Testing

@testable import TrackerExperiments

@Suite("Vectors that other programs wrote")
struct VectorFileTests {
  /// A `.npy` file by the format's description: magic, version, header padded to 64, values.
  private func npy(_ header: String, version: UInt8 = 1, body: [UInt8]) -> [UInt8] {
    let prefix = version == 1 ? 10 : 12
    var header = header
    while (prefix + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let length = header.utf8.count
    var bytes: [UInt8] = NumPyFile.magic + [version, 0, UInt8(length & 255), UInt8(length >> 8)]
    if version > 1 { bytes += [0, 0] }
    return bytes + Array(header.utf8) + body
  }

  private func doubles(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
  }

  private func header(_ type: String, fortran: Bool = false, _ shape: String) -> String {
    "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
  }

  @Test(
    "float64 of either byte order and every version of the format", arguments: [UInt8(1), 2, 3])
  func float64(version: UInt8) throws {
    let values = [1.5, -0.0, .infinity, .leastNonzeroMagnitude]
    let little = npy(header("<f8", "(4,)"), version: version, body: doubles(values))
    #expect(
      try NumPyFile.values(of: little, name: "x").map(\.bitPattern) == values.map(\.bitPattern))
    let reversed = values.flatMap { Array(doubles([$0]).reversed()) }
    let big = npy(header(">f8", "(4,)"), version: version, body: reversed)
    #expect(try NumPyFile.values(of: big, name: "x").map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test("float32 is widened")
  func float32() throws {
    let body = [Float(0.1), -2].flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    let values = try NumPyFile.values(of: npy(header("<f4", "(2,)"), body: body), name: "x")
    #expect(values == [Double(Float(0.1)), -2])
  }

  @Test("whole numbers are read, and their type is told")
  func integers() throws {
    let bytes: [UInt8] = [3, 0, 0xfe, 0xff]
    let array = try NumPyFile.array(of: npy(header("<i2", "(2,)"), body: bytes), name: "x")
    #expect(array.values == [3, -2] && array.type == "int16")
    let big = try NumPyFile.array(of: npy(header(">u2", "(2,)"), body: bytes), name: "x")
    #expect(big.values == [768, 65279] && big.type == "uint16")
  }

  @Test("Fortran order is turned into row-major")
  func fortran() throws {
    // [[0, 1, 2], [3, 4, 5]] stored column by column.
    let bytes = npy(header("<f8", fortran: true, "(2, 3)"), body: doubles([0, 3, 1, 4, 2, 5]))
    #expect(try NumPyFile.values(of: bytes, name: "x") == [0, 1, 2, 3, 4, 5])
  }

  @Test("a single number has an empty shape")
  func scalar() throws {
    #expect(
      try NumPyFile.values(of: npy(header("<f8", "()"), body: doubles([7])), name: "x") == [7])
  }

  @Test("what does not fit is refused with words, whatever it promises")
  func refused() {
    let wrong: [[UInt8]] = [
      npy(header("<c8", "(1,)"), body: doubles([1])),
      npy(header("<f8", "(2,)"), body: doubles([1])),
      npy(header("<f8", "(9223372036854775807, 9)"), body: doubles([1])),
      npy(header("<f8", "(-1,)"), body: []),
      npy("{'descr': '<f8'}", body: doubles([1])),
      npy(header("<f8", "(1,)"), version: 9, body: doubles([1])),
      Array(npy(header("<f8", "(1,)"), body: doubles([1])).prefix(20)),
      NumPyFile.magic,
    ]
    for bytes in wrong {
      #expect(throws: InputError.self) { try NumPyFile.values(of: bytes, name: "x") }
    }
  }

  @Test("50,000 mutated files neither crash nor hang")
  func fuzz() {
    let seed = npy(header("<f8", fortran: true, "(2, 3)"), body: doubles([0, 3, 1, 4, 2, 5]))
    var generator = SystemRandomNumberGenerator()
    var understood = 0
    for _ in 0..<50_000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
          in: 0...255, using: &generator)
      }
      if Int.random(in: 0..<4, using: &generator) == 0 {
        bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
      }
      if (try? NumPyFile.values(of: bytes, name: "x")) != nil { understood += 1 }
    }
    print("fuzzed 50000 .npy files, \(understood) still understood")
    #expect(understood > 0)
  }

  @Test("text is read a line at a time, and a bad line is named")
  func text() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let good = folder.appendingPathComponent("good.csv").path
    try Data("1\r\n\n -2.5e3 \nnan\n-inf".utf8).write(to: URL(fileURLWithPath: good))
    let values = try VectorFile(good).values
    #expect(values.count == 4 && values[1] == -2500 && values[2].isNaN && values[3] == -.infinity)

    let bad = folder.appendingPathComponent("bad.csv").path
    try Data("1\n2\nthree\n".utf8).write(to: URL(fileURLWithPath: bad))
    let error = #expect(throws: InputError.self) { try VectorFile(bad) }
    #expect(error?.reason == .malformed && error?.message.contains("line 3") == true)
    let missing = #expect(throws: InputError.self) { try VectorFile(bad + ".no") }
    #expect(missing?.reason == .missing)
  }
}
