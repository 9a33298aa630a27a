import TrackerStore

extension ReportView {
  /// The report as one HTML file that needs nothing but itself.
  ///
  /// - Parameter times: how times are given; a report is read later, so not as seen from now
  /// - Throws: an error of the template library, if a template does not parse
  package func html(times: TextStyle.Times = .local) throws -> String {
    let templates = try TemplateLibrary()
    return templates.render(context(templates, TextStyle(times: times, now: madeAt)))
  }

  private func context(_ templates: TemplateLibrary, _ style: TextStyle) -> [String: Any] {
    let records = runs.map(\.run)
    let overview = OverviewSection(records, style)
    let curves = CurveSection(self, ranking: overview.ranking)
    let checks = CheckSection(self, style: style)
    let list = RunListView(runs: records)
    var context: [String: Any] = [
      "title": title,
      "made": "\(counted(runs.count, "run")) · made \(style.text(of: madeAt))",
      "style": templates.style, "styleHash": policyHash(templates.style),
      "script": templates.script, "scriptHash": policyHash(templates.script),
      "overview": overview.context,
      "hasRuns": !runs.isEmpty,
      "runTable": list.reportTable.templateContext(
        caption: "Runs", id: "run-table", runs: records.map(\.id), style: style),
      "hasCurves": !curves.charts.isEmpty,
      "charts": curves.charts, "legend": curves.legend,
      "hasChecks": !checks.checks.isEmpty,
      "checks": checks.checks,
      "scaleLegend": ["steps": CheckSection.scaleSteps],
      "details": runs.map { $0.details(curves, style, isOnly: runs.count == 1) },
    ]
    var sections = [("overview", "Overview")]
    if !runs.isEmpty { sections.append(("runs", "Runs")) }
    if let differences = differences(records, style) {
      context["differences"] = differences
      sections.append(("differences", "Differences"))
    }
    if !curves.charts.isEmpty { sections.append(("curves", "Curves")) }
    if !checks.checks.isEmpty { sections.append(("checks", "Gradient checks")) }
    if !runs.isEmpty { sections.append(("details", "Each run")) }
    context["sections"] = sections.map { ["id": $0.0, "name": $0.1] }
    if let note = curves.note { context["curveNote"] = note }
    if let left = checks.leftOver { context["checksLeft"] = left }
    if let command { context["command"] = command }
    return context
  }

  private func policyHash(_ text: String) -> String {
    "sha256-" + base64(Array(text.utf8).withUnsafeBytes { Digest.sha256($0) })
  }

  private func differences(_ records: [Run], _ style: TextStyle) -> [String: Any]? {
    guard records.count > 1 else { return nil }
    let comparison = ComparisonView(runs: records)
    let all = comparison.parameters + comparison.surroundings
    let different = all.filter(\.differs)
    let same =
      "\(counted(all.count - different.count, "other property", "other properties")) "
      + "of the runs are the same."
    guard !different.isEmpty else {
      return ["note": "Nothing: all runs have the same parameters, data, code and environment."]
    }
    let table = DataTable(
      columns: [.init("run")] + different.map { .init($0.key) },
      rows: records.indices.map { index in
        [.text(records[index].shortLabel)] + different.map { $0.values[index] }
      })
    return [
      "note": same,
      "table": table.templateContext(
        caption: "What differs between the runs", id: "difference-table",
        runs: records.map(\.id), style: style),
    ]
  }
}

extension ReportRun {
  fileprivate func details(
    _ section: CurveSection, _ style: TextStyle, isOnly: Bool
  ) -> [String: Any] {
    var context: [String: Any] = [
      "id": String(run.id), "label": run.label.capitalizedFirst, "open": isOnly,
      "status": run.status.rawValue, "statusClass": run.status.emphasis.cssClass ?? "",
      "command": run.environment.command,
      "parameters": run.parameters.sorted { $0.key < $1.key }.map {
        ["name": $0.key, "value": Cell.parameter($0.value).readable(style)]
      },
      "environment": surroundings(style).map { ["name": $0.0, "value": $0.1.readable(style)] },
      "hasMetrics": !run.metrics.isEmpty,
      "metrics": inReadingOrder(metrics: run.metrics.keys).compactMap { key in
        run.metrics[key].map { row(key, $0, section, style) }
      },
    ]
    if let headline = headline { context["headline"] = headline }
    if let reason = run.error ?? run.outcome { context["reason"] = reason }
    if let note = run.note { context["note"] = note }
    return context
  }

  private func row(
    _ key: String, _ metric: MetricSummary, _ section: CurveSection, _ style: TextStyle
  ) -> [String: Any] {
    let best = Cell.real(MetricDirection.known(for: key).map { $0.best(of: metric) })
    var row: [String: Any] = [
      "key": key, "first": metric.first.readable(), "last": metric.last.readable(),
      "best": best.readable(style),
    ]
    if let element = section.element(run: run.id, metric: key) { row["curve"] = element }
    return row
  }

  private var headline: String? {
    let parts = ["testAccuracy", "cost"].compactMap { key in
      run.metrics[key].map { "\(metricDescription(key) ?? key) \($0.last.readable())" }
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private func surroundings(_ style: TextStyle) -> [(String, Cell)] {
    let environment = run.environment
    var facts: [(String, Cell)] = [
      ("experiment", .text(run.experiment)), ("started", .time(run.startedAt)),
      ("took", .duration(run.durationSeconds)),
    ]
    if let data = run.dataset {
      facts.append(("data", .text("\(data.name), \(grouped(data.rows)) × \(data.features)")))
      facts.append(("SHA-256", .text(data.sha256)))
    }
    facts += [
      ("program", .text(environment.program)), ("commit", .text(environment.gitCommit)),
      ("host", .text("\(environment.user)@\(environment.host)")),
    ]
    if environment.gitDirty == true { facts.append(("work tree", .text("had changes"))) }
    facts += run.tags.sorted { $0.key < $1.key }.map { ("tag \($0.key)", .text($0.value)) }
    return facts
  }
}
