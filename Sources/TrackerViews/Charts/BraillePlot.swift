import TrackerStore

/// Several series under common axes, drawn with the dots of braille characters: 2 × 4 of them a character.
///
/// Each series has a colour and a letter, which stands at the curve's end and along it where it is alone.
package struct BraillePlot: Sendable, Hashable {
  /// A point of a series.
  package struct Point: Sendable, Hashable {
    /// What goes across.
    package var x: Double
    /// What goes up; NaN, ±∞ and, under a logarithm, what is not above 0 interrupt the curve.
    package var y: Double

    /// A point.
    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A curve.
  package struct Series: Sendable, Hashable {
    /// What the legend calls it.
    package var name: String
    /// Its points, in the order in which they are joined.
    package var points: [Point]

    /// A curve.
    package init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// The curves, in the order of their letters.
  package let series: [Series]
  /// What goes across: `epoch`.
  package let xName: String
  /// Whether equal distances upwards are equal ratios.
  package let isLogarithmic: Bool

  /// - Parameters:
  ///   - series: the curves; 52 have letters of their own
  ///   - isLogarithmic: whether equal distances upwards are equal ratios; `nil` chooses that for positive values
  ///     that are crowded near zero
  ///   - xName: what goes across
  package init(_ series: [Series], isLogarithmic: Bool? = nil, xName: String = "") {
    self.series = series
    self.xName = xName
    self.isLogarithmic =
      isLogarithmic
      ?? (ChartScale(covering: series.flatMap { $0.points.map(\.y) }).spacing == .log)
  }

  /// The picture, the labels of its axes and its legend, line by line.
  ///
  /// - Parameters:
  ///   - width: columns of a line
  ///   - height: lines of the picture itself, without labels and legend
  ///   - style: whether there is colour
  package func lines(width: Int, height: Int, style: TextStyle) -> [String] {
    let height = max(2, height)
    let points = series.lazy.flatMap(\.points).filter { $0.x.isFinite && isDrawable($0.y) }
    let y = ChartScale(
      covering: points.lazy.map(\.y), spacing: isLogarithmic ? .log : .linear,
      tickCount: max(2, height / 3))
    let ticks = y.labelled
    let gutter = ticks.reduce(0) { max($0, $1.label.displayWidth) }
    let columns = max(8, width - gutter - 2 - endWidth)
    let x = ChartScale(from: points.lazy.map(\.x), tickCount: max(1, columns / 14))
    var canvas = BrailleCanvas(columns: columns, rows: height)
    let paths = series.indices.map { draw(series[$0], as: $0, x, y, on: &canvas) }
    if series.count > 1 { mark(paths, on: &canvas) }

    var texts: [Int: String] = [:]
    for tick in ticks {
      let row = Int(saturating: ((1 - tick.share) * Double(height * 4 - 1)).rounded()) / 4
      if texts[row] == nil { texts[row] = tick.label }
    }
    let picture = (0..<height).map { row in
      let axis = (texts[row] ?? "").leftPadded(to: gutter) + (texts[row] == nil ? " │" : " ┤")
      return style.painted(axis, .faint) + canvas.line(row, style)
    }
    return picture + across(x, columns: columns, gutter: gutter, style)
      + legend(paths.map(\.gapCount), width: width, style)
  }

  // MARK: Curves

  private struct Path {
    /// The cell of the last point that is drawn.
    var end: (column: Int, row: Int)?
    /// How many points are not drawn.
    var gapCount = 0
  }

  private func isDrawable(_ y: Double) -> Bool { y.isFinite && (y > 0 || !isLogarithmic) }

  private func draw(
    _ series: Series, as index: Int, _ x: ChartScale, _ y: ChartScale,
    on canvas: inout BrailleCanvas
  ) -> Path {
    if series.points.count > Self.denseShare * canvas.columns * 2 {
      return drawDense(series, as: index, x, y, on: &canvas)
    }
    var path = Path()
    var previous: (Int, Int)?
    let (right, bottom) = (Double(canvas.columns * 2 - 1), Double(canvas.rows * 4 - 1))
    for point in series.points {
      guard isDrawable(point.y), let across = x.position(point.x), let up = y.position(point.y)
      else {
        path.gapCount += 1
        previous = nil
        continue
      }
      let dot = (
        Int(saturating: (across * right).rounded()), Int(saturating: ((1 - up) * bottom).rounded())
      )
      canvas.line(from: previous ?? dot, to: dot, owner: index)
      previous = dot
      path.end = (dot.0 / 2, dot.1 / 4)
    }
    return path
  }

  /// A series with more points than this for each dot across is drawn as what most of them are.
  private static let denseShare = 2
  /// Extremes no farther from each other than so many dots are the line itself.
  private static let leastBand = 3

  /// The median of the points of each dot across, and the edges of the band that they fill where they are noisy.
  private func drawDense(
    _ series: Series, as index: Int, _ x: ChartScale, _ y: ChartScale,
    on canvas: inout BrailleCanvas
  ) -> Path {
    var path = Path()
    var columns: [Int: (heights: [Int], hasGap: Bool)] = [:]
    let (right, bottom) = (Double(canvas.columns * 2 - 1), Double(canvas.rows * 4 - 1))
    for point in series.points {
      guard let across = x.position(point.x) else { continue }
      let column = Int(saturating: (across * right).rounded())
      if isDrawable(point.y), let up = y.position(point.y) {
        columns[column, default: ([], false)].heights.append(
          Int(saturating: ((1 - up) * bottom).rounded()))
      } else {
        path.gapCount += 1
        columns[column, default: ([], false)].hasGap = true
      }
    }
    // What reaches far beyond the noise of its neighbours is a spike, and joined to the line.
    let reaches = columns.values.compactMap { found in
      found.heights.max().flatMap { most in found.heights.min().map { most - $0 } }
    }.sorted()
    let noise = reaches.isEmpty ? 0 : reaches[reaches.count / 2]
    let leastSpike = max(Self.leastBand, 4 * noise)
    var previous: (Int, Int)?
    for (column, found) in columns.sorted(by: { $0.key < $1.key }) {
      let heights = found.heights.sorted()
      guard let top = heights.first, let last = heights.last, !found.hasGap else {
        previous = nil
        continue
      }
      let dot = (column, heights[(heights.count - 1) / 2])
      canvas.line(from: previous ?? dot, to: dot, owner: index)
      if last - top > leastSpike {
        canvas.line(from: (column, top), to: (column, last), owner: index)
      } else if last - top > Self.leastBand {
        for edge in [top, last] {
          canvas.line(from: (column, edge), to: (column, edge), owner: index)
        }
      }
      previous = dot
      path.end = (dot.0 / 2, dot.1 / 4)
    }
    return path
  }

  /// Room to the right of the picture for the letters of curves that end side by side.
  private var endWidth: Int { series.count > 1 ? min(series.count, 6) : 0 }

  private func mark(_ paths: [Path], on canvas: inout BrailleCanvas) {
    canvas.widen(by: endWidth)
    for (index, path) in paths.enumerated() {
      guard let end = path.end else { continue }
      canvas.letter(Self.letter(index), owner: index, after: end, room: endWidth)
    }
    // Staggered, so that curves close to each other do not have their letters in one place.
    let distance = 16
    for index in paths.indices {
      let start = (index * 5) % distance + 2
      for column in stride(from: start, to: canvas.columns - endWidth - 2, by: distance) {
        canvas.letter(Self.letter(index), along: index, column: column)
      }
    }
  }

  private static func letter(_ index: Int) -> Character {
    letters[index % letters.count]
  }

  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  // MARK: Labels

  /// The axis below the picture, and its labels.
  private func across(
    _ x: ChartScale, columns: Int, gutter: Int, _ style: TextStyle
  ) -> [String] {
    var axis = Array(repeating: Character("─"), count: columns)
    var texts: [(start: Int, end: Int, text: String)] = []
    func add(_ text: String, at start: Int) {
      texts.append((start, start + text.displayWidth, text))
    }
    for tick in x.labelled {
      let place = Int(saturating: (tick.share * Double(columns * 2 - 1)).rounded()) / 2
      // Labels stand under the middle of their marks where there is room.
      let width = tick.label.displayWidth
      let start = max(0, min(place - width / 2, columns - width))
      guard start >= texts.last.map({ $0.end + 2 }) ?? 0 else { continue }
      axis[place] = "┬"
      add(tick.label, at: start)
    }
    let name = xName.visible
    let gap = zip(texts, texts.dropFirst()).reversed().first {
      $1.start - $0.end >= name.displayWidth + 4
    }
    if let (left, right) = gap { add(name, at: (left.end + right.start - name.displayWidth) / 2) }
    let text = texts.sorted { $0.start < $1.start }.reduce("") {
      $0.padded(to: $1.start) + $1.text
    }
    let indent = String(repeating: " ", count: gutter + 1)
    return [
      style.painted(indent + "└" + String(axis), .faint),
      style.painted(indent + " " + text, .faint),
    ]
  }

  private func legend(_ gaps: [Int], width: Int, _ style: TextStyle) -> [String] {
    let reason = isLogarithmic ? "not above 0 or not finite" : "not finite"
    let entries = series.indices.map { index in
      var text = series[index].name.visible
      if series[index].points.isEmpty {
        text += " (no values)"
      } else if gaps[index] > 0 {
        text += " (\(counted(gaps[index], "value")) \(reason))"
      }
      let room = max(8, width - (series.count > 1 ? 2 : 0))
      return (index, text.abbreviated(to: room))
    }.filter { !$0.1.isEmpty }
    var lines: [String] = []
    var used = 0
    for (index, text) in entries {
      let marker = series.count > 1 ? String(Self.letter(index)) : ""
      let entryWidth = text.displayWidth + (marker.isEmpty ? 0 : 2)
      let entry = (marker.isEmpty ? "" : style.painted(marker, series: index) + " ") + text
      if let last = lines.indices.last, used + 3 + entryWidth <= width {
        lines[last] += "   " + entry
        used += 3 + entryWidth
      } else {
        lines.append(entry)
        used = entryWidth
      }
    }
    return lines
  }
}
