import TrackerJSON
import TrackerSystem

/// Reads messages from a descriptor, a line each, and writes the answers to another until the input ends.
package struct ToolLoop {
  /// No message is longer.
  static let lineLimit = 1 << 24

  private var server: ToolServer
  private let input: Int32
  private let output: Int32

  package init(_ server: ToolServer, input: Int32, output: Int32) {
    self.server = server
    self.input = input
    self.output = output
  }

  /// - Throws: ``SystemError`` where a descriptor fails; a reader that is gone ends it silently
  package mutating func run() throws {
    var line: [UInt8] = []
    var isTooLong = false
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = try retrying { read(input, piece.baseAddress, piece.count) }
      guard count > 0 else { break }
      var rest = piece[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line.append(contentsOf: rest[..<end])
        rest = rest[(end + 1)...]
        guard send(isTooLong ? ToolServer.tooLong : answer(line)) else { return }
        line.removeAll(keepingCapacity: true)
        isTooLong = false
      }
      if line.count + rest.count > Self.lineLimit {
        // The rest of such a line is passed over.
        isTooLong = true
        line.removeAll()
      }
      if !isTooLong { line.append(contentsOf: rest) }
    }
    // A last line may have no newline.
    _ = send(isTooLong ? ToolServer.tooLong : answer(line))
  }

  private mutating func answer(_ line: [UInt8]) -> JSONValue? {
    line.allSatisfy { $0 <= 0x20 } ? nil : server.answer(line)
  }

  /// - Returns: whether anybody reads it
  private func send(_ answer: JSONValue?) -> Bool {
    guard let answer else { return true }
    let bytes = Array((answer.compact + "\n").utf8)
    return bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        guard let count = try? retrying({ write(output, part.baseAddress, part.count) }), count > 0
        else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }
}
