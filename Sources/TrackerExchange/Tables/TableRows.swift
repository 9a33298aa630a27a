import TrackerStore
import TrackerSystem

/// Makes runs of the rows of a table, whatever they were read from.
struct TableRows {
  private let format: ForeignFormat
  /// The file, or the folder, that the rows are of.
  let path: String
  private let written: Timestamp
  private var runs: [String: ForeignRun] = [:]
  private var order: [String] = []
  private var nextSteps: [String: Int64] = [:]
  private var left: [String: Int] = [:]

  /// - Parameters:
  ///   - format: the word with which the runs' identities begin
  ///   - path: the file, or the folder of the run, which has no id: where it is, is what it is
  init(_ format: ForeignFormat, path: String) {
    self.format = format
    self.path = resolvedPath(path)
    written = SourceFile.modified(path) ?? Timestamp(milliseconds: 0)
  }

  /// Takes a row's values.
  ///
  /// - Parameters:
  ///   - run: the run's name, or `nil` where the table is of one run
  ///   - step: the step, or `nil` for the one after the last
  ///   - time: when, or `nil` for the file's own time
  mutating func take(
    _ values: [(key: String, value: Double)], run name: String?, step: Int64?, time: Timestamp?
  ) {
    let id = name ?? ""
    if runs[id] == nil {
      var run = ForeignRun(identity: "\(format.rawValue):\(path)\(name.map { ":\($0)" } ?? "")")
      run.name = name ?? Self.name(of: path)
      runs[id] = run
      order.append(id)
    }
    let place = step ?? nextSteps[id, default: 0]
    nextSteps[id] = place == .max ? place : place + 1
    for (key, value) in values {
      runs[id]?.metrics[key, default: []].append(
        MetricPoint(step: place, value: value, time: time ?? written))
    }
  }

  /// Counts something that is left out.
  mutating func leaveOut(_ what: String) { left[what, default: 0] += 1 }

  /// The runs, in the order in which they came first.
  ///
  /// - Parameter complete: adds to a run what stands beside the file
  func hand(
    on body: (ForeignRun) throws -> Void, _ omissions: inout Omissions,
    complete: (inout ForeignRun) -> Void = { _ in }
  ) throws {
    for (what, count) in left.sorted(by: { $0.key < $1.key }) { omissions.add(what, count: count) }
    for id in order {
      guard var run = runs[id] else { continue }
      let times = run.metrics.values.flatMap { $0.map(\.time) }
      run.startedAt = times.min()
      run.endedAt = times.max()
      complete(&run)
      try body(run)
    }
  }

  /// The tables that loggers write, each in the folder of its run: Lightning's, Ultralytics', that of Stable Baselines and RLlib.
  static let ofLoggers: Set = ["metrics.csv", "results.csv", "progress.csv"]

  /// `logs/version_3/metrics.csv` is `version_3`, `history.csv` is `history`.
  private static func name(of path: String) -> String {
    let file = SourceFile.name(of: path)
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return ofLoggers.contains(file) ? SourceFile.name(of: SourceFile.parent(of: path)) : stem
  }
}
