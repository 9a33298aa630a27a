import TrackerStore
import TrackerSystem

/// Reading of whole small files and of large ones piece by piece.
enum SourceFile {
  /// A file that is read whole is at most so large, in bytes: no source can fill the memory.
  static let wholeLimit = 1 << 28
  /// A line is at most so long, in bytes.
  static let lineLimit = 1 << 26

  /// Opens a regular file.
  static func open(_ path: String) throws(ForeignError) -> FileDescriptor {
    do throws(SystemError) { return try FileDescriptor(readingRegularFile: path) } catch {
      throw ForeignError.missing("reading \(path): \(error)")
    }
  }

  /// A file, piece by piece.
  static func source(_ path: String) throws(ForeignError) -> PieceSource {
    let source = try open(path).source()
    return {
      do { return try source() } catch let error as SystemError {
        throw ForeignError.missing("reading \(path): \(error)")
      }
    }
  }

  /// All of a file of at most `limit` bytes.
  static func bytes(_ path: String, limit: Int = wholeLimit) throws -> [UInt8] {
    let file = try open(path)
    var bytes: [UInt8] = []
    do {
      try file.pieces { piece in
        bytes.append(contentsOf: piece)
        guard bytes.count <= limit else {
          throw ForeignError.malformed("reading \(path): it is larger than \(limit) bytes")
        }
      }
    } catch let error as SystemError { throw ForeignError.missing("reading \(path): \(error)") }
    return bytes
  }

  /// All of a file as text, without a byte order mark.
  static func text(_ path: String) throws -> String {
    let text = String(decoding: try bytes(path), as: UTF8.self)
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }

  /// Hands on each line without its end, with its number from 1.
  ///
  /// - Parameter takesUnended: whether a last line without an end is handed on: where a program still writes, it may be
  ///   half of a line, with half of a number
  static func lines(
    _ path: String, takesUnended: Bool = true,
    _ body: (_ line: UnsafeRawBufferPointer, _ number: Int) throws -> Void
  ) throws {
    let file = try open(path)
    var rest: [UInt8] = []
    var number = 0
    func take(_ line: UnsafeRawBufferPointer) throws {
      number += 1
      let isReturned = line.last == UInt8(ascii: "\r")
      try body(isReturned ? UnsafeRawBufferPointer(rebasing: line.dropLast()) : line, number)
    }
    do {
      try file.pieces { piece in
        var piece = piece
        while let newline = piece.firstPlace(of: UInt8(ascii: "\n")) {
          let line = UnsafeRawBufferPointer(rebasing: piece[..<newline])
          if rest.isEmpty {
            try take(line)
          } else {
            rest.append(contentsOf: line)
            try rest.withUnsafeBytes(take)
            rest.removeAll(keepingCapacity: true)
          }
          piece = UnsafeRawBufferPointer(rebasing: piece[(newline + 1)...])
        }
        rest.append(contentsOf: piece)
        guard rest.count <= lineLimit else {
          throw ForeignError.malformed(
            "reading \(path), line \(number + 1): it is longer than \(lineLimit) bytes")
        }
      }
      if takesUnended, !rest.isEmpty { try rest.withUnsafeBytes(take) }
    } catch let error as SystemError { throw ForeignError.missing("reading \(path): \(error)") }
  }

  /// The names in a folder, in the order of their bytes; none where there is no folder.
  static func names(in folder: String) -> [String] { (try? Folder.names(in: folder)) ?? [] }

  static func isFile(_ path: String) -> Bool { (try? FileStatus(path))?.isRegular == true }

  /// The regular files below a folder, by their path in it.
  static func files(below folder: String) -> [String] {
    entries(below: folder).filter { !$0.isLink }.map(\.path)
  }

  /// The regular files and the links below a folder; links are not followed, so that no circle is walked for ever, and
  /// nothing is read that lies elsewhere.
  private static func entries(below folder: String) -> [(path: String, isLink: Bool)] {
    var entries: [(path: String, isLink: Bool)] = []
    func walk(_ inner: String) {
      for name in names(in: "\(folder)/\(inner)") {
        let path = inner.isEmpty ? name : "\(inner)/\(name)"
        guard let status = try? FileStatus(link: "\(folder)/\(path)") else { continue }
        if status.isFolder {
          walk(path)
        } else if status.isRegular || status.isLink {
          entries.append((path, status.isLink))
        }
      }
    }
    walk("")
    return entries
  }

  /// The files below a folder as artifacts.
  static func artifacts(below folder: String, in prefix: String = "") -> [ForeignArtifact] {
    entries(below: folder).map {
      ForeignArtifact(
        name: prefix + $0.path, kind: "file",
        content: $0.isLink ? .link : .file("\(folder)/\($0.path)"))
    }
  }

  /// The last part of a path.
  static func name(of path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  /// The path of the folder that holds `path`.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// When a file was last written.
  static func modified(_ path: String) -> Timestamp? {
    (try? FileStatus(path)).map { Timestamp(milliseconds: $0.modified / 1_000_000) }
  }
}
