import TrackerJSON
import TrackerTemplates
import TrackerViews

/// The one geometry of charts: a box for the lines within a drawing, and units of its own within the box.
enum ChartFrame {
  static let left = 52.0
  static let top = 10.0
  static let width = 330.0
  static let height = 196.0
  /// So many characters of the ticks' names stand side by side below the box.
  static let charactersAcross = 52
  static let drawingWidth = 400.0
  static let drawingHeight = 240.0
  /// The lines' own units across and down.
  static let unitsAcross = 1000.0
  static let unitsDown = 500.0

  /// The geometry for the page's script.
  static var data: JSONValue {
    .object([
      "left": .number(left), "top": .number(top), "width": .number(width),
      "height": .number(height), "drawingWidth": .number(drawingWidth),
      "drawingHeight": .number(drawingHeight), "across": .number(unitsAcross),
      "down": .number(unitsDown),
    ])
  }

  /// The geometry for the templates.
  static var content: Content {
    func text(_ value: Double) -> String { value.fixed(0) }
    return Content(
      left: text(left), top: text(top), width: text(width), height: text(height),
      drawing: "0 0 \(text(drawingWidth)) \(text(drawingHeight))",
      units: "0 0 \(text(unitsAcross)) \(text(unitsDown))", labelsEnd: text(left - 6),
      middle: text(left + width / 2), ticksAt: text(top + height + 16),
      titleAt: text(drawingHeight - 3))
  }

  struct Content: TemplateContent {
    let left: String
    let top: String
    let width: String
    let height: String
    let drawing: String
    let units: String
    let labelsEnd: String
    let middle: String
    let ticksAt: String
    let titleAt: String
  }
}

/// What fills the template `axes`.
struct AxesContent: TemplateContent {
  struct Tick: TemplateContent {
    let at: String
    let textAt: String
    let label: String
  }

  let xTicks: [Tick]
  let yTicks: [Tick]
  let xTitle: String

  /// - Parameters:
  ///   - x: the ticks across
  ///   - y: the ticks upwards
  ///   - xTitle: what is measured across
  init(x: [ChartScale.Tick], y: [ChartScale.Tick], xTitle: String) {
    xTicks = x.map { tick in
      let at = (ChartFrame.left + ChartFrame.width * tick.share).fixed(1)
      return Tick(at: at, textAt: at, label: tick.label)
    }
    yTicks = y.map { tick in
      let at = ChartFrame.top + ChartFrame.height * (1 - tick.share)
      return Tick(at: at.fixed(1), textAt: (at + 4).fixed(1), label: tick.label)
    }
    self.xTitle = xTitle
  }
}

/// A path of a chart, with the class of its colour.
struct PathContent: TemplateContent {
  var id: String?
  var run: String?
  let `class`: String?
  let path: String

  var templateValue: TemplateValue {
    .record([("id", id), ("run", run), ("class", `class`), ("path", path)])
  }
}

/// A line of a legend.
struct LegendContent: TemplateContent {
  var run: String?
  let `class`: String
  let label: String
  var value: String?
}

/// What fills the templates `line-chart`, `scatter` and, beside them, `legend`.
struct ChartContent: TemplateContent {
  let title: String
  var description = ""
  let summary: String
  var isLog = false
  let axes: AxesContent
  var bands: [PathContent] = []
  var lines: [PathContent] = []
  var dots: [PathContent] = []
  var legend: [LegendContent] = []
  /// What is not drawn.
  var left: String?
  /// The place of the parameter whose effect is drawn.
  var effect: String?
}
