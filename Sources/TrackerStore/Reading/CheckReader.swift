import TrackerSQLite

/// Reads gradient checks with their blocks and worst entries, without their vectors.
struct CheckReader {
  let connection: Connection

  /// Hands on every check of the runs, in the order they were made.
  func readChecks(
    of wanted: RunChoice, _ handle: (_ runID: Int64, GradientCheckRecord) -> Void
  ) throws {
    var blocks: [Int64: [GradientCheckRecord.Block]] = [:]
    let ofRuns = "check_id IN (SELECT id FROM gradient_check WHERE run_id \(wanted.condition))"
    try connection.forEachRow(
      """
      SELECT check_id, name, part, row_count, column_count, checked_count, failed_count,
        max_absolute_difference, max_relative_difference, worst_row, worst_column, worst_analytic,
        worst_numerical
      FROM gradient_check_block WHERE \(ofRuns) ORDER BY check_id, position
      """, wanted.values
    ) { row in blocks[row.integer(0), default: []].append(block(row)) }
    var entries: [Int64: [GradientCheckRecord.Entry]] = [:]
    try connection.forEachRow(
      """
      SELECT check_id, block, row, column, analytic, numerical
      FROM gradient_check_entry WHERE \(ofRuns) ORDER BY check_id, position
      """, wanted.values
    ) { row in
      entries[row.integer(0), default: []].append(
        GradientCheckRecord.Entry(
          block: row.text(1), row: row.size(2), column: row.size(3), analytic: row.number(4),
          numerical: row.number(5)))
    }
    try connection.forEachRow(
      """
      SELECT id, run_id, step, moment, epsilon, method, tolerance, relative_tolerance, passed,
        seconds, cost, layout, example_count, lambda, activation, cost_form, costs, analytic_type,
        numerical_type, parameters_type, second_epsilon
      FROM gradient_check WHERE run_id \(wanted.condition) ORDER BY id
      """, wanted.values
    ) { checks in
      let id = checks.integer(0)
      var record = GradientCheckRecord(
        id: id, step: checks.integer(2), moment: checks.text(3), epsilon: checks.real(4),
        method: checks.text(5), tolerance: checks.real(6), relativeTolerance: checks.real(7),
        passed: checks.integer(8) != 0, seconds: checks.real(9),
        cost: checks.isNull(10) ? nil : checks.real(10), blocks: blocks[id] ?? [],
        worst: entries[id] ?? [])
      record.context = context(checks, from: 11)
      handle(checks.integer(1), record)
    }
  }

  private func context(
    _ row: borrowing Statement, from first: Int
  ) -> GradientCheckRecord.Context {
    var context = GradientCheckRecord.Context()
    context.layout = row.optionalText(first)
    context.exampleCount = row.optionalInteger(first + 1).map { Int($0) }
    context.lambda = row.isNull(first + 2) ? nil : row.real(first + 2)
    context.activation = row.optionalText(first + 3)
    context.costForm = row.optionalText(first + 4)
    if !row.isNull(first + 5) {
      context.costs = row.withBytes(first + 5) { Float64Vector.vector(of: $0) }
    }
    context.analyticType = row.optionalText(first + 6)
    context.numericalType = row.optionalText(first + 7)
    context.parametersType = row.optionalText(first + 8)
    context.secondEpsilon = row.isNull(first + 9) ? nil : row.real(first + 9)
    return context
  }

  private func block(_ row: borrowing Statement) -> GradientCheckRecord.Block {
    let name = row.text(1)
    let worst =
      row.isNull(9)
      ? nil
      : GradientCheckRecord.Entry(
        block: name, row: row.size(9), column: row.size(10),
        analytic: row.number(11), numerical: row.number(12))
    return GradientCheckRecord.Block(
      name: name, part: row.text(2), rows: row.size(3),
      columns: row.size(4),
      checkedCount: row.count(5), failedCount: row.count(6),
      maxAbsoluteDifference: row.number(7), maxRelativeDifference: row.number(8), worst: worst)
  }
}

extension Store {
  /// The vectors of a check; `nil` if none were kept.
  ///
  /// - Throws: ``StoreError``
  public func vectors(ofCheck id: Int64) throws -> GradientCheckRecord.Vectors? {
    try read("reading a gradient check in") { connection in
      let blobs = try connection.row(
        """
        SELECT analytic_blob_id, numerical_blob_id, parameters_blob_id, second_numerical_blob_id
        FROM gradient_check WHERE id = ?
        """, [.integer(id)]
      ) { row in
        (
          row.optionalInteger(0), row.optionalInteger(1), row.optionalInteger(2),
          row.optionalInteger(3)
        )
      }
      guard let blobs else { throw StoreError(.notFound, "no gradient check \(id) in \(path)") }
      func vector(_ blob: Int64?) throws -> [Double]? {
        guard let blob, let content = try StoredContent(row: blob, on: connection) else {
          return nil
        }
        return try content.bytes(on: connection).withUnsafeBytes { Float64Vector.vector(of: $0) }
      }
      let ids = [blobs.0, blobs.1, blobs.2, blobs.3].compactMap { $0 }
      let sizes = try ids.compactMap { id in
        try StoredContent(row: id, on: connection)?.byteCount
      }
      guard Set(sizes).count <= 1 else {
        throw StoreError(
          .corrupt,
          "reading a gradient check in \(path): the vectors of check \(id) are not of one length")
      }
      guard let analytic = try vector(blobs.0), let numerical = try vector(blobs.1) else {
        return nil
      }
      return GradientCheckRecord.Vectors(
        analytic: analytic, numerical: numerical, parameters: try vector(blobs.2),
        secondNumerical: try vector(blobs.3))
    }
  }
}
