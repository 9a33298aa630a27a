import TrackerViews

/// The axes around a chart: a box of 330 × 196 units in a drawing of 400 × 240.
package enum ChartFrame {
  static let left = 52.0
  static let top = 10.0
  static let width = 330.0
  static let height = 196.0

  /// What the template `axes` is given.
  ///
  /// - Parameters:
  ///   - x: the ticks across
  ///   - y: the ticks upwards
  ///   - xTitle: what is measured across
  ///   - yTitle: what is measured upwards; empty where a caption says it
  static func context(
    x: [ChartScale.Tick], y: [ChartScale.Tick], xTitle: String, yTitle: String = ""
  ) -> [String: Any] {
    [
      "yTicks": y.map { tick -> [String: Any] in
        let at = top + height * (1 - tick.share)
        return ["at": at.fixed(1), "textAt": (at + 4).fixed(1), "label": tick.label]
      },
      "xTicks": x.map { tick -> [String: Any] in
        ["at": (left + width * tick.share).fixed(1), "label": tick.label]
      },
      "xTitle": xTitle, "yTitle": yTitle,
    ]
  }
}
