import ArgumentParser
import TrackerStore

/// Runs that are named, or that a condition is true of.
struct RunSelection: ParsableArguments {
  @Argument(help: "Ids, latest, latest~1, unique names, best:METRIC.", completion: Completion.run)
  var runs: [String] = []
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("The runs that match this condition, as in list.", valueName: "condition"),
    completion: Completion.condition)
  var condition: String?

  func validate() throws {
    if !runs.isEmpty, condition != nil {
      throw ValidationError("name runs, or give a condition with --where, not both")
    }
  }

  /// The runs' numbers, each once; `nil` if neither runs nor a condition were given.
  func ids(in store: Store) throws -> [Int64]? {
    if let condition {
      return try store.runs(RunQuery(includesArchived: true, condition: condition)).map(\.id)
        .reversed()
    }
    guard !runs.isEmpty else { return nil }
    var ids: [Int64] = []
    for id in try runs.map(store.runID) where !ids.contains(id) { ids.append(id) }
    return ids
  }

  /// The runs to look at: those that are named, in that order, or those that the condition is true of and that
  /// are not archived, newest first; `nil` if neither was given.
  func read(from store: Store) throws -> [Run]? {
    if let condition { return try store.runs(RunQuery(condition: condition)) }
    return runs.isEmpty ? nil : try runs.map { try store.run(id: store.runID($0)) }
  }

  /// The runs' numbers.
  ///
  /// - Throws: an error of usage if none were chosen
  func requiredIDs(in store: Store) throws -> [Int64] {
    guard let ids = try ids(in: store) else {
      throw CommandError(
        status: .usage, message: "no run was named", advice: "Name runs, or choose with --where.")
    }
    return ids
  }
}

/// A list of runs as people say it.
func spoken(_ ids: [Int64]) -> String {
  switch ids.count {
  case 0: "no runs"
  case 1: "run \(ids[0])"
  default: "runs " + ids.map { String($0) }.joined(separator: ", ")
  }
}
