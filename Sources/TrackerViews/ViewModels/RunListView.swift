package import TrackerJSON
import TrackerEngine
package import TrackerStore

/// Runs, newest first, one a row.
package struct RunListView: Presentable {
  private let runs: [Run]
  private let columns: [RunColumn]
  private let chosen: Bool
  private let total: Int
  /// The metrics that are shown without being asked for.
  package let tellingMetrics: [String]

  /// The columns that every run has.
  package static let columnNames = RunColumn.own.map(\.column.key)

  /// A list with the columns that tell most of these runs apart.
  ///
  /// - Parameters:
  ///   - runs: the runs in the order in which they are shown
  ///   - total: how many runs there are, if more than are shown
  ///   - findings: the likeliest faults of their trainings, by run
  ///   - ranking: the metric by which they are ranked; `nil` chooses one
  package init(
    runs: [Run], total: Int? = nil, findings: [Int64: String] = [:],
    ranking: RankingMetric? = nil
  ) {
    self.runs = runs
    self.total = total ?? runs.count
    chosen = false
    tellingMetrics = Self.tellingMetrics(of: runs, ranking)
    columns =
      Self.tellingColumns(of: runs, metrics: tellingMetrics)
      + (findings.isEmpty ? [] : [RunColumn.finding(findings)])
  }

  /// A list with the columns that were asked for, such as `id`, `lambda`, `metrics.cost`, `best(cost)`.
  ///
  /// - Parameter keys: those of all runs, whether or not they are shown
  package init(
    runs: [Run], columns: [String], keys: KnownKeys, total: Int? = nil
  ) throws(UnknownColumnError) {
    self.runs = runs
    self.total = total ?? runs.count
    chosen = true
    tellingMetrics = []
    var found: [RunColumn] = []
    for name in columns { found.append(try RunColumn.named(name, among: keys)) }
    self.columns = found
  }

  package var json: JSONValue { .array(runs.map(\.json)) }

  package var records: DataTable {
    chosen ? table(columns) : table(Self.allColumns(of: runs))
  }

  package var document: Document {
    guard !runs.isEmpty else {
      return Document([
        .paragraph(
          total > 0 ? "No run matches." : "No runs yet. Try: tracker run", .faint)
      ])
    }
    var blocks: [Document.Block] = [.table(table(columns))]
    if total > runs.count {
      blocks.append(
        .paragraph("\(grouped(runs.count)) of \(counted(total, "run")): --limit shows more", .faint)
      )
    }
    return Document(blocks)
  }

  /// The columns that fit a page, and behind them those that a reader may choose to see: whatever else tells these runs
  /// apart, and does not stand with each run anyway.
  package var wideTable: (table: DataTable, shownColumns: Int) {
    let known = Set(columns.map(\.column.key))
    let others = Self.allColumns(of: runs).lazy.filter { column in
      guard !known.contains(column.column.key), !["uuid", "command"].contains(column.column.key)
      else { return false }
      return Set(runs.lazy.map { column.cell($0).value }).count > 1
    }.prefix(Self.mostOthers)
    let shown = columns.filter { $0.column.rank < Self.hindmostRank }
    let hindmost = columns.filter { $0.column.rank >= Self.hindmostRank }
    return (table(shown + hindmost + others), shown.count)
  }

  /// The rank of the parameters behind the first four.
  private static let hindmostRank = 8

  /// Nobody chooses among more columns in a page.
  private static let mostOthers = 500

  private func table(_ columns: [RunColumn]) -> DataTable {
    DataTable(
      columns: columns.map(\.column), rows: runs.map { run in columns.map { $0.cell(run) } })
  }

  /// What tells runs apart comes first: their names, what they were started with and what came of it. What surrounds
  /// them follows, and what no run has is left out.
  package static func tellingColumns(
    of runs: [Run], metrics: [String]
  ) -> [RunColumn] {
    func own(_ keys: String...) -> [RunColumn] {
      keys.compactMap { key in RunColumn.own.first { $0.column.key == key } }
    }
    let differing = ParameterDifferences(runs).telling.prefix(parameterLimit).enumerated().map {
      index, key in
      RunColumn.parameter(
        key, isMetric: runs.contains { $0.metrics[key] != nil },
        rank: index == 0 ? 2 : index < 4 ? 6 : hindmostRank)
    }
    let alerts = runs.contains { !$0.alerts.isEmpty } ? [RunColumn.alerts] : []
    let isOne = runs.count > 1 && Set(runs.map(\.experiment)).count == 1
    let columns =
      own("id", "name", "status") + differing + metrics.map { RunColumn.metric($0) }
      + own("check") + alerts + (isOne ? [] : own("experiment"))
      + own("startedAt", "durationSeconds")
    return columns.filter { column in
      runs.contains { !column.cell($0).isMissing }
    }
  }

  /// What runs are ranked by, before what goes with it.
  package static func tellingMetrics(
    of runs: [Run], _ ranking: RankingMetric? = nil
  ) -> [String] {
    let headline = RankingMetric.headline(of: runs)
    let aim = (ranking ?? RankingMetric(runs))?.key
    return [aim].compactMap { $0 } + headline.filter { $0 != aim }
  }

  /// More parameters stand behind those that are shown.
  private static let parameterLimit = 8

  private static func allColumns(of runs: [Run]) -> [RunColumn] {
    let parameters = Set(runs.flatMap(\.parameters.keys)).sorted()
    let metrics = inReadingOrder(metrics: runs.metricKeys)
    let tags = Set(runs.flatMap(\.tags.keys)).sorted()
    let metricKeys = Set(metrics)
    return RunColumn.own
      + parameters.map { RunColumn.parameter($0, isMetric: metricKeys.contains($0)) }
      + metrics.map { RunColumn.metric($0) } + tags.map { RunColumn.tag($0) }
  }
}

/// The parameters in which runs differ.
package struct ParameterDifferences {
  /// Those that people tune first, then by name.
  package let keys: [String]
  /// Those of ``keys`` that can change what comes of a run: how its gradient is checked and how often it is saved only
  /// watch it.
  package var influential: [String] {
    keys.filter { $0 != "preset" && TrainingOption.named($0)?.isInfluential ?? true }
  }

  /// Those of ``keys`` that make good columns, the best first: those in which the runs that have them differ before those
  /// that some runs merely have, then those that more runs have; long texts come last. One that a few runs have alone is
  /// none.
  package var telling: [String] {
    var holdings: [String: Holding] = [:]
    for key in keys { holdings[key] = Holding() }
    for run in runs {
      for (key, value) in run.parameters { holdings[key]?.take(value) }
    }
    let most = holdings.values.lazy.map(\.count).max() ?? 0
    let placed = keys.enumerated().compactMap { place, key -> (key: String, order: [Int])? in
      guard let holding = holdings[key], holding.count * 4 >= most else { return nil }
      return (key, holding.order + [place])
    }
    return placed.sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.key)
  }

  /// What the runs that have a parameter say of it.
  private struct Holding {
    /// More characters than a column is read for, as a path's.
    private static let longText = 40
    private(set) var count = 0
    private var first: ParameterValue?
    private var differs = false
    private var isLong = false

    mutating func take(_ value: ParameterValue) {
      count += 1
      if first == nil { first = value } else if value != first { differs = true }
      if case .text(let text) = value, text.utf8.count > Self.longText { isLong = true }
    }

    /// The smaller, the earlier.
    var order: [Int] { [isLong ? 1 : 0, differs ? 0 : 1, -count] }
  }

  private let runs: [Run]

  package init(_ runs: [Run]) {
    self.runs = runs
    let first = runs.first?.parameters ?? [:]
    var differing: Set<String> = []
    for index in runs.indices.dropFirst() {
      let parameters = runs[index].parameters
      if parameters.keys.elementsEqual(first.keys) {
        for (own, other) in zip(parameters, first) where own.value != other.value {
          differing.insert(own.key)
        }
        continue
      }
      var sharedCount = 0
      for (key, value) in parameters {
        let other = first[key]
        if other != nil { sharedCount += 1 }
        if other != value { differing.insert(key) }
      }
      guard sharedCount < first.count else { continue }
      for key in first.keys where parameters[key] == nil { differing.insert(key) }
    }
    keys = differing.map { (rank: TrainingOption.named($0)?.rank ?? .max, key: $0) }
      .sorted { ($0.rank, $0.key) < ($1.rank, $1.key) }.map(\.key)
  }
}
