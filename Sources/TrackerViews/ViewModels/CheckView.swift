package import TrackerJSON
package import TrackerStore

/// One gradient check: the verdict, block by block, and the worst entries.
package struct CheckView: Presentable {
  private let check: GradientCheckRecord
  private let run: Int64?
  private let vectors: GradientCheckRecord.Vectors?

  /// - Parameters:
  ///   - run: the run whose check it is; `nil` for vectors made elsewhere
  ///   - vectors: both gradients, to be drawn; `nil` where they were not kept
  package init(
    check: GradientCheckRecord, run: Int64? = nil, vectors: GradientCheckRecord.Vectors? = nil
  ) {
    self.check = check
    self.run = run
    self.vectors = vectors
  }

  package var json: JSONValue { check.json.appending(["run": .integer(run)]) }
  package var records: DataTable { check.blockTable(exact: true) }

  package var document: Document {
    var blocks: [Document.Block] = check.blocks(titled: run.map { "Run \($0)" })
    if !check.passed {
      blocks.append(.heading("Worst entries"))
      blocks.append(.table(check.worstTable))
      if let vectors { blocks.append(.picture(TextHeatMap.text(of: check, vectors))) }
      if let run { blocks.append(.paragraph("Why? tracker diagnose \(run)", .strong)) }
    }
    return Document(blocks)
  }
}

extension GradientCheckRecord {
  /// `✓ all 7,510 derivatives agree` or what does not.
  package var verdict: String {
    passed
      ? "✓ all \(grouped(checkedCount)) derivatives agree"
      : "✗ \(grouped(failedCount)) of \(grouped(checkedCount)) derivatives are off, by up to "
        + maxAbsoluteDifference.readable()
  }

  /// When, how and how strictly: `at the start (step 0), central differences, ε = 1e-4, …`.
  package var circumstances: String {
    let place =
      switch moment {
      case "start": "at the start"
      case "end": "at the end"
      default: "at \(moment == "step" ? "a step" : moment)"
      }
    let differences = method == "complex-step" ? "complex step" : "\(method) differences"
    return "\(place) (step \(step)), \(differences), ε = \(epsilon.readable()), tolerance "
      + "\(tolerance.readable()) + \(relativeTolerance.readable()) × size, "
      + readable(seconds: seconds)
  }

  /// Verdict, circumstances and table.
  package func blocks(titled title: String?) -> [Document.Block] {
    let prefix = title.map { $0 + ": " } ?? ""
    return [
      .paragraph(prefix + verdict, passed ? .good : .bad),
      .paragraph(circumstances, .faint),
      .table(blockTable(exact: false)),
    ]
  }

  package func blockTable(exact: Bool) -> DataTable {
    let worst: [DataTable.Column] = [
      .init("worstRow", title: "at row", rank: 3), .init("worstColumn", title: "column", rank: 3),
      .init("worstAnalytic", title: "analytic", rank: 2),
      .init("worstNumerical", title: "numerical", rank: 2),
    ]
    return DataTable(
      columns: [
        .init("name", title: "block"), .init("part"), .init("shape", rank: 4),
        .init("checkedCount", title: "checked"), .init("failedCount", title: "off"),
        .init("maxAbsoluteDifference", title: "max |a−n|"),
        .init("maxRelativeDifference", title: "relative"),
      ] + worst,
      rows: blocks.map { block in
        let emphasis: Emphasis = block.failedCount > 0 ? .bad : .good
        return [
          .text(block.name), .text(block.part), .text("\(block.rows)×\(block.columns)"),
          .count(block.checkedCount),
          exact || block.failedCount == 0
            ? .integer(Int64(block.failedCount))
            : .text("✗ " + String(block.failedCount), emphasis),
          .real(block.maxAbsoluteDifference), .real(block.maxRelativeDifference),
          .count(block.worst?.row), .count(block.worst?.column),
          .real(block.worst?.analytic), .real(block.worst?.numerical),
        ]
      })
  }

  package var worstTable: DataTable {
    DataTable(
      columns: [
        .init("name", title: "block"), .init("row"), .init("column"), .init("analytic"),
        .init("numerical"), .init("difference", title: "a − n"),
      ],
      rows: worst.map { entry in
        [
          .text(entry.block), .count(entry.row), .count(entry.column), .real(entry.analytic),
          .real(entry.numerical), .real(entry.analytic - entry.numerical),
        ]
      })
  }
}
