import TestGallery
import TestSupport
import Testing
import TrackerStore

@testable import TrackerViews

@Suite("Views")
struct ViewTests {
  /// Every view, by the name of its golden files.
  static let views: [(name: String, view: any Presentable)] = {
    let sound = Gallery.soundCheck().0
    let saturated = Gallery.saturatedCheck().0
    let first = Gallery.run(1, name: "saturated", checks: [saturated])
    let second = Gallery.run(2, name: Gallery.hostileName, lambda: 0.1, checks: [sound])
    let strange = Run(
      id: 3, name: "数字\n\u{202E}🧪 |`*", status: .running, startedAt: Gallery.now,
      parameters: ["lambda": .real(.infinity), "note": "a,\"b\"\nc"],
      metrics: [
        "loss": .init(
          first: .nan, last: .nan, min: -.infinity, max: .infinity, count: 2, lastStep: 1)
      ], note: "=1+1", environment: Gallery.environment)
    let points = Array(Gallery.curves(run: 1, lambda: 0.5)[0].points.prefix(4))
    return [
      ("list", RunListView(runs: [second, first], total: 37)),
      ("list-empty", RunListView(runs: [])),
      ("list-strange", RunListView(runs: [strange])),
      (
        "run",
        RunView(
          run: first, curves: Gallery.curves(run: 1, lambda: 0.5),
          artifacts: [.init(name: "start", kind: "parameters", byteCount: 60_080, sha256: "ab")])
      ),
      ("run-strange", RunView(run: strange)),
      ("summary", RunSummaryView(run: first)),
      ("series", MetricSeriesView(.init(run: 1, metric: "cost", points: points))),
      (
        "compare",
        ComparisonView(
          runs: [first, second], curves: drawn(Gallery.curves(run: 1, lambda: 0.5), second.id))
      ),
      ("compare-six", ComparisonView(runs: (1...6).map { Gallery.run($0, lambda: 0.1) })),
      ("compare-differing", differing),
      ("check", CheckView(check: saturated, run: 1)),
      ("diagnosis", DiagnosisView(run: 1, findings: [Gallery.finding])),
      (
        "query",
        QueryView(
          columns: ["a", "a"],
          rows: [[.integer(1), .missing], [.real(.nan), .blob([0, 255])]])
      ),
      (
        "doctor",
        DoctorView(
          path: "tracker.sqlite", facts: ["schemaVersion": .integer(1), "size": .bytes(123_456)],
          examinations: [
            .init(name: "integrity", isSound: true),
            .init(
              name: "summaries", isSound: false, detail: "3 differ", advice: "restore a backup"),
          ])
      ),
      ("sweep", Gallery.sweep(.finished)), ("sweep-interrupted", Gallery.sweep()),
      (
        "sweep-empty",
        SweepView(
          sweep: Sweep(
            id: 1, uuid: "uuid-s1", status: .interrupted, endedAt: Gallery.now,
            start: SweepStart(
              command: "tracker sweep", directory: "/", options: [], sampler: "grid",
              samplerSeed: 0,
              trialCount: 2, pruner: nil, leastEpochs: 10, objective: "cost", direction: .minimize,
              startedAt: Gallery.now), trials: []), runs: [], parameters: [], importances: [])
      ),
      ("migration", MigrationView(path: "a.sqlite", from: 0, to: 1, applied: ["0001_initial"])),
    ]
  }()

  /// What a comparison draws of a run and another.
  private static func drawn(_ curves: [MetricCurve], _ other: Int64) -> [MetricCurve] {
    let all = curves + Gallery.curves(run: other, lambda: 0.1)
    return ["cost", "testAccuracy"].flatMap { key in all.filter { $0.metric == key } }
  }

  /// Three runs with all that a comparison may have to say, but curves.
  private static let differing: ComparisonView = {
    var runs = [Gallery.run(1), Gallery.run(2, lambda: 0.1), Gallery.run(3, epochs: 50)]
    runs[1].dataset?.sha256 = String(repeating: "cd", count: 32)
    for (index, form) in ["stable", "clamped", "stable"].enumerated() {
      let own: [String: ParameterValue] = [
        "cost": .text(form), "output": "sigmoid", "scale": "unit", "testFraction": .real(0.2),
        "splitSeed": .integer(Int64(index / 2)),
      ]
      runs[index].parameters.merge(own) { $1 }
    }
    runs[2].environment.gitCommit = String(repeating: "89", count: 20)
    let shared = SharedStep.missing(in: runs).map {
      SharedStep(metric: $0.metric, step: $0.step, values: [0.25, nil, 0.125])
    }
    return ComparisonView(
      runs: runs, directions: ["gradientNorm": .minimize], shared: shared,
      target: TargetComparison(
        metric: "cost", value: 0.06, direction: .minimize,
        reached: [
          .init(step: 40, value: 0.0599, evaluations: 44, seconds: 0.6), nil,
          .init(step: 45, value: 0.06, evaluations: nil, seconds: 61),
        ]))
  }()

  @Test("Each view looks as it did, in each format", arguments: views.map(\.name))
  func golden(name: String) throws {
    let view = try #require(Self.views.first { $0.name == name }).view
    for format in Format.allCases {
      // At the utc look, so that the machine's time zone does not matter.
      let style = TextStyle(width: 100, times: .utc, now: Gallery.now)
      let ending = [Format.table: "txt", .json: "json", .csv: "csv", .markdown: "md"][format] ?? ""
      try expectGolden(view.rendered(as: format, style: style), "\(name).\(ending)")
    }
  }

  @Test("No table is wider than its terminal", arguments: views.map(\.name), [40, 80, 120])
  func width(name: String, width: Int) throws {
    let view = try #require(Self.views.first { $0.name == name }).view
    for case .table(let table) in view.document.blocks {
      let style = TextStyle(width: width, now: Gallery.now)
      let essential = DataTable(
        columns: table.columns.filter { $0.rank == 0 }, rows: [])
      guard essential.columns.count * 18 <= width else { continue }
      for line in table.text(style).split(separator: "\n") {
        #expect(String(line).displayWidth <= width)
      }
    }
  }

  @Test("Colour adds to the text and takes nothing from it", arguments: views.map(\.name))
  func colour(name: String) throws {
    let view = try #require(Self.views.first { $0.name == name }).view
    let plain = view.rendered(as: .table, style: TextStyle(width: 100, now: Gallery.now))
    let coloured = view.rendered(
      as: .table, style: TextStyle(width: 100, colour: true, now: Gallery.now))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
    #expect(!plain.unicodeScalars.contains("\u{1B}"))
  }

  @Test("A list shows the columns that were asked for, and names what it does not know")
  func chosenColumns() throws {
    let runs = [Gallery.run(1), Gallery.run(2, lambda: 0.1)]
    let keys = KnownKeys(
      parameters: ["lambda": .init(hasNumbers: true, hasTexts: false)],
      metrics: ["cost", "testAccuracy"], tags: ["team"])
    let list = try RunListView(
      runs: runs, columns: ["id", "lambda", "metrics.cost", "tags.team", "max(testAccuracy)"],
      keys: keys)
    #expect(
      list.records.columns.map(\.key)
        == ["id", "parameters.lambda", "metrics.cost", "tags.team", "max(testAccuracy)"])
    #expect(list.records.rows[1][1] == .real(0.1))
    let error = #expect(throws: UnknownColumnError.self) {
      try RunListView(runs: runs, columns: ["lamda"], keys: keys)
    }
    #expect(error?.suggestion == "did you mean lambda?")
    let none = try RunListView(runs: [], columns: ["lambda"], keys: keys)
    #expect(none.records.columns.map(\.key) == ["parameters.lambda"])
    let misspelt = #expect(throws: UnknownColumnError.self) {
      try RunListView(runs: runs, columns: ["metrics.cots"], keys: keys)
    }
    #expect(misspelt?.suggestion == "did you mean metrics.cost?")
    for name in ["params.cost", "tags.lambda", "min(lambda)", "metrics."] {
      #expect(throws: UnknownColumnError.self) {
        try RunListView(runs: runs, columns: [name], keys: keys)
      }
    }
    let doubtful = #expect(throws: UnknownColumnError.self) {
      try RunListView(runs: runs, columns: ["best(stepLength)"], keys: keys)
    }
    #expect(doubtful?.suggestion.contains("write min(stepLength) or max(stepLength)") == true)
    #expect(error?.name == "lamda")
    #expect(error?.known.contains("lambda") == true)
  }

  @Test("A parameter with the name of a metric, or of a column of every run, is told from it")
  func columnsOfOneName() throws {
    let text = KnownKeys.Values(hasNumbers: false, hasTexts: true)
    let keys = KnownKeys(
      parameters: ["cost": text, "check": text], metrics: ["cost"], tags: [])
    let list = try RunListView(
      runs: [], columns: ["params.cost", "metrics.cost", "params.check", "check"], keys: keys)
    #expect(
      list.records.columns.map(\.title) == ["params.cost", "cost", "params.check", "check"])
    let doubtful = #expect(throws: UnknownColumnError.self) {
      try RunListView(runs: [], columns: ["cost"], keys: keys)
    }
    #expect(doubtful?.suggestion.contains("write params.cost or metrics.cost") == true)
  }

  @Test(
    "Parameters in which many runs differ make the first columns; those of a few alone make none, long texts the last"
  )
  func tellingParameters() {
    let folder = String(repeating: "/folder", count: 8)
    var runs = (0..<12).map { index in
      var run = Gallery.run(Int64(index + 1))
      run.parameters = [
        "rate": .real(Double(index)), "batch": 32, "output": .text("\(folder)/\(index)"),
      ]
      return run
    }
    for index in 4..<8 { runs[index].parameters = ["depth": .integer(Int64(index))] }
    runs[3].parameters = Dictionary(uniqueKeysWithValues: (0..<20).map { ("a\($0)", 1) })
    #expect(ParameterDifferences(runs).telling == ["rate", "depth", "batch", "output"])
    // Of two runs each is told by what the other has not.
    runs[0].parameters = ["batch": 32, "dropout": 0.5]
    runs[1].parameters = ["batch": 32]
    #expect(ParameterDifferences(Array(runs[..<2])).telling == ["dropout"])
  }

  @Test(
    "The winner is the best by the metric's direction, and nobody where the first place is shared")
  func winner() {
    #expect(MetricDirection.minimize.winner(of: [2, 1, nil]) == 1)
    #expect(MetricDirection.maximize.winner(of: [2, 1, .nan]) == 0)
    #expect(MetricDirection.maximize.winner(of: [2, 2, 1]) == nil)
    #expect(MetricDirection.maximize.winner(of: [2, nil]) == nil)
    #expect(MetricDirection.known(for: "testAccuracy") == .maximize)
    #expect(MetricDirection.known(for: "val_loss") == .minimize)
    #expect(MetricDirection.known(for: "stepLength") == nil)
  }

  @Test("Changes are in per cent of the first value's size, and of nothing where that is 0")
  func changes() {
    #expect(MetricComparison.Change(3, from: -2)?.percent == 250)
    #expect(MetricComparison.Change(3, from: 0) == .init(3, from: 0))
    #expect(MetricComparison.Change(3, from: 0)?.percent == nil)
    #expect(MetricComparison.Change(.infinity, from: 1)?.percent == nil)
    #expect(MetricComparison.Change(nil, from: 1) == nil)
  }

  @Test("The last step that all runs have is that of the run which ended first")
  func sharedSteps() {
    let missing = SharedStep.missing(in: [Gallery.run(1), Gallery.run(2, epochs: 7)])
    #expect(missing.map(\.step) == Array(repeating: 7, count: 6))
    #expect(SharedStep.missing(in: [Gallery.run(1), Gallery.run(2)]).isEmpty)
  }

  @Test("Runs are warned of where data, split or cost function are others, and only there")
  func warnings() {
    func warned(_ change: (inout Run) -> Void) -> [ComparabilityWarning.Kind] {
      let own: [String: ParameterValue] = [
        "cost": "stable", "output": "sigmoid", "scale": "unit", "testFraction": 0.2, "splitSeed": 0,
      ]
      var (first, second) = (Gallery.run(1), Gallery.run(2))
      first.parameters.merge(own) { $1 }
      second.parameters.merge(own) { $1 }
      change(&second)
      return ComparabilityWarning.warnings(on: [first, second]).map(\.kind)
    }
    #expect(warned { $0.parameters["optimizer"] = "tnc" }.isEmpty)
    #expect(warned { $0.dataset?.sha256 = "ff" } == [.data])
    #expect(warned { $0.dataset = nil }.isEmpty)
    #expect(warned { $0.parameters["splitSeed"] = 4 } == [.split])
    #expect(warned { $0.parameters["testFraction"] = 0.3 } == [.split])
    #expect(warned { $0.parameters["lambda"] = 0.1 } == [.cost])
    #expect(warned { $0.parameters["scale"] = "none" } == [.cost])
    // Another program's word for something else.
    #expect(warned { $0.parameters = ["cost": 3] }.isEmpty)
  }

  @Test("Runs that differ in nothing are said to")
  func noDifference() {
    let view = ComparisonView(runs: [Gallery.run(1), Gallery.run(1)])
    #expect(!view.differs)
    #expect(view.rendered(as: .table).contains("Nothing: same parameters"))
  }
}
