/// What `git diff` says, by file.
struct UnifiedDiff: Sendable, Hashable {
  /// A file that was changed.
  struct File: Sendable, Hashable {
    /// Its path; where it was renamed, the new one.
    var path: String
    /// The lines that were added (`+…`) and removed (`-…`), and what else was done to it (`rename from a.py`).
    var changes: [String] = []

    var addedCount: Int { changes.count { $0.hasPrefix("+") } }
    var removedCount: Int { changes.count { $0.hasPrefix("-") } }
  }

  private(set) var files: [File] = []

  /// Reads a diff; what is none is not a file.
  init(_ text: String) {
    // Of a hunk, how many lines of the old and of the new file are still to come: what looks like a header may be
    // a line of the file.
    var (old, new) = (0, 0)
    // Not at "\r\n", which to Swift is one character.
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = String(line)
      if old > 0 || new > 0 {
        switch line.utf8.first {
        case UInt8(ascii: "+"): new -= 1
        case UInt8(ascii: "-"): old -= 1
        case UInt8(ascii: "\\"): continue
        default:
          old -= 1
          new -= 1
          continue
        }
        add(line)
      } else if line.hasPrefix("@@ "), let counts = Self.counts(of: line) {
        (old, new) = counts
      } else {
        read(header: line)
      }
    }
  }

  private mutating func read(header line: String) {
    if line.hasPrefix("diff --git ") {
      // Both paths are the same, unless a later line names them.
      let paths = line.dropFirst("diff --git ".count)
      files.append(File(path: Self.path(paths.suffix((paths.count - 1) / 2))))
      return
    }
    guard let last = files.indices.last else { return }
    if line.hasPrefix("+++ "), !line.hasPrefix("+++ /dev/null") {
      files[last].path = Self.path(line.dropFirst("+++ ".count))
    } else if line.hasPrefix("rename to ") {
      files[last].path = String(line.dropFirst("rename to ".count))
    }
    for mark in [
      "rename from ", "new file ", "deleted file ", "old mode ", "new mode ", "Binary files ",
    ]
    where line.hasPrefix(mark) {
      add(line)
    }
  }

  private mutating func add(_ change: String) {
    if let last = files.indices.last { files[last].changes.append(change) }
  }

  /// `b/train.py` as git writes it: one with a space is followed by a tabulator, a strange one stands in quotes.
  private static func path(_ text: Substring) -> String {
    var path = text.hasSuffix("\t") ? text.dropLast() : text
    if path.hasPrefix("\""), path.hasSuffix("\"") { path = path.dropFirst().dropLast() }
    return String(path.hasPrefix("b/") ? path.dropFirst(2) : path)
  }

  /// `@@ -1,6 +1,5 @@`: 6 and 5; a count that is left out is 1.
  private static func counts(of header: String) -> (old: Int, new: Int)? {
    let ranges = header.split(separator: " ").dropFirst().prefix(2)
    let counts = ranges.map { range in
      let parts = range.split(separator: ",")
      return parts.count == 2 ? Int(parts[1]) : 1
    }
    guard counts.count == 2, let old = counts[0], let new = counts[1] else { return nil }
    return (old, new)
  }
}
