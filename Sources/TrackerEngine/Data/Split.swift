extension Dataset {
  /// Two parts: one to train on, and one that is held out, with the same share of each class.
  ///
  /// Each class gives ⌊fraction · count + ½⌋ examples, chosen by the seed. Examples keep their order.
  ///
  /// - Parameters:
  ///   - testFraction: the share that is held out, 0 up to 1
  ///   - seed: decides which
  /// - Throws: ``DatasetError`` when a part would lack a class that it needs
  public func stratifiedSplit(
    testFraction: Double, seed: UInt64
  ) throws -> (training: Dataset, heldOut: Dataset) {
    var generator = RandomGenerator(seed: seed)
    var isHeldOut = [Bool](repeating: false, count: rowCount)
    for label in classNames.indices {
      var rows = labels.indices.filter { labels[$0] == label }
      let count = Int((testFraction * Double(rows.count)).rounded())
      guard count < rows.count || rows.isEmpty else {
        throw DatasetError(
          "\(name): holding out \(testFraction) leaves no example of class \(classNames[label])",
          reason: .tooMuchHeldOut)
      }
      generator.shuffle(&rows)
      for row in rows.prefix(count) { isHeldOut[row] = true }
    }
    return (
      selecting(labels.indices.filter { !isHeldOut[$0] }),
      selecting(labels.indices.filter { isHeldOut[$0] })
    )
  }
}
