/// What could not be taken over, counted by reason.
package struct Omissions: Sendable {
  /// How often each reason came, in the order in which they came first.
  package private(set) var counts: [(reason: String, count: Int)] = []

  package init() {}

  /// Counts something that is left out.
  ///
  /// - Parameter reason: what, and why, such as "videos, which have no place here"
  package mutating func add(_ reason: String, count: Int = 1) {
    if let index = counts.firstIndex(where: { $0.reason == reason }) {
      counts[index].count += count
    } else {
      counts.append((reason, count))
    }
  }
}
