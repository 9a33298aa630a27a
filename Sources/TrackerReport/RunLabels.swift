import TrackerStore

/// What runs are called in a report: their number and name. Of long names that say much the same, what differs.
struct RunLabels {
  /// Shorter names are not reduced.
  private static let longName = 32
  private var names: [Int64: String] = [:]

  init(_ runs: [Run]) {
    let long = runs.filter { ($0.name?.count ?? 0) > Self.longName }
    guard long.count > 1 else { return }
    for separator in ["/", ",", " ", "_"] as [Character] {
      let parts = long.map {
        $0.name?.split(separator: separator, omittingEmptySubsequences: false) ?? []
      }
      guard parts.allSatisfy({ $0.count > 1 }) else { continue }
      let shared = parts.dropFirst().reduce(into: Set(parts[0])) { $0.formIntersection($1) }
      let reduced = parts.map { parts in
        parts.filter { !shared.contains($0) }.joined(separator: String(separator))
      }
      // A name of which nothing is left, or that two have, tells no runs apart.
      guard !shared.isEmpty, !reduced.contains(""),
        Set(reduced).count == Set(long.map(\.name)).count
      else { continue }
      names = Dictionary(uniqueKeysWithValues: zip(long.map(\.id), reduced.map { "…" + $0 }))
      return
    }
  }

  /// The run's name, or what differs in it; `nil` where it has none.
  func name(of run: Run) -> String? { names[run.id] ?? run.name }

  /// `12 name`, or `run 12`.
  subscript(_ run: Run) -> String {
    name(of: run).map { "\(run.id) \($0)" } ?? "run \(run.id)"
  }
}

extension String {
  /// What stands before the first full stop and a space.
  var firstSentence: String {
    firstRange(of: ". ").map { self[..<$0.lowerBound] + "." } ?? self
  }
}
