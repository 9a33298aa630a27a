import TrackerSQLite

/// A gradient check as rows.
enum GradientCheckRows {
  static func insert(
    _ check: GradientCheckRecord, vectors: GradientCheckRecord.Vectors?, runID: Int64,
    on connection: Connection
  ) throws -> Int64 {
    let analytic = try vectors.map { try BlobRows.insert($0.analytic, on: connection) }
    let numerical = try vectors.map { try BlobRows.insert($0.numerical, on: connection) }
    let parameters = try vectors?.parameters.map { try BlobRows.insert($0, on: connection) }
    let second = try vectors?.secondNumerical.map { try BlobRows.insert($0, on: connection) }
    let context = check.context
    try connection.run(
      """
      INSERT INTO gradient_check (
        run_id, step, moment, method, epsilon, tolerance, relative_tolerance, passed, seconds, cost,
        analytic_blob_id, numerical_blob_id, parameters_blob_id, created_at, layout, example_count,
        lambda, activation, cost_form, costs, analytic_type, numerical_type, parameters_type,
        second_epsilon, second_numerical_blob_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(runID), .integer(check.step), .text(check.moment), .text(check.method),
        .real(check.epsilon), .real(check.tolerance), .real(check.relativeTolerance),
        .integer(check.passed ? 1 : 0), .real(check.seconds), check.cost.map { .real($0) } ?? .null,
        .integer(analytic), .integer(numerical), .integer(parameters),
        .integer(Timestamp.now().milliseconds), .text(context.layout),
        .integer(context.exampleCount.map(Int64.init)), context.lambda.map { .real($0) } ?? .null,
        .text(context.activation), .text(context.costForm),
        context.costs.isEmpty ? .null : .blob(Float64Vector.bytes(of: context.costs)),
        .text(context.analyticType), .text(context.numericalType), .text(context.parametersType),
        context.secondEpsilon.map { .real($0) } ?? .null, .integer(second),
      ])
    let id = connection.lastInsertedRowID
    for (position, block) in check.blocks.enumerated() {
      let worst = block.worst
      try connection.run(
        """
        INSERT INTO gradient_check_block (
          check_id, position, name, part, row_count, column_count, checked_count, failed_count,
          max_absolute_difference, max_relative_difference, worst_row, worst_column,
          worst_analytic, worst_numerical)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(id), .integer(Int64(position)), .text(block.name), .text(block.part),
          .integer(Int64(block.rows)), .integer(Int64(block.columns)),
          .integer(Int64(block.checkedCount)), .integer(Int64(block.failedCount)),
          .real(block.maxAbsoluteDifference), .real(block.maxRelativeDifference),
          .integer(worst.map { Int64($0.row) }), .integer(worst.map { Int64($0.column) }),
          worst.map { .real($0.analytic) } ?? .null, worst.map { .real($0.numerical) } ?? .null,
        ])
    }
    for (position, entry) in check.worst.enumerated() {
      try connection.run(
        """
        INSERT INTO gradient_check_entry (
          check_id, position, block, row, column, analytic, numerical)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(id), .integer(Int64(position)), .text(entry.block), .integer(Int64(entry.row)),
          .integer(Int64(entry.column)), .real(entry.analytic), .real(entry.numerical),
        ])
    }
    return id
  }
}
