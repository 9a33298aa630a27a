import ArgumentParser
import TrackerStore

/// Runs that are named, or that a condition is true of.
struct RunSelection: ParsableArguments {
  @Argument(help: "Ids, latest, latest~1, unique names, best:METRIC.")
  var runs: [String] = []
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("The runs that this is true of, as in list.", valueName: "condition"))
  var condition: String?

  func validate() throws {
    if !runs.isEmpty, condition != nil {
      throw ValidationError("name runs, or give a condition with --where, not both")
    }
  }

  /// The runs' numbers; `nil` if neither runs nor a condition were given.
  func ids(in store: Store) throws -> [Int64]? {
    if let condition {
      return try store.runs(RunQuery(includesArchived: true, condition: condition)).map(\.id)
        .reversed()
    }
    return runs.isEmpty ? nil : try runs.map { try store.runID($0) }
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
