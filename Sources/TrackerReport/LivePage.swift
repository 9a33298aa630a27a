import TrackerJSON
import TrackerStore
import TrackerTemplates
import TrackerViews

/// The report as a server shows it: the same page, with one script more that keeps it up to date.
package struct LivePage: Sendable {
  /// The whole page.
  package let html: String
  /// Its sections alone, by their names.
  package let sections: [String: String]
}

extension ReportView {
  /// The report as a page that asks its server for what has changed since `change`.
  ///
  /// - Throws: ``ReportPartError``
  package func livePage(change: String) throws -> LivePage {
    let templates = try ReportTemplates(.embedded(), isLive: true)
    var page = content(templates, times: .local, change: change)
    var sections: [String: String] = [:]
    let html = try templates.render(page)
    for section in page.sections {
      page.sections = [section]
      sections[section.id] = try templates.render(page, with: "live-sections")
    }
    return LivePage(html: html, sections: sections)
  }

  /// The part of a run, where this is the report of it alone, and after it a block of data: what the page's script knows of the
  /// run, as among `runs.list` of the page's own data, and its curves.
  ///
  /// - Throws: ``ReportPartError``
  package func livePart() throws -> String {
    let templates = try ReportTemplates(.embedded(), isLive: true)
    let records = runs.map(\.run)
    let ids = records.map(\.id)
    let curves = CurveSection(self, ranking: ids)
    let style = TextStyle(times: .local, now: madeAt)
    let section = RunSection(self, ranking: ids, curves: curves, style)
    let data = curves.data.appending([
      "runs": RunData(records, ranking: ranking, groups: nil, labels: labels).json
    ])
    return try templates.render(
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
