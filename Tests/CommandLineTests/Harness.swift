import Foundation
import Testing
import TrackerCLI
import TrackerSQLite
import TrackerStore

/// What a command left behind.
struct Outcome {
  var status: Int32
  var output: String
  var diagnostics: String
}

/// A folder of its own with a store in it, and commands run there.
final class Workbench {
  let folder: URL
  var width = 100
  var environment: [String: String] = [:]
  /// What the person at the keyboard types; `nil`: there is nobody.
  var answer: String?
  /// The moment that commands take for the present; `nil`: the real one.
  var now: Timestamp?

  /// A bench in a folder that is made, and goes with whatever holds it.
  init(in path: String) throws {
    folder = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tracker-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var store: String { folder.appendingPathComponent("tracker.sqlite").path }

  /// What commands find around them: the bench's store, so that none reads a store of a folder above, unless
  /// `TRACKER_DB` is set to nothing.
  private var surroundings: [String: String] {
    ["TRACKER_DB": store].merging(environment) { $1 }
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Runs a command in this process.
  @discardableResult
  func callAsFunction(_ arguments: String...) -> Outcome { run(arguments) }

  /// Runs a command in this process.
  @discardableResult
  func run(_ arguments: [String]) -> Outcome {
    let now = now
    var typed: (@Sendable () -> String?)?
    if let answer { typed = { answer } }
    let output = TextStream.memory()
    let diagnostics = TextStream.memory()
    let context = CommandContext(
      terminal: Terminal(
        output: output, diagnostics: diagnostics, width: width, environment: surroundings,
        answer: typed),
      workingDirectory: folder.path, now: { now ?? .now() })
    let status = TrackerCommand.main(arguments: arguments, context: context)
    return Outcome(
      status: status, output: output.recorded, diagnostics: diagnostics.recorded)
  }

  /// Changes the store behind the program's back.
  func execute(_ sql: String) throws {
    try Connection(path: store, mode: .readWrite).execute(sql)
  }

  /// Starts the real program in this folder; what it writes is in files beside the store.
  func launch(_ arguments: String...) throws -> Process { try start(arguments) }

  /// Runs the real program to its end.
  func spawn(_ arguments: String...) throws -> Outcome { try spawn(arguments) }

  /// Runs the real program to its end.
  func spawn(_ arguments: [String]) throws -> Outcome {
    let process = try start(arguments)
    process.finish()
    return Outcome(
      status: process.terminationStatus,
      output: try String(contentsOfFile: path(".stdout"), encoding: .utf8),
      diagnostics: try String(contentsOfFile: path(".stderr"), encoding: .utf8))
  }

  private func start(_ arguments: [String]) throws -> Process {
    let process = Process()
    process.executableURL = Self.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(surroundings) {
      $1
    }
    process.standardInput = FileHandle.nullDevice
    // Files, not pipes: nothing blocks however much is written.
    let (output, diagnostics) = (path(".stdout"), path(".stderr"))
    for file in [output, diagnostics] { try Data().write(to: URL(fileURLWithPath: file)) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: diagnostics)
    try process.run()
    return process
  }

  /// The program that this build made, beside the tests.
  static let program: URL = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("tracker")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    return URL(fileURLWithPath: "tracker")
  }()
}

extension Outcome {
  /// The output as JSON.
  var json: Any { get throws { try JSONSerialization.jsonObject(with: Data(output.utf8)) } }
}

/// How long a test waits for another process, in seconds: it tells a hang, not speed, also where many tests share
/// a busy machine.
let patience = 120.0

extension Process {
  /// Waits for the end; a process that takes longer than `patience` is killed, which is an issue.
  func finish() {
    let deadline = Date().addingTimeInterval(patience)
    while isRunning, Date() < deadline { usleep(2_000) }
    if isRunning {
      kill(processIdentifier, SIGKILL)
      Issue.record("\((arguments ?? []).joined(separator: " ")) did not end within \(patience) s")
    }
    waitUntilExit()
  }
}
