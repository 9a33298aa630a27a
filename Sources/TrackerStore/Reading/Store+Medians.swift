extension Store {
  /// A series of at most `count` points: of one that has more, the middle value of each of so many spans, at the span's
  /// first step. A span that holds a value which is not finite is such a one.
  ///
  /// - Throws: ``StoreError``
  package func medians(run: Int64, metric: String, count: Int) throws -> [MetricPoint] {
    let points = try points(run: run, metric: metric)
    let size = (points.count + count - 1) / count
    guard size > 1 else { return points }
    var medians: [MetricPoint] = []
    var values: [Double] = []
    for start in stride(from: 0, to: points.count, by: size) {
      var point = points[start]
      values.removeAll(keepingCapacity: true)
      var notFinite: Double?
      for point in points[start..<min(start + size, points.count)] {
        if point.value.isFinite { values.append(point.value) } else { notFinite = point.value }
      }
      point.value = notFinite ?? values.takeMedian()
      medians.append(point)
    }
    return medians
  }
}
