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

  init(_ curves: [[ChartPoint]], in chart: LineChart) {
    let columns = CurveColumns(
      curves, from: chart.x.lower, to: chart.x.upper, count: Self.places)
    var values = columns.values
    paths = Self.edges.map { edges in
      func line(_ share: Double) -> [ChartPoint] {
        columns.places.indices.map { column in
          let at = Int(saturating: (Double(values[column].count - 1) * share).rounded())
          return ChartPoint(x: columns.places[column], y: values[column].ordered(at: at))
        }
      }
      return chart.band(from: line(edges.0), to: line(edges.1))
    }
  }
}
