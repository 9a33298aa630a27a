import TrackerStore

/// A point of a chart, in the values of its axes or in the units of the drawing.
struct ChartPoint: Sendable, Hashable {
  var x: Double
  var y: Double
}

/// At most `count` of `points`, chosen so that the curve looks the same: its ends, its highest and its
/// lowest point are kept, and in between those that span the largest triangles.
///
/// Largest-Triangle-Three-Buckets, S. Steinarsson, "Downsampling Time Series for Visual Representation",
/// University of Iceland, 2013. The extremes, which it keeps only as a rule, are added.
func thinned(_ points: [ChartPoint], to count: Int) -> [ChartPoint] {
  guard points.count > count, count >= 5 else { return points }
  let inner = count - 4
  var kept = [0]
  var previous = points[0]
  let width = Double(points.count - 2) / Double(inner)
  for bucket in 0..<inner {
    let start = 1 + Int(Double(bucket) * width)
    let end = bucket == inner - 1 ? points.count - 1 : 1 + Int(Double(bucket + 1) * width)
    let nextEnd = min(points.count, 1 + Int(Double(bucket + 2) * width))
    let next = points[min(end, points.count - 1)..<max(nextEnd, end + 1)]
    let center = ChartPoint(
      x: next.reduce(0) { $0 + $1.x } / Double(next.count),
      y: next.reduce(0) { $0 + $1.y } / Double(next.count))
    var largest = -1.0
    var chosen = start
    for index in start..<max(end, start + 1) {
      let point = points[index]
      let area = abs(
        (previous.x - center.x) * (point.y - previous.y)
          - (previous.x - point.x) * (center.y - previous.y))
      if area > largest { (largest, chosen) = (area, index) }
    }
    kept.append(chosen)
    previous = points[chosen]
  }
  kept.append(points.count - 1)
  for extreme in [
    points.indices.min { points[$0].y < points[$1].y },
    points.indices.max { points[$0].y < points[$1].y },
  ] {
    if let extreme, !kept.contains(extreme) { kept.append(extreme) }
  }
  return kept.sorted().map { points[$0] }
}

extension MetricCurve {
  /// The series with at most about `count` points, whatever scale it will be drawn on: of each stretch of
  /// steps the lowest and the highest value are kept, and the first of those that are no numbers.
  ///
  /// The first half of MinMaxLTTB, J. Van der Donckt et al., IEEE VIS 2023: what is kept is at least four times as many
  /// points as the chart will draw, among which ``thinned(_:to:)`` chooses.
  package func preselected(count: Int) -> MetricCurve {
    let buckets = max(1, count / 2)
    guard points.count > 2 * buckets + 2 else { return self }
    var kept: [MetricPoint] = [points[0]]
    kept.reserveCapacity(count + 2)
    let inner = points.count - 2
    for bucket in 0..<buckets {
      let range = 1 + inner * bucket / buckets..<1 + inner * (bucket + 1) / buckets
      var (low, high, gap) = (Int?.none, Int?.none, Int?.none)
      for index in range {
        let value = points[index].value
        guard value.isFinite else {
          gap = gap ?? index
          continue
        }
        if low.map({ value < points[$0].value }) ?? true { low = index }
        if high.map({ value > points[$0].value }) ?? true { high = index }
      }
      for index in Set([low, high, gap].compactMap { $0 }).sorted() { kept.append(points[index]) }
    }
    kept.append(points[points.count - 1])
    return MetricCurve(run: run, metric: metric, points: kept)
  }
}
