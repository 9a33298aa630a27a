import TrackerStore

extension ReportView {
  /// The report as one HTML file that needs nothing but itself.
  ///
  /// - Parameter times: how times are given; a report is read later, so not as seen from now
  /// - Throws: an error of the template library, if a template does not parse
  package func html(times: TextStyle.Times = .local) throws -> String {
    let templates = try TemplateLibrary()
    let style = TextStyle(times: times, now: madeAt)
    var context: [String: Any] = [
      "title": title,
      "made": "\(counted(runs.count, "run")) · made \(style.text(of: madeAt))",
      "style": templates.style, "styleHash": policyHash(templates.style),
      "script": templates.script, "scriptHash": policyHash(templates.script),
      "sections": sections(style).map(\.templateContext),
    ]
    if let command { context["command"] = command }
    return templates.render(context)
  }

  /// The sections in the order in which they are read: what came of it, why, and each run.
  private func sections(_ style: TextStyle) -> [ReportSection] {
    let records = runs.map(\.run)
    let ranking = RankingMetric(records)
    let overview = OverviewSection(records, ranking: ranking, style).section
    guard !runs.isEmpty else { return [overview] }
    let curves = CurveSection(
      self, ranking: (ranking?.ranking(records) ?? records).map(\.id))
    return [
      overview,
      RunTableSection(records, style).section,
      DifferenceSection(records, style).section,
      curves.section,
      GroupSection(self, ranking, style)?.section,
      EffectSection(records, ranking)?.section,
      CheckSection(self, style: style).section,
      RunSection(self, curves: curves, style).section,
    ].compactMap { $0 }
  }

  private func policyHash(_ text: String) -> String {
    "sha256-" + base64(Array(text.utf8).withUnsafeBytes { Digest.sha256($0) })
  }
}
