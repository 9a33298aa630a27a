/// The middle value, or the mean of the two in the middle of an even number; NaN of nothing.
///
/// A NaN is neither less nor greater than others, so that values with one in them come in no certain order.
package func median(_ values: ArraySlice<Double>) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The middle value, or the mean of the two in the middle of an even number; NaN of nothing.
package func median(_ values: [Double]) -> Double { median(values[...]) }

/// The middle value; the greater one of the two in the middle of an even number, so that it is a value of theirs.
///
/// - Precondition: there are values, and none is NaN
package func upperMedian(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Each value as the median of itself and its neighbours, which one odd value does not move; at either end, the mean
/// of two.
///
/// - Precondition: none is NaN
package func smoothedByNeighbours(_ values: [Double]) -> [Double] {
  values.indices.map { index in
    guard index > 0, index < values.count - 1 else {
      return median(values[max(0, index - 1)...min(values.count - 1, index + 1)])
    }
    // In order, and equal ones as they are: what sorting them gives.
    var (a, b, c) = (values[index - 1], values[index], values[index + 1])
    if b < a { swap(&a, &b) }
    if c < b { swap(&b, &c) }
    return b < a ? a : b
  }
}
