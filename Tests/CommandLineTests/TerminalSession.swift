import Foundation
import Testing
import TrackerSystem

/// A pseudo-terminal, and the program that runs on it.
final class TerminalSession {
  let process = Process()
  let master: Int32
  let slave: Int32
  private(set) var output = ""

  init(
    _ bench: Workbench, _ arguments: [String], width: UInt16 = 90, height: UInt16 = 24
  ) throws {
    var (master, slave) = (Int32(-1), Int32(-1))
    var size = winsize(ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&master, &slave, nil, nil, &size) == 0)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    (self.master, self.slave) = (master, slave)
    process.executableURL = Workbench.program
    process.arguments = arguments
    process.currentDirectoryURL = bench.folder
    process.environment = [
      "TERM": "xterm-256color", "HOME": bench.folder.path, "PATH": "/usr/bin:/bin",
    ].merging(bench.environment) { $1 }
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardInput = terminal
    process.standardOutput = terminal
    process.standardError = terminal
    try process.run()
  }

  deinit {
    if process.isRunning { process.terminate() }
    close(master)
    close(slave)
  }

  var settings: termios {
    var settings = termios()
    tcgetattr(slave, &settings)
    return settings
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
  }

  func resize(width: UInt16, height: UInt16) {
    var size = winsize(ws_row: height, ws_col: width, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    // It is no child's controlling terminal here, which would send the signal.
    kill(process.processIdentifier, SIGWINCH)
  }

  /// Reads what is written.
  func drain() {
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(master, &bytes, bytes.count)
      guard count > 0 else { return }
      output += String(decoding: bytes.prefix(count), as: UTF8.self)
    }
  }

  /// Waits until `text` is written, from now on.
  func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let deadline = Date().addingTimeInterval(patience)
    while Date() < deadline {
      drain()
      if let found = output.range(of: text) {
        output = String(output[found.upperBound...])
        return
      }
      usleep(5_000)
    }
    Issue.record("\(text) was not drawn: \(output.suffix(500))", sourceLocation: sourceLocation)
  }

  /// Waits for the end, and gives what was written until then.
  func finish() -> String {
    let deadline = Date().addingTimeInterval(patience)
    while process.isRunning, Date() < deadline {
      drain()
      usleep(2_000)
    }
    process.finish()
    drain()
    return output
  }
}
