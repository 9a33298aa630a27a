/// What many curves are at places across, each at the last point that it has there.
package struct CurveColumns {
  /// The places at which some curve is.
  package private(set) var places: [Double] = []
  /// The finite values at each of them, from the least.
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
        values.append(column.sorted())
      }
    }
  }
}

/// The finite ones of numbers, from the least.
package func rising(_ numbers: [Double]) -> [Double] { numbers.filter(\.isFinite).sorted() }
