import TrackerDrawing
import TrackerStore
import TrackerViews

/// Many curves as two bands: where the middle 80 % of them run, and where the middle half does.
struct CrowdBand {
  /// More curves than this are a tangle in which none can be followed.
  static let leastCurves = 40
  /// The places across at which the curves are asked.
  private static let places = 60

  /// The shares of the curves below each edge, from the outer band's to the inner one's.
  private static let edges = [(0.1, 0.9), (0.25, 0.75)]

  /// The outer and the inner band, as closed paths; empty where nothing can be drawn.
  let paths: [String]

  init(_ curves: [BucketedCurve], in chart: LineChart) {
    let (first, last) = (chart.x.lower, chart.x.upper)
    var nexts = curves.map { _ in 0 }
    var columns: [(step: Double, values: [Double])] = []
    for place in 0...Self.places {
      let step = first + (last - first) * Double(place) / Double(Self.places)
      var values: [Double] = []
      for (index, curve) in curves.enumerated() {
        let buckets = curve.buckets
        while nexts[index] < buckets.count, Double(buckets[nexts[index]].step) <= step {
          nexts[index] += 1
        }
        // The last value so far; a curve that has ended, or not begun, has none.
        guard nexts[index] > 0, let end = buckets.last, Double(end.step) >= step else { continue }
        let value = buckets[nexts[index] - 1].last
        if value.isFinite { values.append(value) }
      }
      if !values.isEmpty { columns.append((step, values.sorted())) }
    }
    paths = Self.edges.map { edges in
      func line(_ share: Double) -> [ChartPoint] {
        columns.map { column in
          let at = Int(saturating: (Double(column.values.count - 1) * share).rounded())
          return ChartPoint(x: column.step, y: column.values[at])
        }
      }
      return chart.band(from: line(edges.0), to: line(edges.1))
    }
  }
}
