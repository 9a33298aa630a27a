import ArgumentParser
import TrackerStore
import TrackerSystem

struct BackupCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the store to another file, even while runs are being written.",
    discussion: """
      The copy is the store as it is at one moment. The file gets its name when it is whole.

      EXAMPLES
        tracker backup /mnt/backup/tracker-2026-11-24.sqlite
        tracker doctor --db /mnt/backup/tracker-2026-11-24.sqlite
      """)

  @Argument(help: "The file to write.", completion: .file())
  var file: String
  @Flag(help: "Replace a file of that name.")
  var force = false
  @OptionGroup var store: StoreOptions

  func run(in context: CommandContext) throws {
    let store = try store.store(.existing, in: context)
    let target = absolutePath(file, in: context.workingDirectory)
    try FileSystem.requireReplaceable(target, named: file, isForced: force, isStore: true)
    let terminal = context.terminal
    try store.backUp(to: target) { done, total in
      guard terminal.allowsProgressBar, total > 0 else { return }
      terminal.diagnostics.control("\r\u{1B}[2Kcopying: \(done * 100 / total) %")
    }
    if terminal.allowsProgressBar { terminal.diagnostics.control("\r\u{1B}[2K") }
    terminal.diagnostics.writeLine("copied \(store.path) to \(file)")
  }
}
