import TrackerValues
import TrackerSQLite

extension Store {
  /// The number of the run that `selector` means: an id, `latest`, `latest~1`, `best:METRIC`, `best:min(METRIC)`,
  /// `best:max(METRIC)`, or a name that one run alone has.
  ///
  /// - Throws: ``StoreError`` with ``StoreError/Reason/noSuchRun`` or
  ///   ``StoreError/Reason/ambiguousRun``
  public func runID(_ selector: String) throws -> Int64 {
    if let id = Int64(selector) {
      let exists = try read("reading") {
        try $0.row("SELECT 1 FROM run WHERE id = ?", [.integer(id)]) { _ in true } ?? false
      }
      guard exists else { throw try noSuchRun(selector) }
      return id
    }
    if selector == "latest" { return try latest(0, selector) }
    if selector.hasPrefix("latest~"), let back = Int64(selector.dropFirst(7)), back >= 0 {
      return try latest(back, selector)
    }
    if selector.hasPrefix("best:") { return try best(String(selector.dropFirst(5))) }
    var ids = try runs(named: selector)
    // One name may be spelled with letters of different bytes (é as one or as two), which Swift compares as equal.
    if ids.isEmpty, let spelled = try runNames().first(where: { $0 == selector }) {
      ids = try runs(named: spelled)
    }
    guard let id = ids.first else {
      throw try noSuchRun("named \"\(selector)\"", meant: nearest(selector, to: runNames()))
    }
    guard ids.count == 1 else {
      let list = ids.prefix(10).map { String($0) }.joined(separator: ", ")
      throw StoreError(
        .ambiguousRun, "\(ids.count) runs in \(path) are named \"\(selector)\": \(list)",
        advice: "Use one of the numbers.")
    }
    return id
  }

  private func runs(named name: String) throws -> [Int64] {
    try read("reading") { connection in
      try connection.rows("SELECT id FROM run WHERE name = ? ORDER BY id", [.text(name)]) {
        $0.integer(0)
      }
    }
  }

  /// What can be said for a run instead of its number, each once.
  private func runNames() throws -> [String] {
    try read("reading") { connection in
      try connection.rows("SELECT DISTINCT name FROM run WHERE name IS NOT NULL") { $0.text(0) }
    } + ["latest"]
  }

  private func latest(_ back: Int64, _ selector: String) throws -> Int64 {
    let id = try read("reading") { connection in
      try connection.row(
        "SELECT id FROM run WHERE archived_at IS NULL ORDER BY id DESC LIMIT 1 OFFSET ?",
        [.integer(back)]
      ) { $0.integer(0) }
    }
    guard let id else { throw try noSuchRun(selector) }
    return id
  }

  /// The run with the best value of a metric: `accuracy`, whose name tells which way it is better, or `min(x)`, `max(x)`.
  private func best(_ metric: String) throws -> Int64 {
    let forms: [(String, MetricDirection)] = [("min(", .minimize), ("max(", .maximize)]
    let form = forms.first { metric.hasPrefix($0.0) && metric.hasSuffix(")") }
    let key = form == nil ? metric : String(metric.dropFirst(4).dropLast())
    let direction = form?.1 ?? MetricDirection.known(for: key)
    let order = direction == .maximize ? "max_value DESC" : "min_value ASC"
    let id = try read("reading") { connection in
      try connection.row(
        """
        SELECT run.id FROM metric_series JOIN run ON run.id = metric_series.run_id
        WHERE metric_series.key = ? AND min_value IS NOT NULL AND run.archived_at IS NULL
        ORDER BY \(order), run.id LIMIT 1
        """, [.text(key)]
      ) { $0.integer(0) }
    }
    guard let id else {
      let keys = try read("reading") { connection in
        try connection.rows("SELECT DISTINCT key FROM metric_series") { $0.text(0) }
      }
      throw StoreError(
        .noSuchRun, "no run in \(path) has a metric named \"\(key)\"",
        advice: nearest(key, to: keys).map { "did you mean best:\($0)?" })
    }
    guard direction != nil else {
      throw StoreError(
        .statement, "whether more or less of \(key) is better is not known",
        advice: "Write best:min(\(key)) or best:max(\(key)).")
    }
    return id
  }
}
