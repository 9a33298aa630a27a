import TrackerJSON
import TrackerOptimization
import TrackerTemplates
package import TrackerViews
import TrackerStore

extension ReportView {
  /// The report as one HTML file that needs nothing but itself.
  ///
  /// - Parameters:
  ///   - parts: the templates, the style and the script; `nil` for those that the program carries
  ///   - times: how times are given; a report is read later, so not as seen from now
  ///   - threads: the most that make it at the same time; the page is the same with one and with several
  /// - Throws: ``ReportPartError``
  package func html(
    _ parts: ReportParts? = nil, times: TextStyle.Times = .local, threads: Int = 1
  ) throws -> String {
    let templates = try ReportTemplates(parts ?? .embedded())
    return try templates.render(
      content(templates, times: times, threads: threads), threads: threads)
  }

  /// - Parameter change: what a live page knows of; `nil` for a page that stays as it is
  func content(
    _ templates: ReportTemplates, times: TextStyle.Times, change: String? = nil, threads: Int = 1
  ) -> PageContent {
    let style = TextStyle(times: times, now: madeAt)
    let (sections, data) = contents(style, change: change, threads: threads)
    return PageContent(
      title: title, made: "\(counted(runs.count, "run")) · made \(style.text(of: madeAt))",
      command: command, style: templates.style, styleHash: policyHash(templates.style),
      script: templates.script, scriptHash: policyHash(templates.script),
      frame: ChartFrame.content, data: data, sections: sections, isLive: change != nil)
  }

  /// A piece of the page that is made for itself.
  private enum Piece {
    case section(ReportSection?)
    case data(String)
  }

  /// The sections in the order in which they are read: what came of it, why, and each run.
  /// With them comes what the page's script draws and reads.
  private func contents(
    _ style: TextStyle, change: String?, threads: Int
  ) -> (sections: [ReportSection], data: String) {
    let records = runs.map(\.run)
    let labels = labels
    let effects = EffectView(runs: records, metric: ranking)
    let change: KeyValuePairs<String, JSONValue> = change.map { ["change": .string($0)] } ?? [:]
    guard !runs.isEmpty else {
      let overview = OverviewSection(self, effects: effects, drawn: nil, labels: labels, style)
      return ([overview.section], JSONValue.object([:]).appending(change).scriptText)
    }
    let ranked = ranking?.ranking(records) ?? records
    let best = ranked.map(\.id)
    let curves = CurveSection(self, ranking: best, labels: labels, threads: threads)
    let effectSection = effects.map { EffectSection($0) }
    // What takes longest begins first.
    let makers: [@Sendable () -> Piece] = [
      {
        let data = RunData(ranked, ranking: ranking, groups: SeedGroups(records), labels: labels)
        return .data(
          curves.data.appending(["runs": data.json, "effects": effectSection?.data ?? .null])
            .appending(change).scriptText)
      },
      {
        let overview = OverviewSection(self, effects: effects, drawn: curves, labels: labels, style)
        return .section(overview.section)
      },
      { .section(RunTableSection(ranked, ranking, labels: labels, style).section) },
      { .section(DifferenceSection(ranked, labels: labels, style).section) },
      { .section(curves.section) },
      { .section(GroupSection(self, ranking, style)?.section) },
      { .section(effectSection?.section) },
      { .section(CheckSection(self, labels: labels, style: style).section) },
      { .section(RunSection(self, ranking: best, curves: curves, style).section) },
      { .section(ReproductionSection(self).section) },
    ]
    var (sections, data): ([ReportSection], String) = ([], "")
    for piece in inParallel(over: makers, threads: threads, { $0() }) {
      switch piece {
      case .section(let section): if let section { sections.append(section) }
      case .data(let text): data = text
      }
    }
    return (placed(answers, among: sections, style), data)
  }

  /// The sections with those that SQL files make: in the place of the one of the same name, behind the one that they
  /// name, or before the parts of each run.
  private func placed(
    _ answers: [ReportAnswer], among sections: [ReportSection], _ style: TextStyle
  ) -> [ReportSection] {
    var sections = sections
    let ids = Set(runs.map(\.run.id))
    for answer in answers {
      let id = answer.query.id
      let section = QuerySection(answer, runs: ids, style).section
      if let place = sections.firstIndex(where: { $0.id == id }) {
        if let section { sections[place] = section }
      } else if let section {
        let before = sections.firstIndex { $0.id == answer.query.after }.map { $0 + 1 }
        let end = sections.firstIndex { $0.id == "details" } ?? sections.count
        sections.insert(section, at: before ?? end)
      }
    }
    return sections
  }

  private func policyHash(_ text: String) -> String {
    "sha256-" + base64(Array(text.utf8).withUnsafeBytes { Digest.sha256($0) })
  }
}

/// What fills the template `report`.
struct PageContent: TemplateContent {
  let title: String
  let made: String
  let command: String?
  let style: String
  let styleHash: String
  let script: String
  let scriptHash: String
  let frame: ChartFrame.Content
  let data: String
  var sections: [ReportSection]
  let isLive: Bool
}

extension JSONValue {
  /// The value as a block of data in a page: nothing in it ends the block.
  var scriptText: String {
    let text = compact
    guard text.utf8.contains(UInt8(ascii: "<")) else { return text }
    let pieces = text.utf8.split(separator: UInt8(ascii: "<"), omittingEmptySubsequences: false)
    return pieces.map { String(Substring($0)) }.joined(separator: "\\u003c")
  }
}
