import TrackerGradientCheck

/// What is wrong with a back-propagation. Several may be at once.
enum AnalyticFault: String, CaseIterable, Sendable {
  case missingMean, missingMeanInOneLayer, averagedTwice
  case missingPenalty, missingPenaltyInOneLayer, doubledPenalty, halvedPenalty, penaltyOfWrongSign
  case penaltyNotAveraged, penalisedBias, skipsLastRow, absolutePenalty
  case noActivationDerivative, otherActivationDerivative, derivativeAtZ
  case biasColumnKept, backThroughOtherRows
  case firstTransposed, lastTransposed, layersSwapped, rowsReversed, columnsReversed
  case wrongSign, wrongSignInOneLayer, biasDropped
  case labelsShifted, labelsPermuted, squaredError
  case timesOutputs, oneLayerScaled, inputsScaled, onesColumnLast
}

extension TestNetwork {
  /// The gradient, with these faults.
  func gradient(_ theta: [Double], _ faults: Set<AnalyticFault> = []) -> [Double] {
    var result = dataGradient(theta, faults)
    let m = Double(exampleCount)
    let blocks = layout.blocks
    let offsets = layout.offsets
    func scale(_ factor: Double, layer: Int? = nil) {
      let range =
        layer.map { offsets[$0]..<offsets[$0] + blocks[$0].count } ?? result.indices
      for index in range { result[index] *= factor }
    }
    if !faults.contains(.missingMean) { scale(1 / m) }
    if faults.contains(.missingMeanInOneLayer) { scale(m, layer: blocks.count - 1) }
    if faults.contains(.averagedTwice) { scale(1 / m) }
    if faults.contains(.wrongSign) { scale(-1) }
    if faults.contains(.wrongSignInOneLayer) { scale(-1, layer: 0) }
    if faults.contains(.timesOutputs) { scale(Double(sizes[sizes.count - 1])) }
    if faults.contains(.oneLayerScaled) { scale(0.7, layer: blocks.count - 1) }
    addPenalty(theta, faults, to: &result)
    rearrange(faults, &result)
    return result
  }

  private func dataGradient(_ theta: [Double], _ faults: Set<AnalyticFault>) -> [Double] {
    var gradient = [Double](repeating: 0, count: parameterCount)
    var labels = self.labels
    let classes = max(sizes[sizes.count - 1], 2)
    if faults.contains(.labelsShifted) { labels = labels.map { ($0 + 1) % classes } }
    if faults.contains(.labelsPermuted) { labels = Array(labels.dropFirst(3)) + labels.prefix(3) }
    let offsets = layout.offsets
    for example in 0..<exampleCount {
      let layers = forward(theta, example)
      let outputs = outputs(layers[sizes.count - 1])
      var delta = outputs.indices.map { column -> Double in
        let error = outputs[column] - target(example, column, labels: labels)
        return faults.contains(.squaredError)
          ? error * outputs[column] * (1 - outputs[column]) : error
      }
      for layer in stride(from: sizes.count - 1, to: 0, by: -1) {
        let columns = sizes[layer]
        let offset = offsets[layer - 1]
        var below = layers[layer - 1]
        if faults.contains(.inputsScaled), layer == 1 {
          below = below.enumerated().map { $0.element * (1 + 0.3 * Double($0.offset)) }
        }
        let rows = faults.contains(.onesColumnLast) ? below + [1] : [1] + below
        for (row, value) in rows.enumerated() {
          if faults.contains(.biasDropped), row == 0 { continue }
          for column in 0..<columns {
            gradient[offset + row * columns + column] += value * delta[column]
          }
        }
        guard layer > 1 else { continue }
        delta = propagate(delta, theta, layer, layers[layer - 1], offset, faults)
      }
    }
    return gradient
  }

  private func propagate(
    _ delta: [Double], _ theta: [Double], _ layer: Int, _ activations: [Double], _ offset: Int,
    _ faults: Set<AnalyticFault>
  ) -> [Double] {
    let columns = sizes[layer]
    let start = faults.contains(.backThroughOtherRows) ? 0 : 1
    func error(_ row: Int) -> Double {
      (0..<columns).reduce(0) { $0 + delta[$1] * theta[offset + row * columns + $1] }
    }
    func factor(_ a: Double) -> Double {
      if faults.contains(.noActivationDerivative) { return 1 }
      if faults.contains(.otherActivationDerivative) {
        return unit == .sigmoid ? 1 - a * a : a * (1 - a)
      }
      if faults.contains(.derivativeAtZ) {
        // The derivative's formula in terms of a, fed with z.
        switch unit {
        case .sigmoid:
          let z = logOdds(a)
          return z * (1 - z)
        case .tanh:
          let z = logOdds((a + 1) / 2) / 2
          return 1 - z * z
        case .relu: return a
        }
      }
      return slope(a)
    }
    var result = activations.indices.map { error($0 + start) * factor(activations[$0]) }
    if faults.contains(.biasColumnKept) {
      // The bias unit's own delta comes first, and the last unit's falls off the end.
      result = [error(0) * factor(1)] + result.dropLast()
    }
    return result
  }

  private func addPenalty(
    _ theta: [Double], _ faults: Set<AnalyticFault>, to gradient: inout [Double]
  ) {
    var factor = lambda / Double(exampleCount)
    if faults.contains(.missingPenalty) { factor = 0 }
    if faults.contains(.doubledPenalty) { factor *= 2 }
    if faults.contains(.halvedPenalty) { factor /= 2 }
    if faults.contains(.penaltyOfWrongSign) { factor = -factor }
    if faults.contains(.penaltyNotAveraged) { factor = lambda }
    for (number, (block, offset)) in zip(layout.blocks, layout.offsets).enumerated() {
      if faults.contains(.missingPenaltyInOneLayer), number == 0 { continue }
      let rows =
        faults.contains(.skipsLastRow)
        ? 0..<block.rows - 1 : faults.contains(.penalisedBias) ? 0..<block.rows : 1..<block.rows
      for index in offset + rows.lowerBound * block.columns..<offset + rows.upperBound
        * block.columns
      {
        let value = theta[index]
        gradient[index] +=
          factor * (faults.contains(.absolutePenalty) ? (value > 0 ? 1 : -1) : value)
      }
    }
  }

  private func rearrange(_ faults: Set<AnalyticFault>, _ gradient: inout [Double]) {
    let blocks = layout.blocks
    let offsets = layout.offsets
    func replace(_ layer: Int, _ source: (Int, Int) -> Int) {
      let block = blocks[layer]
      let matrix = Array(gradient[offsets[layer]..<offsets[layer] + block.count])
      for row in 0..<block.rows {
        for column in 0..<block.columns {
          gradient[offsets[layer] + row * block.columns + column] = matrix[source(row, column)]
        }
      }
    }
    func transposed(_ layer: Int) {
      let (rows, columns) = (blocks[layer].rows, blocks[layer].columns)
      replace(layer) { row, column in
        let flat = row * columns + column
        return (flat % rows) * columns + flat / rows
      }
    }
    if faults.contains(.firstTransposed) { transposed(0) }
    if faults.contains(.lastTransposed) { transposed(blocks.count - 1) }
    if faults.contains(.rowsReversed) {
      replace(0) { row, column in (blocks[0].rows - 1 - row) * blocks[0].columns + column }
    }
    if faults.contains(.columnsReversed) {
      replace(0) { row, column in row * blocks[0].columns + blocks[0].columns - 1 - column }
    }
    if faults.contains(.layersSwapped) {
      gradient = zip(blocks, offsets).reversed().flatMap { block, offset in
        gradient[offset..<offset + block.count]
      }
    }
  }
}
