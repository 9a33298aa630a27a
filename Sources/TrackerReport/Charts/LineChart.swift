import TrackerDrawing
import TrackerViews

/// Series under common axes, as paths in a box of 1000 × 500 units, y downwards.
struct LineChart: Sendable {
  static let width = ChartFrame.unitsAcross
  static let height = ChartFrame.unitsDown

  let x: ChartScale
  let y: ChartScale
  /// A drawn line for each series, in their order.
  let lines: [Line]

  struct Line: Sendable {
    /// SVG path data, relative but for the first point of each piece; empty where nothing can be drawn.
    let path: String
    /// How many values are NaN, ±∞, or beyond a logarithm.
    let gapCount: Int
  }

  /// - Parameters:
  ///   - series: points in the values of the axes, by rising x
  ///   - x: the axis across
  ///   - y: the axis upwards; `nil` chooses one that covers all values
  ///   - pointLimits: the most points that each path may have; `nil` lets all have 500
  ///   - decimals: how many decimals coordinates have
  init(
    _ series: [[ChartPoint]], x: ChartScale, y: ChartScale? = nil, pointLimits: [Int]? = nil,
    decimals: Int = 0
  ) {
    let y = y ?? ChartScale(covering: series.joined().map(\.y))
    let pen = Pen(decimals: decimals)
    self.x = x
    self.y = y
    lines = series.enumerated().map { index, points in
      var pieces: [[ChartPoint]] = [[]]
      var gaps = 0
      for point in points {
        guard let across = x.position(point.x), let up = y.position(point.y) else {
          gaps += 1
          if pieces.last?.isEmpty == false { pieces.append([]) }
          continue
        }
        pieces[pieces.count - 1].append(
          ChartPoint(x: across * Self.width, y: (1 - up) * Self.height))
      }
      let limit = max(8, (pointLimits?[index] ?? 500) / pieces.count)
      return Line(
        path: pieces.map { pen.path(thinned($0, to: limit)) }.joined(), gapCount: gaps)
    }
  }

  /// The area between two series of the same x, as a closed path; empty where there is none.
  func band(from lower: [ChartPoint], to upper: [ChartPoint], decimals: Int = 0) -> String {
    let outline = (upper + lower.reversed()).compactMap { point -> ChartPoint? in
      guard let across = x.position(point.x), let up = y.position(point.y) else { return nil }
      return ChartPoint(x: across * Self.width, y: (1 - up) * Self.height)
    }
    guard outline.count > 2 else { return "" }
    return Pen(decimals: decimals).path(outline) + "z"
  }
}
