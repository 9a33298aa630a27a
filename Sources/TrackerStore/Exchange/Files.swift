import TrackerCSV
import TrackerSystem

/// A file that is written once, from its start.
package final class OutputFile {
  private let path: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Makes a new file; there must be none of that name, and no link.
  package convenience init(creating path: String) throws {
    try self.init(creating: path, mode: 0o666)
  }

  /// - Parameter mode: who may do what with it, as far as the process's mask lets them
  init(creating path: String, mode: mode_t) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Self.failure(path, .cannotOpen) }
  }

  deinit { if descriptor >= 0 { _ = systemClose(descriptor) } }

  static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o777) == 0 else { throw failure(path, .cannotOpen) }
  }

  /// Takes a text.
  package func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count > 1 << 16 { try flush() }
  }

  /// Takes the next bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count > 1 << 16 { try flush() }
  }

  /// Writes all of it and ends the file.
  ///
  /// - Parameter isSynchronized: whether to wait until it is on disk
  package func close(isSynchronized: Bool = false) throws {
    guard descriptor >= 0 else { return }
    try flush()
    if isSynchronized, fsync(descriptor) != 0, errno == EIO || errno == ENOSPC {
      throw Self.failure(path, .inputOutput)
    }
    let status = systemClose(descriptor)
    descriptor = -1
    guard status == 0 else { throw Self.failure(path, .inputOutput) }
  }

  private func flush() throws {
    try buffer.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = systemWrite(descriptor, part.baseAddress, part.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw Self.failure(path, .inputOutput) }
        rest = rest.dropFirst(count)
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func failure(_ path: String, _ reason: StoreError.Reason) -> StoreError {
    StoreError(
      errno == ENOSPC ? .full : reason, "writing \(path): \(String(cString: strerror(errno)))",
      advice: "Choose another place, or make room.")
  }
}

/// Files that are read from start to end.
enum InputFile {
  /// A line, or a record, is at most so long: no file can fill the memory.
  private static let lineLimit = 1 << 26

  /// Lends the file piece by piece; `-` is the standard input.
  static func pieces(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw StoreError(.notFound, "reading \(path): \(String(cString: strerror(errno)))")
    }
    defer { if path != "-" { _ = systemClose(descriptor) } }
    try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
      while true {
        let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else {
          throw StoreError(
            .inputOutput, "reading \(path): \(String(cString: strerror(errno)))")
        }
        if count == 0 { return }
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
    }
  }

  /// Hands on each line without its newline.
  ///
  /// - Throws: ``StoreError``, which for an ``ImportSyntaxError`` of `body`'s names file and line
  static func lines(_ path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
    var rest: [UInt8] = []
    var number = 0
    func take(_ line: ArraySlice<UInt8>) throws {
      number += 1
      try located(path, number) { try body(line) }
    }
    try pieces(path) { piece in
      var piece = piece
      while let newline = piece.firstPlace(of: UInt8(ascii: "\n")) {
        rest.append(contentsOf: piece[..<newline])
        piece = UnsafeRawBufferPointer(rebasing: piece[(newline + 1)...])
        try take(rest[...])
        rest.removeAll(keepingCapacity: true)
      }
      rest.append(contentsOf: piece)
      guard rest.count <= lineLimit else {
        throw malformed(path, number + 1, "the line is longer than \(lineLimit) bytes")
      }
    }
    if !rest.isEmpty { try take(rest[...]) }
  }

  /// Hands on each record of a CSV file (RFC 4180); a quoted field may hold line breaks.
  ///
  /// - Throws: ``StoreError``, which for an ``ImportSyntaxError`` of `body`'s names file and line
  static func records(_ path: String, _ body: ([CSVField]) throws -> Void) throws {
    do {
      var reader = try CSVReader(
        FileDescriptor(reading: path).source(), separator: UInt8(ascii: ","),
        limit: CSVReader.Limit(bytes: lineLimit))
      var row: [CSVReader.Field] = []
      while try reader.next(into: &row) {
        try located(path, reader.rowLine) {
          try body(
            row.map { field in
              guard let text = reader.text(of: field) else {
                throw ImportSyntaxError("the text is not UTF-8")
              }
              return CSVField(text: text, isQuoted: field.isQuoted)
            })
        }
      }
    } catch let error as CSVError {
      throw malformed(path, error.line, error.message)
    } catch let error as SystemError {
      throw StoreError(.inputOutput, "reading \(path): \(error)")
    }
  }

  private static func located(_ path: String, _ line: Int, _ body: () throws -> Void) throws {
    do { try body() } catch let error as ImportSyntaxError {
      throw malformed(path, line, error.message)
    }
  }

  private static func malformed(_ path: String, _ line: Int, _ message: String) -> StoreError {
    StoreError(.malformed, "importing \(path), line \(line): \(message)")
  }
}

// The members of the same names hide the functions.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
private func systemRead(
  _ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int
) -> Int { read(descriptor, bytes, count) }
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
