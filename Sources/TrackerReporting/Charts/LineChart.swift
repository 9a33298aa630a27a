import TrackerStore

/// Series over steps under common axes, as paths in a box of 1000 × 500 units, y downwards.
struct LineChart: Sendable {
  static let width = 1000.0
  static let height = 500.0

  let x: ChartScale
  let y: ChartScale
  let series: [Series]

  struct Series: Sendable {
    let run: Int64
    /// SVG path data in whole units, relative but for the first of each piece.
    let path: String
    /// How many values are NaN, ±∞, or beyond a logarithm.
    let gapCount: Int
  }

  /// - Parameters:
  ///   - curves: series of one metric, one a run
  ///   - pointLimit: the most points that one path may have
  init(_ curves: [MetricCurve], pointLimit: Int) {
    let first = curves.compactMap { $0.points.first?.step }.min() ?? 0
    let last = curves.compactMap { $0.points.last?.step }.max() ?? 1
    let x = ChartScale(steps: first, last)
    let y = ChartScale(covering: curves.lazy.flatMap { $0.points.lazy.map(\.value) })
    self.x = x
    self.y = y
    series = curves.map { curve in
      var pieces: [[ChartPoint]] = [[]]
      var gaps = 0
      for point in curve.points {
        guard let across = x.position(Double(point.step)), let up = y.position(point.value) else {
          gaps += 1
          if pieces.last?.isEmpty == false { pieces.append([]) }
          continue
        }
        pieces[pieces.count - 1].append(
          ChartPoint(x: across * Self.width, y: (1 - up) * Self.height))
      }
      let limit = max(8, pointLimit / pieces.count)
      return Series(
        run: curve.run, path: pieces.map { path(thinned($0, to: limit)) }.joined(),
        gapCount: gaps)
    }
  }
}

/// `M0 12l3-4 2 5…`: whole units, and no space where a minus tells numbers apart.
private func path(_ points: [ChartPoint]) -> String {
  guard let first = points.first else { return "" }
  var x = Int(first.x.rounded())
  var y = Int(first.y.rounded())
  // A single point is a line of no length: round caps make it a dot.
  guard points.count > 1 else { return "M\(x) \(y)h0" }
  var text = "M\(x) \(y)l"
  var isFirst = true
  for point in points.dropFirst() {
    let (nextX, nextY) = (Int(point.x.rounded()), Int(point.y.rounded()))
    let (dx, dy) = (nextX - x, nextY - y)
    if dx == 0 && dy == 0 { continue }
    if !isFirst && dx >= 0 { text += " " }
    text += dy < 0 ? "\(dx)\(dy)" : "\(dx) \(dy)"
    (x, y, isFirst) = (nextX, nextY, false)
  }
  return isFirst ? "M\(x) \(y)h0" : text
}
