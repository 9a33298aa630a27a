import Synchronization
import TrackerSQLite
import TrackerSystem

extension Store {
  /// Takes over what another store has, as ``importRuns(from:program:)`` does, but for runs that people deleted here.
  ///
  /// - Throws: ``StoreError``; then nothing was taken over
  package func pull(from source: String, program: String) throws -> ImportReport {
    guard !isSameFile(source, path) else {
      throw StoreError(.sameStore, "a store cannot be merged into itself")
    }
    return try merge(
      staged(storeAt: source, program: program), from: source, keepsRemoved: true)
  }

  /// Merges two stores both ways: what either has, both have then.
  ///
  /// - Returns: what came here, and what came there
  /// - Throws: ``StoreError``; each way is done wholly or not at all
  package func sync(
    with other: Store, program: String
  ) throws -> (here: ImportReport, there: ImportReport) {
    let here = try pull(from: other.path, program: program)
    let there = try other.pull(from: path, program: program)
    // The log of what was replaced there belongs to both.
    if there.replacedCount > 0 { _ = try pull(from: other.path, program: program) }
    return (here, there)
  }

  /// Takes over what many stores have, in their order, each wholly or not at all: while some are merged, threads copy and
  /// verify the next.
  ///
  /// - Parameters:
  ///   - threads: how many copy and verify at once
  ///   - report: sees what became of each, by its place
  package func pull(
    from sources: [String], program: String, threads: Int,
    _ report: (Int, Result<ImportReport, any Error>) -> Void
  ) {
    // Some for each thread, so that none waits long for the slowest.
    let count = max(1, threads) * 8
    var next = StagedStores(sources.prefix(count), of: self, program: program, threads: threads)
    var done = 0
    while done < sources.count {
      let staged = next.wait()
      let rest = sources.dropFirst(done + staged.count)
      next = StagedStores(rest.prefix(count), of: self, program: program, threads: threads)
      for (source, copy) in zip(sources.dropFirst(done), staged) {
        let result = Result { try merge(copy.get(), from: source, keepsRemoved: true) }
        report(done, result)
        done += 1
      }
    }
  }

  /// The stores in a folder and in the folders in it, by name; not this one.
  ///
  /// - Throws: ``StoreError`` where the folder cannot be read
  package func stores(in folder: String) throws -> [String] {
    let names: [String]
    do { names = try Folder.names(in: folder) } catch {
      throw StoreError(.notFound, "reading \(folder): \(error)")
    }
    var found: [String] = []
    for name in names {
      let inner = "\(folder)/\(name)"
      guard let status = try? FileStatus(link: inner) else { continue }
      if status.isFolder {
        found += try stores(in: inner)
      } else if status.isRegular, FileFacts.isStore(inner), !isSameFile(inner, path),
        !name.hasSuffix(".part"), !name.hasSuffix(".backup")
      {
        found.append(inner)
      }
    }
    return found
  }
}

/// Stores that threads copy and verify.
private struct StagedStores {
  private let threads: [Thread]
  private let copies: Copies

  private final class Copies: Sendable {
    let made: Mutex<[Int: Result<WorkingFile, any Error>]> = Mutex([:])
  }

  init(_ sources: some Collection<String>, of store: Store, program: String, threads: Int) {
    let sources = Array(sources)
    let copies = Copies()
    self.copies = copies
    @Sendable func work(_ first: Int, _ stride: Int) {
      for index in Swift.stride(from: first, to: sources.count, by: stride) {
        let source = sources[index]
        let copy = Result {
          guard !isSameFile(source, store.path) else {
            throw StoreError(.sameStore, "a store cannot be merged into itself")
          }
          return try store.staged(storeAt: source, program: program)
        }
        copies.made.withLock { $0[index] = copy }
      }
    }
    let count = max(1, min(threads, sources.count))
    var started: [Thread] = []
    for first in 0..<count {
      if let thread = try? Thread({ work(first, count) }) {
        started.append(thread)
      } else {
        // The system has no thread left: then it is done here.
        work(first, count)
      }
    }
    self.threads = started
  }

  /// All of them, in their order, once they are there.
  func wait() -> [Result<WorkingFile, any Error>] {
    for thread in threads { thread.join() }
    return copies.made.withLock { made in
      let all = made
      made.removeAll()
      return all.sorted { $0.key < $1.key }.map(\.value)
    }
  }
}
