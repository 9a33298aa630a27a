import Synchronization
package import TrackerSystem

/// The databases that connections of this process have open.
///
/// Whoever else opens and closes such a file takes all of this process's locks on it away, for so POSIX has it.
package enum OpenDatabases {
  private static let counts = Mutex<[FileIdentity: Int]>([:])

  static func add(_ file: FileIdentity) { counts.withLock { $0[file, default: 0] += 1 } }

  static func remove(_ file: FileIdentity) {
    counts.withLock { counts in
      let rest = (counts[file] ?? 1) - 1
      counts[file] = rest > 0 ? rest : nil
    }
  }

  /// Whether a connection of this process has the file open.
  package static func contain(_ file: FileIdentity) -> Bool {
    counts.withLock { $0[file] != nil }
  }
}
