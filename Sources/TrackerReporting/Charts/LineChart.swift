/// Series under common axes, as paths in a box of 1000 × 500 units, y downwards.
struct LineChart: Sendable {
  static let width = 1000.0
  static let height = 500.0

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
  ///   - pointLimit: the most points that one path may have
  ///   - decimals: how many decimals coordinates have
  init(
    _ series: [[ChartPoint]], x: ChartScale, y: ChartScale? = nil, pointLimit: Int = 500,
    decimals: Int = 0
  ) {
    let y = y ?? ChartScale(covering: series.lazy.joined().lazy.map(\.y))
    let pen = Pen(decimals: decimals)
    self.x = x
    self.y = y
    lines = series.map { points in
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
      let limit = max(8, pointLimit / pieces.count)
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

/// Writes paths: `M0 12l3-4 2 5…`, with as many decimals as it is told, and no space where a minus
/// tells numbers apart.
struct Pen {
  /// 10 to the number of decimals.
  private let unit: Double
  private let decimals: Int

  init(decimals: Int) {
    self.decimals = decimals
    unit = (0..<decimals).reduce(1) { unit, _ in unit * 10 }
  }

  func path(_ points: [ChartPoint]) -> String {
    guard let first = points.first else { return "" }
    var x = whole(first.x)
    var y = whole(first.y)
    var text = "M"
    write(x, to: &text)
    text += " "
    write(y, to: &text)
    // A single point is a line of no length: round caps make it a dot.
    guard points.count > 1 else { return text + "h0" }
    var isFirst = true
    for point in points.dropFirst() {
      let (nextX, nextY) = (whole(point.x), whole(point.y))
      let (dx, dy) = (nextX - x, nextY - y)
      if dx == 0 && dy == 0 { continue }
      text += isFirst ? "l" : dx < 0 ? "" : " "
      write(dx, to: &text)
      if dy >= 0 { text += " " }
      write(dy, to: &text)
      (x, y, isFirst) = (nextX, nextY, false)
    }
    return isFirst ? text + "h0" : text
  }

  private func whole(_ coordinate: Double) -> Int { Int((coordinate * unit).rounded()) }

  /// `12`, `-.5`, `3.25`: no zero that is not needed.
  private func write(_ value: Int, to text: inout String) {
    guard decimals > 0 else { return text += String(value) }
    let size = value.magnitude
    let scale = UInt(unit)
    if value < 0 { text += "-" }
    let (integer, fraction) = (size / scale, size % scale)
    if integer > 0 || fraction == 0 { text += String(integer) }
    guard fraction > 0 else { return }
    var digits = String(fraction)
    digits = String(repeating: "0", count: decimals - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    text += "." + digits
  }
}
