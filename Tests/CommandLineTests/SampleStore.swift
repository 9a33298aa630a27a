import TrackerStore

/// A store whose every value is written here, so that what commands print of it is known to the letter.
enum SampleStore {
  /// The moment at which commands look at it: 2026-11-24T12:00:00Z.
  static let now = Timestamp(milliseconds: 1_795_521_600_000)

  static func make(at path: String) throws {
    let store = try Store(path: path)
    try finishedRun(store)
    try failedCheckRun(store)
    try strangeRun(store)
  }

  private static func environment(_ command: String) -> RunEnvironment {
    RunEnvironment(
      program: "tracker 0.1.0", gitCommit: "0123456789abcdef0123456789abcdef01234567",
      gitDirty: false,
      host: "laboratory", user: "ada",
      process: ProcessIdentity(pid: 4242, startTime: 1, bootID: "boot", pidNamespace: "pid:[1]"),
      command: command)
  }

  private static let digits = DatasetRecord(
    name: "digits", sha256: String(repeating: "6e", count: 32), rows: 1797, features: 64,
    classes: 10)

  private static func check(passed: Bool) -> GradientCheckRecord {
    let worst = GradientCheckRecord.Entry(
      block: "theta2", row: 7, column: 3, analytic: 0.90317, numerical: passed ? 0.90317 : 0.00002)
    func block(
      _ name: String, _ part: String, _ rows: Int, _ columns: Int, _ count: Int, _ fails: Bool
    )
      -> GradientCheckRecord.Block
    {
      GradientCheckRecord.Block(
        name: name, part: part, rows: rows, columns: columns, checkedCount: count,
        failedCount: fails ? count : 0, maxAbsoluteDifference: fails ? 0.90315 : 2.5e-9,
        maxRelativeDifference: fails ? 0.99998 : 1.5e-7, worst: worst)
    }
    return GradientCheckRecord(
      step: 0, moment: "start", epsilon: 1e-7, method: "central", tolerance: 1e-6,
      relativeTolerance: 1e-6, passed: passed, seconds: 0.5, cost: 127.4,
      blocks: [
        block("theta1", "bias", 65, 100, 100, false),
        block("theta1", "weights", 65, 100, 6400, false),
        block("theta2", "bias", 101, 10, 10, !passed),
        block("theta2", "weights", 101, 10, 1000, !passed),
      ], worst: [worst])
  }

  private static func start(
    _ hours: Int64, name: String?, experiment: String = "default",
    parameters: [String: ParameterValue], note: String? = nil, tags: [String: String] = [:]
  ) -> RunStart {
    RunStart(
      experiment: experiment, name: name, parameters: parameters, dataset: digits,
      environment: environment("tracker run --lambda 0.5"), tags: tags, note: note,
      startedAt: Timestamp(milliseconds: now.milliseconds - hours * 3_600_000))
  }

  private static func finishedRun(_ store: Store) throws {
    let run = try store.startRun(
      start(
        3, name: "baseline",
        parameters: ["lambda": 0.5, "initRange": "glorot", "optimizer": "lbfgs", "seed": 0],
        note: "the defaults", tags: ["team": "a"]))
    for epoch in 0...20 {
      let time = Timestamp(milliseconds: run.startedAt.milliseconds + Int64(epoch) * 100)
      try run.log(
        [
          ("cost", 7 / Double(1 + epoch)), ("trainAccuracy", 1 - 0.9 / Double(1 + epoch)),
          ("testAccuracy", 0.98 - 0.88 / Double(1 + epoch)),
        ], step: Int64(epoch), time: time)
    }
    try run.log(check: check(passed: true))
    try run.logArtifact(
      name: "parameters/final", kind: "parameters", data: [0, 1, 2, 3], at: run.startedAt)
    try run.finish(
      .finished, outcome: "All 20 epochs are done.",
      at: Timestamp(milliseconds: run.startedAt.milliseconds + 2_150))
  }

  private static func failedCheckRun(_ store: Store) throws {
    let run = try store.startRun(
      start(
        2, name: "saturated",
        parameters: ["lambda": 0.5, "initRange": "0:3", "optimizer": "tnc", "seed": 0]))
    for epoch in 0...3 {
      try run.log(
        [("cost", 127.4 - Double(epoch)), ("trainAccuracy", 0.1)], step: Int64(epoch),
        time: Timestamp(milliseconds: run.startedAt.milliseconds + Int64(epoch) * 500))
    }
    try run.log(check: check(passed: false))
    try run.finish(
      .interrupted, outcome: "Stopped after 3 epochs.",
      at: Timestamp(milliseconds: run.startedAt.milliseconds + 65_000))
  }

  private static func strangeRun(_ store: Store) throws {
    let run = try store.startRun(
      start(
        1, name: "<img src=x onerror=alert(1)> \"quoted\"\nsecond line 😀", experiment: "odd|names",
        parameters: ["lambda": .real(.nan), "initRange": "0:3", "big": .integer(.max)],
        note: "a | b"))
    try run.log(
      [("cost", .nan), ("loss", .infinity)], step: 0,
      time: Timestamp(milliseconds: run.startedAt.milliseconds + 10))
    try run.finish(
      .failed, error: "the cost is not a finite number",
      at: Timestamp(milliseconds: run.startedAt.milliseconds + 20))
  }

  /// Runs over seeds: three values of lambda, the last of them tried with two seeds alone, and one of the middle ones
  /// an outlier.
  static func makeSeeds(at path: String) throws {
    let store = try Store(path: path)
    let accuracies: [(lambda: Double, values: [Double])] = [
      (0, [0.9625, 0.96, 0.965, 0.9575, 0.9625]), (0.5, [0.975, 0.9725, 0.9775, 0.975, 0.925]),
      (1, [0.9475, 0.95]), (2, [0.94, 0.9425, 0.935]),
    ]
    for (lambda, values) in accuracies {
      for (seed, accuracy) in values.enumerated() {
        let parameters: [String: ParameterValue] = [
          "lambda": .real(lambda), "seed": .integer(Int64(seed)), "optimizer": "lbfgs",
        ]
        let run = try store.startRun(start(3, name: nil, parameters: parameters))
        for epoch in 0...(4 + seed % 2) {
          let left = 1 / Double(1 << epoch)
          try run.log(
            [("cost", left + lambda), ("testAccuracy", accuracy - left / 4)], step: Int64(epoch),
            time: Timestamp(milliseconds: run.startedAt.milliseconds + Int64(epoch) * 100))
        }
        try run.finish(
          .finished, at: Timestamp(milliseconds: run.startedAt.milliseconds + 1_000))
      }
    }
  }
}
