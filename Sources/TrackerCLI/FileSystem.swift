#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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

  /// Writes `text` to a new file beside `path` and renames it there, so that a reader sees the old
  /// file or the new one whole.
  static func replace(_ path: String, with text: String) throws {
    let temporary = "\(path).\(getpid()).part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw CommandError.cannotCreate(path, errorNumber: errno) }
    let stream = TextStream.descriptor(descriptor)
    stream.write(text)
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
  }
}
