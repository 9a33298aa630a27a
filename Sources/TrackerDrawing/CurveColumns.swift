/// What many curves are at places across, each at the last point that it has there.
package struct CurveColumns {
  /// The places at which some curve is.
  package private(set) var places: [Double] = []
  /// The finite values at each of them.
  package private(set) var values: [[Double]] = []

  /// - Parameters:
  ///   - curves: points by rising x
  ///   - count: between so many places, and one more, stand equal stretches
  package init(_ curves: [[ChartPoint]], from first: Double, to last: Double, count: Int) {
    var nexts = [Int](repeating: 0, count: curves.count)
    for number in 0...count {
      let place = first + (last - first) * Double(number) / Double(count)
      var column: [Double] = []
      for (index, curve) in curves.enumerated() {
        while nexts[index] < curve.count, curve[nexts[index]].x <= place { nexts[index] += 1 }
        // A curve that has ended, or not begun, has no value.
        guard nexts[index] > 0, let end = curve.last, end.x >= place else { continue }
        let value = curve[nexts[index] - 1].y
        if value.isFinite { column.append(value) }
      }
      if !column.isEmpty {
        places.append(place)
        values.append(column)
      }
    }
  }
}

extension [Double] {
  /// The number that stands at a place when they are in order, of which none may be NaN; others are put nearer to theirs.
  ///
  /// C. A. R. Hoare, "Algorithm 65: Find", Communications of the ACM 4 (7), 1961. Where pivots are bad again and again, what
  /// is left is sorted.
  package mutating func ordered(at place: Int) -> Double {
    var (low, high) = (0, count - 1)
    var rounds = 2 * (Int.bitWidth - count.leadingZeroBitCount)
    while low < high {
      rounds -= 1
      if rounds < 0 { self[low...high].sort() }
      let ends = (Swift.min(self[low], self[high]), Swift.max(self[low], self[high]))
      let pivot = Swift.max(ends.0, Swift.min(ends.1, self[(low + high) / 2]))
      var (left, right) = (low, high)
      while left <= right {
        while self[left] < pivot { left += 1 }
        while self[right] > pivot { right -= 1 }
        guard left <= right else { break }
        swapAt(left, right)
        left += 1
        right -= 1
      }
      if place <= right {
        high = right
      } else if place >= left {
        low = left
      } else {
        break
      }
    }
    return self[place]
  }
}
