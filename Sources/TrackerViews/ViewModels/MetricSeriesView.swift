package import TrackerJSON
import TrackerStore

/// One metric of one run, point by point.
package struct MetricSeriesView: Presentable {
  private let curve: MetricCurve

  /// A series to be shown.
  package init(_ curve: MetricCurve) { self.curve = curve }

  package var json: JSONValue {
    .object([
      "run": .integer(curve.run), "metric": .string(curve.metric),
      "points": .array(
        curve.points.map { point in
          .object([
            "step": .integer(point.step), "value": .number(point.value),
            "time": .string(point.time.iso8601),
          ])
        }),
    ])
  }

  package var records: DataTable {
    DataTable(
      ["step", "value", "time"],
      rows: curve.points.map { [.integer($0.step), .real($0.value), .time($0.time)] })
  }

  package var document: Document {
    let title = Document.Block.heading("Run \(curve.run) · \(curve.metric)")
    guard !curve.points.isEmpty else {
      return Document([title, .paragraph("No points.", .faint)])
    }
    return Document([
      title, .paragraph(Sparkline.text(curve.points.map(\.value), width: 60)), .table(records),
    ])
  }
}
