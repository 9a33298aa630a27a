import TrackerJSON
import TrackerStore

/// What a JSON object of lists tells of a run: `{"loss": [0.9, 0.5], "test_acc": 0.8, "config": {"lr": 0.1}}`.
struct JSONHistory {
  /// The lists of numbers, the longest first; `{"train": {"loss": […]}}` is `train/loss`.
  private(set) var curves: [(key: String, values: [JSONValue])] = []
  /// Numbers that stand alone and whose name says that they were measured, at the end.
  private(set) var results: [JSONValue.Member] = []
  /// Everything else that stands alone.
  private(set) var settings: [JSONValue.Member] = []
  /// The names of lists that hold anything else.
  private(set) var otherLists: [String] = []

  /// - Returns: `nil` for an object without lists of numbers, and for one that holds other things besides and no list whose
  ///   name says that it was measured
  init?(_ members: [JSONValue.Member]) {
    for member in members { take(member, in: []) }
    let isAlone = results.isEmpty && settings.isEmpty && otherLists.isEmpty
    guard !curves.isEmpty, isAlone || curves.contains(where: { KnownMetric($0.key).rank != nil })
    else { return nil }
    // The longest first, so that a row is made of the first ones.
    curves.sort { $0.values.count > $1.values.count }
    // The steps, which tables call `epoch`.
    if let index = curves.firstIndex(where: { $0.key == "epochs" }) { curves[index].key = "epoch" }
  }

  private mutating func take(_ member: JSONValue.Member, in folders: [String]) {
    let path = folders + [member.key]
    let metric = path.joined(separator: "/")
    switch member.value {
    case .null: break
    case .array(let values) where values.isEmpty: break
    case .array(let values):
      // Nothing was measured where `null` stands.
      let numbers = values.filter { $0 != .null }
      if numbers.isEmpty || numbers.contains(where: { ForeignValue.number($0) == nil }) {
        otherLists.append(metric)
      } else {
        curves.append((metric, values))
      }
    case .object(let members):
      for member in members { take(member, in: path) }
    case _ where ForeignValue.number(member.value) != nil && KnownMetric(metric).rank != nil:
      results.append(.init(key: metric, value: member.value))
    default:
      // As parameters of a nested configuration are named everywhere.
      settings.append(.init(key: path.joined(separator: "."), value: member.value))
    }
  }

  /// How many rows the lists make.
  var rowCount: Int { curves.first?.values.count ?? 0 }

  /// What stands at one place of all lists; at the last one, the results as well.
  func row(_ index: Int) -> [JSONValue.Member] {
    let row = curves.prefix { index < $0.values.count }
      .map { JSONValue.Member(key: $0.key, value: $0.values[index]) }
    return index == rowCount - 1 ? row + results : row
  }
}
