/// A pass over the data in mini-batches.
extension Iterate {
  /// Calls `update` with the parameters, a mini-batch's gradient there and the pass's learning rate,
  /// for all mini-batches.
  ///
  /// The order of the examples depends on the seed and the number of the pass alone. ``cost`` and
  /// ``gradient`` become the means over the pass, met at the points on its way.
  mutating func pass(
    over objective: some Objective, _ settings: OptimizerSettings,
    update: (_ parameters: inout [Double], _ gradient: [Double], _ rate: Double) -> Void
  ) throws {
    guard let rate = settings.learningRate(pass: iteration) else {
      preconditionFailure("every mini-batch method has a learning rate")
    }
    let count = objective.exampleCount
    var order = Array(0..<count)
    var seeds = SplitMix64(seed: settings.seed)
    var generator = SplitMix64(seed: seeds.next() &+ UInt64(iteration))
    generator.shuffle(&order)
    scale(parameters, by: 1, into: &otherParameters)
    for index in gradient.indices { gradient[index] = 0 }
    var costSum = 0.0
    var largest = 0.0
    var seen = 0
    while seen < count {
      let batch = order[seen..<min(seen + settings.batchSize, count)]
      let batchCost = try objective.valueAndGradient(
        at: parameters, examples: batch, into: &otherGradient)
      seen += batch.count
      let share = Double(batch.count) / Double(count)
      costSum += share * batchCost
      axpy(share, otherGradient, &gradient)
      largest = max(largest, maximumNorm(otherGradient))
      if !batchCost.isFinite {
        stopReason = .nonFiniteCost
        break
      }
      if !largest.isFinite {
        stopReason = .nonFiniteGradient
        break
      }
      update(&parameters, otherGradient, rate)
    }
    cost = costSum
    iteration += 1
    evaluations += Double(seen) / Double(count)
    stepLength = squaredDistance(parameters, otherParameters).squareRoot()
    guard stopReason == nil else { return }
    // The mean of the gradients may vanish while the way goes in circles; the largest does not.
    if largest <= settings.tolerance {
      stopReason = .gradientTolerance
    } else {
      checkEvaluationLimit(settings)
    }
  }
}
