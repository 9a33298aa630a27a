/// Writes paths: `M0 12l3-4 2 5…`, with as many decimals as it is told, and no space where a minus
/// tells numbers apart.
package struct Pen: Sendable {
  /// 10 to the number of decimals.
  private let unit: Double
  private let decimals: Int

  package init(decimals: Int) {
    self.decimals = decimals
    unit = (0..<decimals).reduce(1) { unit, _ in unit * 10 }
  }

  package func path(_ points: [ChartPoint]) -> String {
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
    for index in points.indices.dropFirst() {
      let (nextX, nextY) = (whole(points[index].x), whole(points[index].y))
      let (dx, dy) = (nextX - x, nextY - y)
      if dx == 0 && dy == 0 { continue }
      // A level stretch needs no points but its ends.
      if dy == 0, index + 1 < points.count, whole(points[index + 1].y) == y,
        (whole(points[index + 1].x) - nextX).signum() == dx.signum()
      {
        continue
      }
      text += isFirst ? "l" : dx < 0 ? "" : " "
      write(dx, to: &text)
      if dy >= 0 { text += " " }
      write(dy, to: &text)
      (x, y, isFirst) = (nextX, nextY, false)
    }
    return isFirst ? text + "h0" : text
  }

  private func whole(_ coordinate: Double) -> Int {
    // What is no place is at the corner.
    Int(exactly: (coordinate * unit).rounded()) ?? 0
  }

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
