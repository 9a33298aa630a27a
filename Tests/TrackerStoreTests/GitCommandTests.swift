import TestSupport
import Testing

@testable import TrackerStore

/// The limits of what is asked of git, tried with aliases, which are commands of the shell.
@Suite("Asking git")
struct GitCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func output(
    _ alias: String, byteLimit: Int = .max, timeLimit: Duration = .seconds(60)
  ) -> GitCommand.Output {
    GitCommand.output(
      of: ["-c", "alias.x=!\(alias)", "x"], in: folder.path, byteLimit: byteLimit,
      timeLimit: timeLimit)
  }

  @Test("what it writes is read, unless it fails")
  func output() {
    #expect(output("echo one; echo two") == .bytes(Array("one\ntwo\n".utf8)))
    #expect(output("echo one; exit 3") == .failed)
  }

  @Test("it is not waited for longer than allowed, and no more is read than allowed")
  func limits() {
    let start = ContinuousClock.now
    #expect(output("sleep 300", timeLimit: .milliseconds(500)) == .tooSlow)
    #expect(output("yes", byteLimit: 1000) == .tooMuch)
    #expect(.now - start < .seconds(60))
  }
}
