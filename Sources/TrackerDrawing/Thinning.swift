/// A point of a chart, in the values of its axes or in the units of the drawing.
package struct ChartPoint: Sendable, Hashable {
  package var x: Double
  package var y: Double

  package init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// At most `count` of `points`, chosen so that the curve looks the same: its ends, its highest and its
/// lowest point are kept, and in between those that span the largest triangles.
///
/// Largest-Triangle-Three-Buckets, S. Steinarsson, "Downsampling Time Series for Visual Representation",
/// University of Iceland, 2013. The extremes, which it keeps only as a rule, are added.
package func thinned(_ points: [ChartPoint], to count: Int) -> [ChartPoint] {
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
