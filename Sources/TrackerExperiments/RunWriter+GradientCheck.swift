public import TrackerEngine
public import TrackerGradientCheck
public import TrackerStore

extension RunWriter {
  /// Records a gradient check with its vectors, so that it can be drawn and diagnosed later.
  ///
  /// - Parameter moment: where in the run it was made
  /// - Returns: the check's number in the store
  /// - Throws: `StoreError`
  @discardableResult
  public func log(
    _ check: GradientCheck, at moment: CheckMoment = CheckMoment(.start, epoch: 0)
  ) throws -> Int64 {
    try log(
      check: GradientCheckRecord(check, at: moment), vectors: GradientCheckRecord.Vectors(check))
  }
}

extension GradientCheckRecord {
  /// The record of a check.
  package init(_ check: GradientCheck, at moment: CheckMoment) {
    func entry(_ entry: GradientCheck.Entry) -> Entry {
      Entry(
        block: entry.block, row: entry.row, column: entry.column, analytic: entry.analytic,
        numerical: entry.numerical)
    }
    self.init(
      step: Int64(moment.epoch), moment: moment.name.rawValue, epsilon: check.epsilon,
      method: check.method.rawValue, tolerance: check.tolerance.absolute,
      relativeTolerance: check.tolerance.relative, passed: check.passed, seconds: check.seconds,
      cost: check.cost,
      blocks: check.blocks.map { block in
        Block(
          name: block.name, part: block.part.rawValue, rows: block.rows, columns: block.columns,
          checkedCount: block.checkedCount, failedCount: block.failedCount,
          maxAbsoluteDifference: block.maxAbsoluteDifference,
          maxRelativeDifference: block.maxRelativeDifference, worst: block.worst.map(entry))
      }, worst: check.worst.map(entry))
  }
}

extension GradientCheckRecord.Vectors {
  /// A check's vectors, whole.
  package init(_ check: GradientCheck) {
    self.init(
      analytic: check.analytic, numerical: check.numerical, parameters: check.parameters)
  }
}
