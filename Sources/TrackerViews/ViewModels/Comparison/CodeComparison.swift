import TrackerJSON
import TrackerStore

/// The changes of code that a run keeps.
package struct KeptPatch: Sendable, Hashable {
  /// The SHA-256 of its bytes, in lower-case hexadecimal.
  package var sha256: String
  /// What `git diff HEAD` said.
  package var text: String

  /// Changes of code.
  package init(sha256: String, text: String) {
    self.sha256 = sha256
    self.text = text
  }
}

/// The code of runs: which commit each was made with and what was changed since, and how two of them differ.
struct CodeComparison: Sendable {
  /// A file that was changed in another way.
  struct FileDifference: Sendable, Hashable {
    let path: String
    /// The changes that only the first run has, and those that only the second has.
    let only: [[String]]
  }

  /// The first run, and the first whose code is not the same; `nil` where all have the same.
  let pair: (first: Run, second: Run)?
  /// What was changed otherwise in the two, if that is known.
  let files: [FileDifference]?
  /// Of the two, those with changes that were not kept.
  let unknown: [Run]
  /// The changes of each run; `nil` where they are not known.
  let diffs: [UnifiedDiff?]

  private struct State: Hashable {
    var commit: String?
    var isDirty: Bool?
    var patch: String?
  }

  init(_ runs: [Run], _ patches: [Int64: KeptPatch]) {
    let diffs = runs.map { run in
      patches[run.id].map { UnifiedDiff($0.text) }
        ?? (run.environment.gitDirty == false ? UnifiedDiff("") : nil)
    }
    let states = runs.map {
      State(
        commit: $0.environment.gitCommit, isDirty: $0.environment.gitDirty,
        patch: patches[$0.id]?.sha256)
    }
    self.diffs = diffs
    guard let other = states.firstIndex(where: { $0 != states[0] }) else {
      (pair, files, unknown) = (nil, nil, [])
      return
    }
    pair = (runs[0], runs[other])
    unknown = [0, other].filter { states[$0].isDirty == true && diffs[$0] == nil }.map { runs[$0] }
    files = diffs[0].flatMap { first in
      diffs[other].map { Self.differences(between: first, and: $0) }
    }
  }

  private static func differences(
    between first: UnifiedDiff, and second: UnifiedDiff
  ) -> [FileDifference] {
    func byPath(_ diff: UnifiedDiff) -> [String: [String]] {
      Dictionary(diff.files.map { ($0.path, $0.changes) }) { $0 + $1 }
    }
    let (a, b) = (byPath(first), byPath(second))
    return Set(a.keys).union(b.keys).sorted().compactMap { path in
      let (one, other) = (a[path] ?? [], b[path] ?? [])
      guard one != other else { return nil }
      return FileDifference(path: path, only: [one.without(other), other.without(one)])
    }
  }
}

extension [String] {
  /// The lines that `others` does not have, or has fewer times.
  fileprivate func without(_ others: [String]) -> [String] {
    var left = Dictionary(others.map { ($0, 1) }, uniquingKeysWith: +)
    return filter { line in
      guard let count = left[line], count > 0 else { return true }
      left[line] = count - 1
      return false
    }
  }
}

// MARK: - Renderings

extension CodeComparison {
  var json: JSONValue {
    .object([
      "patches": .array(
        diffs.map { diff in
          guard let diff else { return .null }
          return .object(["files": .array(diff.files.map(\.json))])
        }),
      "between": pair.map { .array([.integer($0.first.id), .integer($0.second.id)]) } ?? .null,
      "differences": files.map { files in .array(files.map(\.json)) } ?? .null,
    ])
  }

  /// More lines than this are counted and not shown, unless all is to be shown.
  private static let lineLimit = 20

  func blocks(showsAll: Bool) -> [Document.Block] {
    guard let (first, second) = pair else { return [] }
    var blocks: [Document.Block] = []
    if let a = first.environment.gitCommit, let b = second.environment.gitCommit, a != b {
      blocks += [
        .paragraph("Runs \(first.id) and \(second.id) are from different commits:"),
        .command("git diff \(a.prefix(12)) \(b.prefix(12))"),
      ]
    }
    if !unknown.isEmpty {
      blocks.append(
        .paragraph(
          "What was changed since the commit was not kept with "
            + unknown.map { "run \($0.id)" }.joined(separator: " and ") + ".", .faint))
    }
    guard let files, !files.isEmpty else { return blocks }
    blocks.append(
      .heading("Uncommitted changes, run \(first.id) against run \(second.id)"))
    let lineCount = files.reduce(0) { $0 + $1.only[0].count + $1.only[1].count }
    guard lineCount <= Self.lineLimit || showsAll else {
      let rows = files.map { file -> [Cell] in
        [.text(file.path), .count(file.only[0].count), .count(file.only[1].count)]
      }
      return blocks + [
        .table(
          DataTable(
            ["file", "only in run \(first.id)", "only in run \(second.id)"], rows: rows)),
        .paragraph("--all shows the lines.", .faint),
      ]
    }
    let texts = files.map { text($0, first, second, width: showsAll ? .max : 160) }
    return blocks + [.picture(texts.joined(separator: "\n\n"))]
  }

  private func text(
    _ file: FileDifference, _ first: Run, _ second: Run, width: Int
  ) -> String {
    let lines = zip([first, second], file.only).flatMap { run, lines in
      lines.map { "  run \(run.id)  \($0.visible.abbreviated(to: width))" }
    }
    return ([file.path.visible] + (lines.isEmpty ? ["  the same lines in another order"] : lines))
      .joined(separator: "\n")
  }
}

extension UnifiedDiff.File {
  fileprivate var json: JSONValue {
    .object([
      "path": .string(path), "added": .integer(addedCount), "removed": .integer(removedCount),
    ])
  }
}

extension CodeComparison.FileDifference {
  fileprivate var json: JSONValue {
    .object([
      "path": .string(path), "onlyInFirst": .array(only[0].map { .string($0) }),
      "onlyInSecond": .array(only[1].map { .string($0) }),
    ])
  }
}
