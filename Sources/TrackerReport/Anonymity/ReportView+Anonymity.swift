import TrackerStore
import TrackerViews

extension ReportView {
  /// The same report without what names a person, a machine, a place in a file system or a commit: for anonymous review.
  ///
  /// Users, hosts, processes, commits and the command that made the report are gone; of commands, tags, parameters, notes,
  /// names, errors and answers to queries stays what is not private (``PrivateWords``).
  package var anonymous: ReportView {
    let environments = runs.map(\.run.environment)
    let words = PrivateWords(
      names: environments.flatMap { [$0.host, $0.user] },
      commits: environments.compactMap(\.gitCommit))
    let parameters = Self.hiddenParameters(runs.map(\.run), words)
    var view = self
    view.title = words.hidden(in: title)
    view.command = nil
    view.runs = runs.map { item in
      var item = item
      item.run = item.run.anonymous(words, parameters)
      item.findings = item.findings.map { finding in
        DiagnosisView.Finding(
          cause: finding.cause, likelihood: finding.likelihood,
          summary: words.hidden(in: finding.summary),
          evidence: finding.evidence.map(words.hidden), confirm: words.hidden(in: finding.confirm))
      }
      return item
    }
    view.answers = answers.map { $0.anonymous(words) }
    return view
  }

  /// What stands for the texts of each parameter. Two values stay two, or runs would fall into other groups: `… (1)`, `… (2)`.
  private static func hiddenParameters(
    _ runs: [Run], _ words: PrivateWords
  ) -> [String: [String: String]] {
    var texts: [String: [String]] = [:]
    for run in runs {
      for case (let key, .text(let text)) in run.parameters
      where texts[key]?.contains(text) != true {
        texts[key, default: []].append(text)
      }
    }
    return texts.reduce(into: [:]) { result, item in
      let (key, texts) = item
      let hidden = texts.map { words.hidden(in: $0, key: key) }
      for (index, text) in texts.enumerated() {
        let alike = hidden.indices.filter { hidden[$0] == hidden[index] }
        let place = alike.firstIndex(of: index).map { " (\($0 + 1))" } ?? ""
        result[key, default: [:]][text] = hidden[index] + (alike.count > 1 ? place : "")
      }
    }
  }
}

extension Run {
  /// - Parameter texts: what stands for the texts of each parameter
  fileprivate func anonymous(_ words: PrivateWords, _ texts: [String: [String: String]]) -> Run {
    var run = self
    run.environment = RunEnvironment(
      program: words.hidden(in: environment.program), gitCommit: nil, gitDirty: nil, host: "",
      user: "", process: .none, command: words.hidden(in: environment.command))
    run.experiment = words.hidden(in: experiment)
    run.name = name.map(words.hidden)
    run.note = note.map(words.hidden)
    run.error = error.map(words.hidden)
    run.outcome = outcome.map(words.hidden)
    run.dataset?.name = words.hidden(in: dataset?.name ?? "")
    run.tags = tags.reduce(into: [:]) {
      $0[words.hidden(in: $1.key)] = words.hidden(in: $1.value, key: $1.key)
    }
    for case (let key, .text(let text)) in parameters {
      run.parameters[key] = .text(texts[key]?[text] ?? PrivateWords.mark)
    }
    for index in alerts.indices {
      run.alerts[index].title = words.hidden(in: alerts[index].title)
      run.alerts[index].text = words.hidden(in: alerts[index].text)
    }
    return run
  }
}

extension ReportAnswer {
  fileprivate func anonymous(_ words: PrivateWords) -> ReportAnswer {
    var answer = self
    let columns = result.records.columns.map(\.key)
    answer.result = QueryView(
      columns: columns,
      rows: result.records.rows.map { row in
        zip(columns, row).map { column, cell in
          switch cell.value {
          case .missing: .missing
          case .text(let text): .text(words.hidden(in: text, key: column))
          default: PrivateWords.isPrivate(key: column) ? .text(PrivateWords.mark) : cell.value
          }
        }
      })
    return answer
  }
}
