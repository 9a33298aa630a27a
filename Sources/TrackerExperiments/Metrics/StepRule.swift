/// Decides which step the values of a line belong to.
///
/// The first of the keys `step`, `global_step`, `iteration` and `_step` that a line has, or the one key that was named,
/// is its step if it is a whole number; `epoch` beside it is a metric. `epoch` alone is the step as long as it is whole;
/// from the first fraction on it is a metric, and lines count on from the last step, as lines without a step do. So what
/// was printed later never comes before.
struct StepRule {
  /// The keys of a step, the most likely one first.
  static let usualKeys = ["step", "global_step", "iteration", "_step"]
  static let epochKey = "epoch"

  /// Whether a key is one of those that count.
  static func isKey(_ key: String) -> Bool { usualKeys.contains(key) || key == epochKey }

  private let keys: [String]
  /// Whether `epoch` may be the step.
  private var epochsAreSteps: Bool
  private var next: Int64 = 0

  /// - Parameter key: the step's key; `nil`: the usual ones, and `epoch`
  init(key: String?) {
    keys = key.map { [$0] } ?? Self.usualKeys
    epochsAreSteps = key == nil
  }

  /// Lets lines without a step count on from this one.
  mutating func goOn(at step: Int64) { next = step }

  /// The step of a line, and its values without it; `nil` if it has none.
  mutating func place(
    _ members: [PrintedObject.Member]
  ) -> (step: Int64, values: [PrintedObject.Member])? {
    var found: Int?
    for key in keys where found == nil {
      found = members.firstIndex { $0.key == key && $0.whole != nil }
    }
    if found == nil, epochsAreSteps,
      let epoch = members.firstIndex(where: { $0.key == Self.epochKey })
    {
      if members[epoch].whole == nil { epochsAreSteps = false } else { found = epoch }
    }
    var values = members
    let step = found.flatMap { values.remove(at: $0).whole } ?? next
    guard !values.isEmpty else { return nil }
    next = step == .max ? .max : step + 1
    return (step, values)
  }
}
