import TrackerJSON
import TrackerStore
import TrackerTemplates
import TrackerViews

/// The report as a server shows it: the same page, with one script more that keeps it up to date.
package struct LivePage: Sendable {
  /// The whole page.
  package let html: String
  private let content: PageContent

  fileprivate init(_ content: PageContent) throws {
    self.content = content
    html = try ReportTemplates.ofLivePage().render(content)
  }

  /// One of its sections alone; `nil` where it has none of this name.
  ///
  /// - Throws: ``ReportPartError``
  package func section(_ id: String) throws -> String? {
    var content = content
    content.sections = content.sections.filter { $0.id == id }
    if content.sections.isEmpty { return nil }
    return try ReportTemplates.ofLivePage().render(content, with: "live-sections")
  }
}

extension ReportView {
  /// The report as a page that asks its server for what has changed since `change`.
  ///
  /// - Throws: ``ReportPartError``
  package func livePage(change: String) throws -> LivePage {
    try LivePage(content(.ofLivePage(), times: .local, change: change))
  }

  /// The part of a run, where this is the report of it alone, and after it a block of data: what the page's script knows of the
  /// run, as among `runs.list` of the page's own data, and its curves.
  ///
  /// - Throws: ``ReportPartError``
  package func livePart() throws -> String {
    let records = runs.map(\.run)
    let ids = records.map(\.id)
    let curves = CurveSection(self, ranking: ids, labels: labels)
    let style = TextStyle(times: .local, now: madeAt)
    let section = RunSection(self, ranking: ids, curves: curves, style)
    let data = curves.data.appending([
      "runs": RunData(records, ranking: ranking, groups: nil, labels: labels).json
    ])
    return try ReportTemplates.ofLivePage().render(
      PartContent(frame: ChartFrame.content, runs: section.runs, data: data.scriptText),
      with: "live-run")
  }
}

/// What fills the template `live-run`.
private struct PartContent: TemplateContent {
  let frame: ChartFrame.Content
  let runs: [RunSection.RunContent]
  let data: String
}
