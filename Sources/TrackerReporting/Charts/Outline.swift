import TrackerStore

/// The points that decide how a curve looks in so many columns of dots: of each column's the first, the last, the lowest
/// and the highest; and all that cannot be drawn.
///
/// M4, U. Jugel and others, "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014. What is drawn of them
/// in these columns is what would be drawn of all, and in others but a dot's width beside it.
///
/// - Parameters:
///   - points: a series by step
///   - isDrawable: whether a value can be drawn
func outline(
  of points: [MetricPoint], columns: Int, isDrawable: (Double) -> Bool
) -> [BraillePlot.Point] {
  func plotted(_ point: MetricPoint) -> BraillePlot.Point {
    .init(x: Double(point.step), y: point.value)
  }
  guard points.count > 4 * columns, let start = points.first?.step, let end = points.last?.step
  else { return points.map(plotted) }
  let scale = Double(columns) / (Double(end) - Double(start) + 1)
  var kept: [BraillePlot.Point] = []
  var column = -1
  /// The places of the column's first, last, lowest and highest point.
  var corners = (first: 0, last: 0, lowest: 0, highest: 0)
  func close() {
    guard column >= 0 else { return }
    for index in Set([corners.first, corners.last, corners.lowest, corners.highest]).sorted() {
      kept.append(plotted(points[index]))
    }
  }
  for (index, point) in points.enumerated() {
    guard isDrawable(point.value) else {
      // The curve is interrupted here: what comes after belongs to a column of its own.
      close()
      column = -1
      kept.append(plotted(point))
      continue
    }
    let own = Int((Double(point.step) - Double(start)) * scale)
    if own != column {
      close()
      column = own
      corners = (index, index, index, index)
    }
    corners.last = index
    if point.value < points[corners.lowest].value { corners.lowest = index }
    if point.value > points[corners.highest].value { corners.highest = index }
  }
  close()
  return kept
}
