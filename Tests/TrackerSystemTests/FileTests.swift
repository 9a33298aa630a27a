import TestSupport
import Testing
import TrackerSystem

@Suite("Files and programs of the system")
struct FileTests {
  private func bytes(_ path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try FileDescriptor(reading: path).pieces { bytes.append(contentsOf: $0) }
    return bytes
  }

  @Test("what is written to a new file is read back, in pieces of any size")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("data")
    let content = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let file = try FileDescriptor(creating: path, permissions: 0o600)
    try content.withUnsafeBytes { try file.write($0) }
    try file.close()
    #expect(try bytes(path) == content)
    let status = try FileStatus(path)
    #expect(status.isRegular && status.byteCount == content.count && status.mode & 0o777 == 0o600)
  }

  @Test("a name that is taken, by a file or by a dangling link, is not written to")
  func exclusive() throws {
    let folder = try TemporaryFolder()
    try FileDescriptor(creating: folder.file("a")).close()
    symlink(folder.file("nowhere"), folder.file("b"))
    for name in ["a", "b"] {
      #expect(throws: SystemError(number: EEXIST)) {
        try FileDescriptor(creating: folder.file(name)).close()
      }
    }
    #expect(!exists(folder.file("nowhere")))
    #expect(try FileStatus(link: folder.file("b")).isLink)
  }

  @Test("a folder and a FIFO are no regular files, and neither blocks")
  func irregular() throws {
    let folder = try TemporaryFolder()
    mkfifo(folder.file("pipe"), 0o600)
    #expect(throws: SystemError(number: EINVAL)) {
      try FileDescriptor(readingRegularFile: folder.file("pipe")).close()
    }
    #expect(throws: SystemError(number: EISDIR)) {
      try FileDescriptor(readingRegularFile: folder.path).close()
    }
    #expect(throws: SystemError(number: ENOENT)) {
      try FileDescriptor(readingRegularFile: folder.file("none")).close()
    }
  }

  @Test("folders are made with those above them, and their names are listed in order")
  func folders() throws {
    let folder = try TemporaryFolder()
    try Folder.make(folder.file("a/b/c"))
    try Folder.make(folder.file("a/b/c"))
    for name in ["z", "é", ".hidden"] {
      try FileDescriptor(creating: folder.file("a/b/\(name)")).close()
    }
    #expect(try Folder.names(in: folder.file("a/b")) == [".hidden", "c", "z", "é"])
    #expect(throws: SystemError(number: EEXIST)) { try Folder.make(folder.file("a/b/z")) }
    #expect(unusedName(folder.file("a/b/z")) == folder.file("a/b/z-2"))
  }

  @Test("a program's output, environment and ending come back")
  func program() throws {
    let (reading, writing) = try makePipe()
    let program = try Program(
      ["/bin/sh", "-c", "echo $GREETING; exit 7"], input: .null, output: .descriptor(writing),
      environment: ["GREETING=hello"])
    _ = close(writing)
    var text = ""
    try FileDescriptor(owning: reading).pieces { text += String(decoding: $0, as: UTF8.self) }
    #expect(text == "hello\n")
    #expect(program.wait() == .exited(7))
    let killed = try Program(["/bin/sh", "-c", "kill -9 $$"], output: .null)
    #expect(killed.wait().shellStatus == 137)
    #expect(throws: SystemError(number: ENOENT)) { try Program(["/no/such/program"]) }
  }
}
