import TrackerStore
@preconcurrency import TrackerSystem

/// The few things that commands ask of the file system.
enum FileSystem {
  /// The folder that the process was started in.
  static func currentDirectory() -> String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
  }

  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// `path`, made absolute with `directory` where it is relative.
  static func absolute(_ path: String, in directory: String) -> String {
    path.hasPrefix("/") ? path : "\(directory)/\(path)"
  }

  /// Makes a folder and those above it, where they are not there yet.
  static func makeFolder(_ path: String) throws {
    guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      try makeFolder(String(path[..<slash]))
      if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    }
    throw CommandError.cannotCreate(path, errorNumber: errno)
  }

  /// Makes sure that what is at `path` may be replaced by an output: no SQLite database ever, and what tracker did not
  /// make only when the user says so.
  ///
  /// - Parameters:
  ///   - name: how the user named the file
  ///   - isForced: whether the user said so
  ///   - mark: what stands near the start of a file of this kind that tracker made
  static func requireReplaceable(
    _ path: String, named name: String, isForced: Bool, mark: String? = nil
  ) throws {
    guard !Store.isDatabase(path) else {
      throw CommandError(
        status: .cannotCreate,
        message: "\(name) is an SQLite database or belongs to one, which no output replaces",
        advice: "Choose another name.")
    }
    guard !isForced, exists(path), (try? FileStatus(path))?.byteCount != 0 else { return }
    guard let mark, start(of: path).contains(mark) else {
      throw CommandError(
        status: .cannotCreate, message: "there is \(name) already, and tracker did not make it",
        advice: "Choose another name, or replace it with --force.")
    }
  }

  /// The first characters of a file; none where it cannot be read.
  private static func start(of path: String) -> String {
    guard let file = try? FileDescriptor(readingRegularFile: path) else { return "" }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = (try? bytes.withUnsafeMutableBytes { try file.read(into: $0) }) ?? 0
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Writes `text` to a new file beside `path` and renames it there, so that a reader sees the old
  /// file or the new one whole.
  static func replace(_ path: String, with text: String) throws {
    try replace(path) { $0.write(text) }
  }

  /// Lets `write` fill a new file beside `path` and renames it there; if that throws, `path` is as it was.
  static func replace<R>(_ path: String, _ write: (TextStream) throws -> R) throws -> R {
    let temporary = "\(path).\(getpid()).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw CommandError.cannotCreate(path, errorNumber: errno) }
    let stream = TextStream.descriptor(descriptor)
    let result: R
    do { result = try write(stream) } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    let failure = stream.failure != 0 ? stream.failure : (close(descriptor) == 0 ? 0 : errno)
    guard failure == 0 else {
      unlink(temporary)
      throw CommandError.cannotWrite(path, errorNumber: failure)
    }
    guard rename(temporary, path) == 0 else {
      let failure = errno
      unlink(temporary)
      throw CommandError.cannotCreate(path, errorNumber: failure)
    }
    return result
  }

  /// Opens a file with the program that the desktop has for it, and does not wait.
  ///
  /// - Returns: whether there is such a program
  static func show(_ path: String) -> Bool {
    #if canImport(Darwin)
      let words = ["open", path]
    #else
      let words = ["xdg-open", path]
    #endif
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var pid = pid_t()
    return posix_spawnp(&pid, words[0], nil, nil, &arguments, environ) == 0
  }

  /// Begins to read a file from its start.
  ///
  /// - Throws: ``CommandError``; also for what is not a regular file: a pipe or a device may have no end, and cannot be
  ///   read twice
  static func source(_ path: String) throws -> ByteSource {
    // Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw CommandError.cannotRead(path, errorNumber: errno) }
    let file = OpenFile(descriptor: descriptor)
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      throw CommandError(
        status: .noInput, message: "cannot read \(path): this is not a file",
        advice: "Name a file; what comes from a pipe or a device can be written to one first.")
    }
    return { buffer in
      while true {
        let count = read(file.descriptor, buffer.baseAddress, buffer.count)
        if count >= 0 { return count }
        guard errno == EINTR else { throw CommandError.cannotRead(path, errorNumber: errno) }
      }
    }
  }
}

/// A file that is closed when nobody reads it any more.
private final class OpenFile {
  let descriptor: Int32
  init(descriptor: Int32) { self.descriptor = descriptor }
  deinit { close(descriptor) }
}
