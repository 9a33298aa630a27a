package import TrackerStore

package import TrackerReport
package import TrackerViews

/// Literal data for every view: usual runs, and those that break careless renderers.
package enum Gallery {
  /// 2026-11-24T00:13:14.120Z.
  package static let now = Timestamp(milliseconds: 1_795_479_194_120)

  package static let hostileName = "<img src=x onerror=\"alert(1)\">"

  package static let environment = RunEnvironment(
    program: "tracker 0.1.0", gitCommit: "0123456789abcdef0123456789abcdef01234567",
    gitDirty: false, host: "atlas", user: "ada",
    process: ProcessIdentity(pid: 4711, startTime: nil, bootID: nil, pidNamespace: nil),
    command: "tracker run --lambda 0.5")

  package static let dataset = DatasetRecord(
    name: "digits", sha256: String(repeating: "ab12", count: 16), rows: 1797, features: 64,
    classes: 10)

  /// A run like that of the main job, with curves that fall and rise as a training's do.
  package static func run(
    _ id: Int64, name: String? = nil, status: RunStatus = .finished, lambda: Double = 0.5,
    seed: Int64 = 0, checks: [GradientCheckRecord] = [], epochs: Int64 = 200
  ) -> Run {
    var metrics: [String: MetricSummary] = [:]
    for curve in curves(run: id, lambda: lambda, epochs: epochs) {
      let values = curve.points.map(\.value)
      metrics[curve.metric] = MetricSummary(
        first: values.first ?? .nan, last: values.last ?? .nan, min: values.min() ?? .nan,
        max: values.max() ?? .nan, count: values.count, lastStep: epochs)
    }
    return Run(
      id: id, uuid: "uuid-\(id)", name: name, status: status,
      error: status == .failed ? "the disk is full" : nil,
      outcome: status == .finished ? "The gradient is as small as was asked for." : nil,
      startedAt: Timestamp(milliseconds: now.milliseconds - id * 340_000),
      endedAt: status == .running
        ? nil : Timestamp(milliseconds: now.milliseconds - id * 340_000 + 3120 + id * 77),
      parameters: [
        "lambda": .real(lambda), "seed": .integer(seed), "hidden": "100", "initRange": "glorot",
        "optimizer": "lbfgs", "epochs": .integer(epochs), "nesterov": false,
      ],
      metrics: metrics, gradientChecks: checks, tags: ["team": "a"], note: nil, dataset: dataset,
      environment: environment)
  }

  package static func curves(run: Int64, lambda: Double, epochs: Int64 = 200) -> [MetricCurve] {
    var noise = UInt64(bitPattern: run) &* 0x9E37_79B9_7F4A_7C15
    func next() -> Double {
      noise = noise &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(noise >> 33) / 4_294_967_296 - 0.25
    }
    let rate = 0.02 + 0.01 * Double(run % 5)
    let keys: [(String, (Double) -> Double)] = [
      ("cost", { 0.05 + 0.05 * lambda + 3.2 / (1 + rate * $0 * $0) * (1 + 0.2 * next()) }),
      ("trainAccuracy", { 1 - 0.9 / (1 + rate * $0 * 9) + 0.001 * next() }),
      (
        "testAccuracy",
        { 0.972 - 0.002 * Double(run % 7) - 0.87 / (1 + rate * $0 * 9) + 0.004 * next() }
      ),
      ("gradientNorm", { 2 / (1 + rate * $0 * $0 * $0) * (1 + 0.8 * next()) + 1e-6 }),
      ("evaluations", { 1 + 1.1 * $0 }),
      ("saturated.1", { 0.02 + 0.3 * $0 / (50 + $0) }),
    ]
    return keys.map { key, value in
      MetricCurve(
        run: run, metric: key,
        points: (0...epochs).map { step in
          MetricPoint(
            step: step, value: value(Double(step)),
            time: Timestamp(milliseconds: now.milliseconds + step * 15))
        })
    }
  }

  /// The check of the question that the project grew from: a second layer of saturated outputs.
  package static func saturatedCheck() -> (GradientCheckRecord, GradientCheckRecord.Vectors) {
    check(secondLayer: { row, _ in 0.9 - 0.0001 * Double(row % 7) })
  }

  /// A check that passes, with rounding errors.
  package static func soundCheck() -> (GradientCheckRecord, GradientCheckRecord.Vectors) {
    check(secondLayer: { _, _ in 0 })
  }

  private static func check(
    secondLayer: (Int, Int) -> Double
  ) -> (GradientCheckRecord, GradientCheckRecord.Vectors) {
    var analytic: [Double] = []
    var numerical: [Double] = []
    func wave(_ index: Int) -> Double { Double((index * 7919) % 1000) / 1000 - 0.5 }
    for index in 0..<6500 {
      analytic.append(0.001 * wave(index))
      numerical.append(0.001 * wave(index) + 6e-8 * wave(index * 31) * wave(index * 17))
    }
    for row in 0..<101 {
      for column in 0..<10 {
        let own = 0.02 * wave(row * 10 + column)
        numerical.append(own + 1e-9 * wave(row + column))
        analytic.append(own + secondLayer(row, column))
      }
    }
    func block(
      _ name: String, _ part: String, _ shape: (Int, Int), _ range: Range<Int>, _ start: Int
    )
      -> GradientCheckRecord.Block
    {
      let worst =
        range.max { abs(analytic[$0] - numerical[$0]) < abs(analytic[$1] - numerical[$1]) } ?? 0
      let difference = abs(analytic[worst] - numerical[worst])
      let failed = range.filter { abs(analytic[$0] - numerical[$0]) > 1e-6 }.count
      return .init(
        name: name, part: part, rows: shape.0, columns: shape.1, checkedCount: range.count,
        failedCount: failed, maxAbsoluteDifference: difference,
        maxRelativeDifference: difference / max(abs(analytic[worst]), abs(numerical[worst])),
        worst: .init(
          block: name, row: (worst - start) / shape.1, column: (worst - start) % shape.1,
          analytic: analytic[worst], numerical: numerical[worst]))
    }
    let blocks = [
      block("theta1", "bias", (65, 100), 0..<100, 0),
      block("theta1", "weights", (65, 100), 100..<6500, 0),
      block("theta2", "bias", (101, 10), 6500..<6510, 6500),
      block("theta2", "weights", (101, 10), 6510..<7510, 6500),
    ]
    let passed = blocks.allSatisfy { $0.failedCount == 0 }
    let record = GradientCheckRecord(
      id: passed ? 1 : 2, step: 0, moment: "start", epsilon: 1e-4, method: "central",
      tolerance: 1e-6, relativeTolerance: 1e-5, passed: passed, seconds: 0.431, cost: 127.4,
      blocks: blocks, worst: blocks.compactMap(\.worst))
    return (record, .init(analytic: analytic, numerical: numerical, parameters: nil))
  }

  package static let finding = DiagnosisView.Finding(
    cause: "saturated-clamped-output", likelihood: 0.97,
    summary: "Every output is saturated, and the clamp makes the cost flat there.",
    evidence: [
      "all 1,010 derivatives of theta2 differ, by up to 0.9032",
      "the numerical derivative of theta2 is that of the regularisation alone",
    ],
    confirm: "tracker run --preset saturated-digits --init-range 0.12")

  /// A sweep over two options: some trials finished, one pruned, one failed, one cut off, one that gave no number.
  package static func sweep(
    _ status: RunStatus = .interrupted, objective: String = "testAccuracy"
  ) -> SweepView {
    let values: [Double?] = [
      0.91, 0.93, 0.42, nil, 0.97, .nan, 0.95, 0.96, 0.88, 0.9, 0.89, 0.94, 0.93,
    ]
    let trials = values.enumerated().map { number, value in
      SweepTrial(
        number: number, runID: Int64(number + 1),
        runStatus: number == 2
          ? .interrupted : number == 3 ? .failed : number == 12 ? .crashed : .finished,
        isPruned: number == 2, value: value,
        values: [
          "lambda": number % 2 == 0 ? "0.5" : "0.1", "init-range": number < 6 ? "0.12" : "0:3",
        ])
    }
    let start = SweepStart(
      command: "tracker sweep --lambda 0.1,0.5", directory: "/home/ada",
      options: [
        .init(name: "lambda", value: "0.1,0.5"), .init(name: "init-range", value: "0.12,0:3"),
      ], sampler: "random", samplerSeed: 0, trialCount: 16, pruner: "median", leastEpochs: 10,
      objective: objective, direction: .maximize, startedAt: now)
    let parameters: [SweepView.Parameter] = [
      .init(option: "lambda", key: "lambda"), .init(option: "init-range", key: "initRange"),
    ]
    return SweepView(
      sweep: Sweep(
        id: 3, uuid: "uuid-s3", status: status, endedAt: now, start: start, trials: trials),
      runs: trials.map { trial in
        var run = run(
          trial.runID, status: trial.runStatus, lambda: trial.number % 2 == 0 ? 0.5 : 0.1)
        run.parameters["initRange"] = .text(trial.number < 6 ? "-0.12:0.12" : "0:3")
        return run
      }, parameters: parameters,
      importances: [
        .init(parameter: parameters[1], share: 0.62), .init(parameter: parameters[0], share: 0.031),
      ])
  }

  /// The same as it runs.
  package static func sweepProgress(running count: Int) -> SweepProgressView {
    var view = SweepProgressView(
      id: 3, trialCount: 160, objective: "testAccuracy",
      parameters: [
        .init(option: "lambda", key: "lambda"), .init(option: "init-range", key: "initRange"),
      ])
    func trial(_ number: Int, _ value: Double?) -> SweepTrial {
      SweepTrial(
        number: number, runID: Int64(number + 1), runStatus: .finished, value: value,
        values: ["lambda": "0.5", "init-range": number % 2 == 0 ? "0.12" : "0:3"])
    }
    view.running = (0..<count).map { index in
      var running = SweepProgressView.Running(
        trial: trial(40 + index, index == 0 ? nil : 0.5), epochLimit: 200)
      running.epoch = index * 7
      running.values = (0..<index * 7).map { 1 - 1 / Double($0 + 2) }
      return running
    }
    view.best = [trial(7, 0.9861), trial(30, 0.98), trial(12, 0.9772)]
    (view.doneCount, view.prunedCount, view.failedCount) = (40, 11, 1)
    (view.seconds, view.secondsLeft) = (61.7, 185.1)
    return view
  }

  package static func reportRun(
    _ run: Run, check: (GradientCheckRecord, GradientCheckRecord.Vectors)? = nil,
    epochs: Int64 = 200, budget: CurveBudget? = nil
  ) -> ReportRun {
    var lambda = 0.5
    if case .real(let value)? = run.parameters["lambda"] { lambda = value }
    return ReportRun(
      run: run,
      curves: curves(run: run.id, lambda: lambda, epochs: epochs).map {
        BucketedCurve(
          $0, buckets: budget?.buckets(of: run.id) ?? 400,
          fine: budget?.fineBuckets(of: run.id, $0.metric))
      },
      vectors: check.map { [$0.0.id: $0.1] } ?? [:],
      findings: check?.0.passed == false ? [finding] : [])
  }

  /// A dozen runs: most sound, one with the failed check, one running, one with a hostile name.
  package static func report(runs count: Int64 = 12, epochs: Int64 = 200) -> ReportView {
    let sound = soundCheck()
    let saturated = saturatedCheck()
    let names: [Int64: String] = [
      1: "saturated", 2: hostileName, 3: "tnc-large-λ-🧪",
      4: String(repeating: "a-very-long-name-", count: 8), 5: "数字 の 訓練",
    ]
    let runs = (1...count).reversed().map { id in
      run(
        id, name: names[id], status: id == 7 ? .running : id == 9 ? .failed : .finished,
        lambda: [0, 0.1, 0.5, 1][Int(id % 4)], seed: id % 3,
        checks: [(id == 1 ? saturated : sound).0], epochs: epochs)
    }
    let aim = RankingMetric(runs)
    let ranking = aim?.ranking(runs) ?? runs
    let budget = ReportView.curveBudget(runs, ranking: ranking.map(\.id), aim: aim?.key)
    let parts = runs.map { run in
      reportRun(
        run, check: run.id == 1 ? saturated : sound, epochs: epochs, budget: budget)
    }
    return ReportView(
      title: "Digits", runs: parts, madeAt: now, command: "tracker report --html")
  }
}
