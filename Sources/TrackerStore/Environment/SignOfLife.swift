import Synchronization
import TrackerSystem

/// What tells a living process from one that is gone where its number tells nothing: a lock on a byte of a file beside the
/// store, `STORE-life`, which the system drops with the process, however it ends and whatever pid namespace (container) it
/// ends with. A suspended process keeps it.
///
/// A run keeps which byte of which file that is. Where the file beside the store is another, for the store was
/// copied or the run imported, nothing is known.
final class SignOfLife: Sendable {
  private let path: String
  private let state = Mutex<Held?>(nil)

  private struct Held: ~Copyable {
    let lock: FileLock
    let name: String
  }

  init(storePath: String) { path = Self.path(storePath) }

  private static func path(_ storePath: String) -> String { "\(storePath)-life" }

  /// This process's sign, given from the first call on; `nil` where no file can be locked.
  func name() -> String? {
    state.withLock { held in
      if held == nil { held = give() }
      return held?.name
    }
  }

  private func give() -> Held? {
    let store = String(path.dropLast("-life".count))
    let mode = ((try? FileStatus(store))?.mode ?? 0o600) & 0o666
    // Any byte but the first: whoever takes the file away locks them all.
    let byte = Int64.random(in: 1..<(1 << 60))
    for _ in 0..<50 {
      guard let lock = try? FileLock(path, creating: mode) else { return nil }
      // Somebody may have taken the file away after it was opened.
      if lock.take(from: byte, count: 1), let file = try? lock.status.identity,
        file == FileIdentity(path: path)
      {
        return Held(lock: lock, name: "\(file):\(byte)")
      }
      usleep(2_000)
    }
    return nil
  }

  /// Ends the sign, and takes the file away if nobody has a sign in it.
  ///
  /// - Parameter isLast: whether no run of the store goes on: what became of one that does is seen by the file
  func end(isLast: () -> Bool) {
    state.withLock { held in
      guard case let ended? = held.take() else { return }
      if ended.lock.take(from: 0, count: 0), isLast() { unlink(path) }
    }
  }

  /// What a sign says that was given beside a store by a process of this boot of this machine.
  static func state(_ name: String, storePath: String) -> ProcessState {
    let parts = name.split(separator: ":")
    guard parts.count == 3, let byte = Int64(parts[2]), byte > 0,
      let file = FileIdentity(path: path(storePath)), "\(file)" == parts[0] + ":" + parts[1],
      let isTaken = FileLock.isTaken(path(storePath), from: byte, count: 1)
    else { return .unknown }
    return isTaken ? .alive : .gone
  }
}
