import TrackerTemplates
import TrackerViews
import TrackerStore

/// How to make the runs and this report again: the exact commands, and what they were made with and from.
struct ReproductionSection {
  private let report: ReportView

  /// The commands of more runs, or longer ones, stand with each run alone.
  private static let commandLimit = 100
  static let byteLimit = 20_000

  init(_ report: ReportView) { self.report = report }

  private struct Content: TemplateContent {
    let facts: [FactContent]
    let commands: [Command]
    let left: String?
    let report: String?
  }

  private struct Command: TemplateContent {
    let command: String
  }

  var section: ReportSection {
    let runs = report.runs.map(\.run)
    var bytes = 0
    let commands = runs.sorted { $0.id < $1.id }.prefix(Self.commandLimit).prefix { run in
      bytes += run.environment.command.utf8.count
      return bytes <= Self.byteLimit
    }.map { Command(command: $0.environment.command) }
    let content = Content(
      facts: [
        fact("data", runs.compactMap { $0.dataset.map { "\($0.name), SHA-256 \($0.sha256)" } }),
        fact("program", runs.map(\.environment.program)),
        fact(
          "commit",
          runs.compactMap { run in
            run.environment.gitCommit.map {
              $0 + (run.environment.gitDirty == true ? ", with changes" : "")
            }
          }),
        fact("machine", runs.compactMap(\.environment.account)),
      ].compactMap { $0 },
      commands: commands,
      left: runs.count > commands.count
        ? "\(commands.isEmpty ? "None" : "The first \(commands.count)") of \(grouped(runs.count)) commands; each run's stands with it."
        : nil,
      report: report.command)
    return ReportSection(
      id: "reproduction", title: "Reproduce", content: content)
  }

  /// What the runs have of something, each once; `nil` where they have none.
  private func fact(_ name: String, _ values: [String]) -> FactContent? {
    let distinct = Set(values).sorted()
    guard !distinct.isEmpty else { return nil }
    let shown = distinct.prefix(5).joined(separator: "; ")
    let more = distinct.count > 5 ? "; and \(distinct.count - 5) more" : ""
    return FactContent(name: name, value: shown + more)
  }
}
