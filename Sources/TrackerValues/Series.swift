extension [Double] {
  /// The values that are finite, in order.
  package var finite: [Double] { allSatisfy(\.isFinite) ? self : filter(\.isFinite) }

  /// How many values are less than the one before, and how many are greater by more than a hundredth of it.
  package var changes: (falls: Int, rises: Int) {
    var (falls, rises) = (0, 0)
    for index in indices.dropFirst() {
      let (before, value) = (self[index - 1], self[index])
      if value < before { falls += 1 }
      if value > before + 0.01 * abs(before) { rises += 1 }
    }
    return (falls, rises)
  }

  /// The lengths of the steps from each value to the next.
  package var stepLengths: [Double] {
    indices.dropFirst().map { abs(self[$0] - self[$0 - 1]) }
  }
}
