import TrackerTemplates
import TrackerViews

/// The axes around a chart: a box of 330 × 196 units in a drawing of 400 × 240.
package enum ChartFrame {
  static let left = 52.0
  static let top = 10.0
  static let width = 330.0
  static let height = 196.0
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
}

/// A line of a legend.
struct LegendContent: TemplateContent {
  var run: String?
  let `class`: String
  let label: String
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
}
