package import TrackerJSON
package import TrackerStore

/// What came of a sweep: the best trials, and which parameters mattered.
package struct SweepView: Presentable {
  /// An option that varies: its name, and the key that a run's parameters have for it.
  package struct Parameter: Sendable, Hashable {
    package var option: String
    package var key: String

    package init(option: String, key: String) {
      self.option = option
      self.key = key
    }
  }

  /// The share of the objective's variance that goes with a parameter alone, 0…1.
  package struct Importance: Sendable, Hashable {
    package var parameter: Parameter
    package var share: Double

    package init(parameter: Parameter, share: Double) {
      self.parameter = parameter
      self.share = share
    }
  }

  private let sweep: Sweep
  private let runs: [Int64: Run]
  private let parameters: [Parameter]
  private let importances: [Importance]
  /// Trials with the best first; those without a value, or that were ended early, come last.
  private let ranking: [SweepTrial]

  /// So many trials are shown to people.
  static let shownTrials = 10

  /// - Parameters:
  ///   - sweep: the sweep as the store has it
  ///   - runs: the trials' runs
  ///   - parameters: what varies, in the order it was given
  ///   - importances: what is known of the parameters' importance, greatest first
  package init(
    sweep: Sweep, runs: [Run], parameters: [Parameter], importances: [Importance]
  ) {
    self.sweep = sweep
    self.runs = Dictionary(runs.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    self.parameters = parameters
    self.importances = importances
    func rank(_ trial: SweepTrial) -> Int {
      if trial.isPruned { return 1 }
      return trial.runStatus == .finished && trial.value?.isNaN == false ? 0 : 2
    }
    ranking = sweep.trials.sorted { a, b in
      if rank(a) != rank(b) { return rank(a) < rank(b) }
      let (one, other) = (a.value ?? .nan, b.value ?? .nan)
      if sweep.start.direction.isBetter(one, than: other) { return true }
      if sweep.start.direction.isBetter(other, than: one) { return false }
      return a.number < b.number
    }
  }

  /// The best of the trials that came to their end.
  private var best: SweepTrial? {
    ranking.first.flatMap { trial in
      let hasValue = trial.value.map { !$0.isNaN } ?? false
      return hasValue && !trial.isPruned && trial.runStatus == .finished ? trial : nil
    }
  }

  private func value(_ parameter: Parameter, _ trial: SweepTrial) -> Cell {
    guard let value = runs[trial.runID]?.parameters[parameter.key] else {
      return .text(trial.values[parameter.option])
    }
    return .parameter(value)
  }

  // MARK: For programs

  package var json: JSONValue {
    let start = sweep.start
    return .object([
      "id": .integer(sweep.id), "uuid": .string(sweep.uuid),
      "status": .string(sweep.status.rawValue),
      "startedAt": .string(start.startedAt.iso8601), "endedAt": .string(sweep.endedAt?.iso8601),
      "command": .string(start.command), "sampler": .string(start.sampler),
      "samplerSeed": .integer(start.samplerSeed), "pruner": .string(start.pruner),
      "objective": .string(start.objective), "direction": .string(start.direction.rawValue),
      "trialCount": .integer(start.trialCount),
      "options": .array(
        start.options.map {
          .object(["name": .string($0.name), "value": .string($0.value)])
        }),
      "best": best.map(json(of:)) ?? .null,
      "importance": .array(
        importances.map {
          .object(["parameter": .string($0.parameter.key), "share": .number($0.share)])
        }),
      "trials": .array(sweep.trials.map(json(of:))),
    ])
  }

  private func json(of trial: SweepTrial) -> JSONValue {
    .object([
      "number": .integer(trial.number), "run": .integer(trial.runID),
      "status": .string(trial.statusWord), "value": .number(trial.value),
      "parameters": .object(
        parameters.map { .init(key: $0.key, value: value($0, trial).json) }),
    ])
  }

  package var records: DataTable { table(sweep.trials) }

  // MARK: For people

  private func table(_ trials: [SweepTrial]) -> DataTable {
    DataTable(
      columns: [.init("trial"), .init("run"), .init("status", rank: 1)]
        + parameters.map { .init("parameters.\($0.key)", title: $0.key) }
        + [.init("metrics.\(sweep.start.objective)", title: sweep.start.objective)],
      rows: trials.map { trial in
        [
          .count(trial.number), .integer(trial.runID),
          .text(trial.statusWord, trial.isPruned ? .faint : trial.runStatus.emphasis),
        ] + parameters.map { value($0, trial) }
          + [.real(trial.value, trial.number == best?.number ? .strong : .plain)]
      })
  }

  package var document: Document {
    var blocks: [Document.Block] = [.paragraph(headline, sweep.status.emphasis)]
    if let best {
      blocks.append(
        .paragraph(
          "The best is run \(best.runID), with \(sweep.start.objective) "
            + "\((best.value ?? .nan).readable())."))
    }
    if !ranking.isEmpty {
      let shown = ranking.prefix(Self.shownTrials)
      blocks.append(.heading(shown.count < ranking.count ? "The best trials" : "Trials"))
      blocks.append(.table(table(Array(shown))))
    }
    if !importances.isEmpty {
      blocks.append(.heading("What mattered"))
      blocks.append(
        .table(
          DataTable(
            columns: [
              .init("parameter"), .init("share", title: "share of variance"),
              .init("bar", title: ""),
            ],
            rows: importances.map { importance in
              let length = Int(saturating: (importance.share * 20).rounded())
              return [
                .text(importance.parameter.key), .real(importance.share),
                .text(String(repeating: "█", count: length)),
              ]
            })))
      blocks.append(
        .paragraph(
          "The share of \(sweep.start.objective)'s variance that goes with the parameter alone "
            + "(Kelley's epsilon squared, over \(finishedCount) trials); what parameters do only "
            + "together is in neither.", .faint))
    }
    var next = best.map { ["tracker show \($0.runID)"] } ?? []
    if sweep.status != .finished {
      next.insert("tracker sweep --resume \(sweep.id)", at: 0)
    } else if let run = best.flatMap({ runs[$0.runID] }) {
      let objective = sweep.start.objective
      // A parameter may have the name, too: `cost` is both.
      let field = run.parameters[objective] == nil ? objective : "metrics." + objective
      let order = (sweep.start.direction == .maximize ? "-" : "") + field
      next.append(
        RunEnvironment.commandLine([
          "tracker", "list", "--experiment", run.experiment, "--sort", order,
        ])
      )
    }
    if !next.isEmpty {
      blocks.append(.paragraph("Next: " + next.joined(separator: " · "), .faint))
    }
    return Document(blocks)
  }

  private var finishedCount: Int {
    sweep.trials.count { $0.runStatus == .finished && $0.value?.isFinite == true }
  }

  private var headline: String {
    let counts = Dictionary(sweep.trials.map { ($0.statusWord, 1) }, uniquingKeysWith: +)
    let words = ["finished", "pruned", "failed", "interrupted", "crashed", "running"].compactMap {
      word in counts[word].map { "\(grouped($0)) \(word)" }
    }
    let waiting = sweep.start.trialCount - sweep.trials.count
    let all = words + (waiting > 0 ? ["\(grouped(waiting)) not begun"] : [])
    return "Sweep \(sweep.id) \(sweep.status.rawValue): "
      + "\(counted(sweep.start.trialCount, "trial")), \(all.joined(separator: ", "))"
  }
}

extension SweepTrial {
  /// What became of the trial, in a word.
  package var statusWord: String { isPruned ? "pruned" : runStatus.rawValue }
}
