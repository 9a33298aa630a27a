extension [Double] {
  /// The greater one of the two middle values where their number is even; the values are sorted after it.
  ///
  /// - Precondition: there are values, and none is NaN
  package mutating func takeMedian() -> Double {
    sort()
    return self[count / 2]
  }
}
