import TrackerJSON
import TrackerEngine
import TrackerStore

/// Why metrics of some runs say nothing about which is better.
struct ComparabilityWarning: Sendable, Hashable {
  /// What is not the same.
  enum Kind: String, Sendable { case data, split, cost }

  let kind: Kind
  /// The parameters that differ.
  let parameters: [String]
  let message: String

  /// What is to be known before these runs are compared.
  static func warnings(on runs: [Run]) -> [ComparabilityWarning] {
    [data(runs), split(runs), cost(runs)].compactMap { $0 }
  }

  private static func data(_ runs: [Run]) -> ComparabilityWarning? {
    guard Set(runs.compactMap { $0.dataset?.sha256 }).count > 1 else { return nil }
    return ComparabilityWarning(
      kind: .data, parameters: [],
      message: "Other data: the metrics of these runs are not comparable.")
  }

  private static func split(_ runs: [Run]) -> ComparabilityWarning? {
    let different = differing(keys(.split), in: runs.filter(\.holdsOut))
    guard !different.isEmpty else { return nil }
    return ComparabilityWarning(
      kind: .split, parameters: different,
      message:
        "Another split (\(different.joined(separator: ", "))): the runs were trained and tested on "
        + "different examples.")
  }

  private static func cost(_ runs: [Run]) -> ComparabilityWarning? {
    // Of these a run's cost is made; programs of others use the words for other things.
    let keys = keys(.cost)
    let own = runs.filter { run in keys.allSatisfy { run.parameters[$0] != nil } }
    let different = differing(keys, in: own)
    guard !different.isEmpty else { return nil }
    let advice =
      different == ["lambda"]
      ? "compare dataCost, which is without the penalty" : "compare accuracies"
    return ComparabilityWarning(
      kind: .cost, parameters: different,
      message:
        "Another cost function (\(different.joined(separator: ", "))): its values are not comparable; "
        + "\(advice).")
  }

  private static func keys(_ comparability: TrainingOption.Comparability) -> [String] {
    TrainingOption.all.filter { $0.comparability == comparability }.map(\.key)
  }

  private static func differing(_ keys: [String], in runs: [Run]) -> [String] {
    keys.filter { key in Set(runs.compactMap { $0.parameters[key] }).count > 1 }
  }

  var json: JSONValue {
    .object([
      "kind": .string(kind.rawValue), "parameters": .array(parameters.map { .string($0) }),
      "message": .string(message),
    ])
  }
}

extension Run {
  /// Whether some examples were kept from the training, as far as is known.
  fileprivate var holdsOut: Bool { parameters["testFraction"] != .real(0) }
}
