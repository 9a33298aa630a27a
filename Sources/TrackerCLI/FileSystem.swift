import TrackerStore
@preconcurrency import TrackerSystem

/// The few things that commands ask of the file system.
enum FileSystem {
  /// Makes a folder and those above it, where they are not there yet.
  static func makeFolder(_ path: String) throws {
    do { try Folder.make(path) } catch {
      throw CommandError.cannotCreate(path, errorNumber: error.number)
    }
  }

  /// Makes sure that what is at `path` may be replaced by an output: no folder, pipe or device ever, no SQLite database,
  /// and what tracker did not make only when the user says so.
  ///
  /// - Parameters:
  ///   - name: how the user named the file
  ///   - isForced: whether the user said so; `nil` where nobody can
  ///   - mark: what stands near the start of a file of this kind that tracker made; without one, none is replaced
  ///   - isStore: whether the output is a store itself, which may replace another
  static func requireReplaceable(
    _ path: String, named name: String, isForced: Bool?, mark: String? = nil, isStore: Bool = false
  ) throws {
    guard isStore || !Store.isDatabase(path) else {
      throw CommandError(
        status: .cannotCreate,
        message: "\(name) is an SQLite database or belongs to one, which no output replaces",
        advice: "Choose another name.")
    }
    guard let status = try? FileStatus(path) else { return }
    guard status.isRegular else {
      throw CommandError(
        status: .cannotCreate, message: "cannot write \(name): this is not a file",
        advice: "Name a file.")
    }
    guard isForced != true, status.byteCount > 0 else { return }
    if let mark, start(of: path).contains(mark) { return }
    throw CommandError(
      status: .cannotCreate,
      message: "there is \(name) already" + (mark == nil ? "" : ", and tracker did not make it"),
      advice: isForced == nil
        ? "Choose another folder." : "Choose another name, or replace it with --force.")
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
    let file: FileDescriptor
    do { file = try FileDescriptor(creating: temporary) } catch {
      throw CommandError.cannotCreate(path, errorNumber: error.number)
    }
    let stream = TextStream.descriptor(file.number)
    let result: R
    do {
      result = try write(stream)
      if stream.failure != 0 { throw SystemError(number: stream.failure) }
      try file.close()
    } catch {
      unlink(temporary)
      guard let error = error as? SystemError else { throw error }
      throw CommandError.cannotWrite(path, errorNumber: error.number)
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
    return (try? Program(words)) != nil
  }

  /// Begins to read a file from its start.
  ///
  /// - Throws: ``CommandError``; also for what is not a regular file: a pipe or a device may have no end, and cannot be
  ///   read twice
  static func source(_ path: String) throws -> ByteSource {
    let file: FileDescriptor
    do { file = try FileDescriptor(readingRegularFile: path) } catch {
      guard [EISDIR, EINVAL].contains(error.number) else {
        throw CommandError.cannotRead(path, errorNumber: error.number)
      }
      throw CommandError(
        status: .noInput, message: "cannot read \(path): this is not a file",
        advice: "Name a file; what comes from a pipe or a device can be written to one first.")
    }
    return { buffer in
      do throws(SystemError) { return try file.read(into: buffer) } catch {
        throw CommandError.cannotRead(path, errorNumber: error.number)
      }
    }
  }
}
