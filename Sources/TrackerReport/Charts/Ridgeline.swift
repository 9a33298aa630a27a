import TrackerTemplates
import TrackerDrawing
import TrackerViews
import TrackerStore

/// How values are distributed at several moments, a row a moment under a common axis: rows of 34 units in a drawing
/// 400 wide.
struct Ridgeline: Sendable {
  static let rowHeight = 34.0
  private static let binCount = 60
  static let left = 66.0
  static let width = 320.0
  /// More rows than this are not drawn; those that are left are evenly chosen.
  private static let rowLimit = 12

  /// A row: its label, and the outline of its histogram.
  struct Row: Sendable {
    let label: String
    let path: String
    let baseline: Double
  }

  let scale: ChartScale
  let rows: [Row]
  /// The height of the drawing.
  let height: Double

  /// - Parameter moments: the values at each moment; NaN and ±∞ are left out
  init(_ moments: [(label: String, values: [Double])]) {
    let chosen =
      moments.count <= Self.rowLimit
      ? moments
      : (0..<Self.rowLimit).map { moments[$0 * (moments.count - 1) / (Self.rowLimit - 1)] }
    let scale = ChartScale(
      covering: chosen.flatMap(\.values), spacing: .linear, tickCount: 4)
    self.scale = scale
    let counts = chosen.map { Self.histogram($0.values, scale) }
    let pen = Pen(decimals: 1)
    rows = chosen.indices.map { index in
      let baseline = Self.rowHeight * Double(index + 1) + 6
      // Each row is as high as it can be: of a layer that has not yet learnt, all weights may be alike.
      let highest = Double(max(1, counts[index].max() ?? 1))
      let outline =
        [ChartPoint(x: Self.left, y: baseline)]
        + counts[index].enumerated().map { bin, count in
          ChartPoint(
            x: Self.left + Self.width * (Double(bin) + 0.5) / Double(Self.binCount),
            y: baseline - (Self.rowHeight - 4) * Double(count) / highest)
        } + [ChartPoint(x: Self.left + Self.width, y: baseline)]
      return Row(label: chosen[index].label, path: pen.path(outline), baseline: baseline)
    }
    height = Self.rowHeight * Double(chosen.count) + 30
  }

  private static func histogram(_ values: [Double], _ scale: ChartScale) -> [Int] {
    var counts = [Int](repeating: 0, count: binCount)
    for value in values {
      guard let share = scale.position(value) else { continue }
      counts[min(binCount - 1, Int(saturating: share * Double(binCount)))] += 1
    }
    return counts
  }
}

/// What fills the template `ridgeline`.
struct RidgelineContent: TemplateContent {
  struct Row: TemplateContent {
    let label: String
    let path: String
    let labelAt: String
  }

  struct Tick: TemplateContent {
    let at: String
    let label: String
  }

  let layer: String
  let summary: String
  let height: String
  let textAt: String
  let gridTo: String
  let rows: [Row]
  let ticks: [Tick]

  init(_ ridgeline: Ridgeline, layer: String, summary: String) {
    self.layer = layer
    self.summary = summary
    height = ridgeline.height.fixed(0)
    textAt = (ridgeline.height - 6).fixed(0)
    gridTo = (ridgeline.height - 24).fixed(0)
    rows = ridgeline.rows.map {
      Row(label: $0.label, path: $0.path, labelAt: ($0.baseline - 4).fixed(1))
    }
    ticks = ridgeline.scale.labelled.map {
      Tick(at: (Ridgeline.left + Ridgeline.width * $0.share).fixed(1), label: $0.label)
    }
  }
}
