import TrackerMLflow
import TrackerStore
import TrackerSystem

/// A store on this machine's disk whose runs are meant for a server: `FOLDER/ADDRESS/NAME.sqlite`, where ADDRESS is the
/// server's, percent-encoded. A process that records makes its own, so that machines that share the folder share no file.
struct DeliveryQueue {
  /// The server's address.
  let address: String
  /// The store's file.
  let path: String

  /// The folder of a program's queues, below the folder that it works in.
  static let folder = "tracker-queue"

  /// The queue in a store's file; `nil` where it is a store like any other.
  init?(path: String) {
    let names = path.split(separator: "/")
    guard names.count > 1, let address = Percent.decode(String(names[names.count - 2])),
      Self.isAddress(address), path.hasSuffix(".sqlite")
    else { return nil }
    self.address = address
    self.path = path
  }

  /// Makes the place of a new queue.
  ///
  /// - Parameters:
  ///   - folder: the folder of queues
  ///   - process: the process whose runs they are
  /// - Throws: ``CommandError``
  init(for address: String, in folder: String, process: ProcessIdentity) throws {
    let address = try ServerConnection.checked(address)
    self.address = address
    let folder = "\(folder)/\(Percent.encode(address))"
    try FileSystem.makeFolder(folder)
    let time = Timestamp.now().milliseconds
    path = "\(folder)/\(Percent.encode(Self.host))-\(process.pid)-\(time).sqlite"
  }

  /// The machine's name.
  private static var host: String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 257) { name in
      name.initialize(repeating: 0)
      return gethostname(name.baseAddress!, 256) == 0 ? String(cString: name.baseAddress!) : ""
    }
  }

  /// Whether a text names a server and no file.
  static func isAddress(_ text: String) -> Bool {
    let lower = text.lowercased()
    return lower.hasPrefix("http://") || lower.hasPrefix("https://")
  }

  /// The queues in a file, in the folder of an address, or in a folder of those.
  ///
  /// - Throws: ``CommandError``
  static func all(in path: String) throws -> [DeliveryQueue] {
    if let queue = DeliveryQueue(path: path) { return [queue] }
    guard let names = try? Folder.names(in: path) else {
      throw CommandError(
        status: .noInput, message: "there is no folder \(path)",
        advice: "Name the folder that the program was started in, with /\(folder) behind it.")
    }
    return names.flatMap { name -> [DeliveryQueue] in
      let inner = "\(path)/\(name)"
      if let queue = DeliveryQueue(path: inner) { return [queue] }
      let files = (try? Folder.names(in: inner)) ?? []
      return files.compactMap { DeliveryQueue(path: "\(inner)/\($0)") }
    }
  }

  /// Removes the store's files, and the folder where it was the last.
  func remove() {
    for ending in ["", "-wal", "-shm", ".lock"] { unlink(path + ending) }
    if let slash = path.lastIndex(of: "/") { rmdir(String(path[..<slash])) }
  }
}

/// Who is at a queue: the process that sends it, and those that record into it.
struct DeliveryLock: ~Copyable {
  private let lock: FileLock
  private let path: String

  init(_ queue: DeliveryQueue) throws(SystemError) {
    path = queue.path + ".lock"
    lock = try FileLock(path, creating: 0o666)
  }

  /// Marks this process as one that records.
  func join() { _ = lock.take(from: Int64(getpid()), count: 1) }

  /// Whether this process is the one that sends now.
  func takeSending() -> Bool { lock.take(from: 0, count: 1) }

  /// Whether another process records.
  var isShared: Bool { FileLock.isTaken(path, from: 1, count: 0) ?? true }

  /// Leaves it to others.
  func leave() { lock.release(from: 0, count: 0) }
}
