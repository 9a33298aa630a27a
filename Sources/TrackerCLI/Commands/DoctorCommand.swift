import ArgumentParser
import TrackerViews
import TrackerStore

struct DoctorCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the store: structure, references, summaries, contents, crashed runs.",
    discussion: """
      Nothing is changed but the status of runs whose process is gone. Exits with status 1 if \
      something is damaged. --repair mends what can be mended without guessing: summaries are made again \
      from their points, rows that belong to nothing are dropped, indexes are rebuilt. The store as it \
      was is kept beside it.

      EXAMPLES
        tracker doctor
        tracker doctor --db copy.sqlite --format json
        tracker doctor --repair
      """)

  @Flag(help: "Mend what can be mended; a copy of the old store is kept next to it.")
  var repair = false
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func run(in context: CommandContext) throws {
    let path = store.path(in: context)
    let store = try store.store(.existing, in: context)
    var report = try store.health()
    if repair, !report.isHealthy {
      let repairs = try store.repair()
      for line in repairs.done { context.terminal.diagnostics.writeLine(line) }
      context.terminal.diagnostics.writeLine("the store as it was: \(repairs.copy)")
      report = try store.health()
    }
    let view = DoctorView(
      path: path,
      facts: [
        "schemaVersion": .integer(Int64(try store.schemaVersion())),
        "runs": .integer(Int64(report.runCount)), "size": .bytes(report.byteCount),
        "crashedRuns": .integer(Int64(report.crashedRuns.count)),
      ],
      examinations: report.checks.map { check in
        DoctorView.Examination(
          name: check.name, isSound: check.problems.isEmpty,
          detail: check.problems.joined(separator: "; "),
          advice: check.problems.isEmpty
            ? nil
            : !repair
              ? "See what can be mended with: tracker doctor --repair"
              : "Go back to a backup, or save what is readable with: sqlite3 FILE .recover")
      })
    output.show(view, in: context)
    if !report.isHealthy { throw ExitStatus.no }
  }
}
