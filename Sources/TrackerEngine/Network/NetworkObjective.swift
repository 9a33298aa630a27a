public import TrackerGradientCheck
public import TrackerOptimization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The cost of a network on labelled data, as a function of its parameters.
public final class NetworkObjective: Objective {
  /// The network.
  public let model: NetworkModel
  private let data: Dataset
  public var parameterCount: Int { model.layout.count }
  public var exampleCount: Int { data.rowCount }

  /// The cost of `model` on `data`.
  ///
  /// - Throws: ``DatasetError`` when the data does not fit the network
  public init(model: NetworkModel, data: Dataset) throws {
    guard model.layerSizes.first == data.featureCount, model.layerSizes.last == data.classCount
    else {
      throw DatasetError(
        "\(data.name) has \(data.featureCount) inputs and \(data.classCount) classes, the network "
          + "\(model.layerSizes.first ?? 0) and \(model.layerSizes.last ?? 0)")
    }
    self.model = model
    self.data = data
  }

  public func value(at parameters: [Double]) throws -> Double {
    measure(at: parameters).cost
  }

  public func valueAndGradient(
    at parameters: [Double], into gradient: inout [Double]
  ) throws -> Double {
    evaluate(parameters, rows: Array(0..<data.rowCount), gradient: &gradient).cost
  }

  public func valueAndGradient(
    at parameters: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]
  ) throws -> Double {
    evaluate(parameters, rows: Array(examples), gradient: &gradient).cost
  }

  /// What there is to measure at these parameters.
  public func measure(at parameters: [Double]) -> CostMeasurement {
    var none: [Double] = []
    return evaluate(parameters, rows: Array(0..<data.rowCount), gradient: &none)
  }

  /// The class probabilities of each example, m × K, row-major.
  public func probabilities(at parameters: [Double]) -> [Double] {
    (0..<data.rowCount).flatMap { forward(parameters, row: $0).last ?? [] }
  }

  private func forward(_ parameters: [Double], row: Int) -> [[Double]] {
    var layers: [[Double]] = [Array(data.row(row))]
    let offsets = model.layout.offsets
    let last = model.layout.blocks.count - 1
    for (index, block) in model.layout.blocks.enumerated() {
      let input = layers[index]
      let units = block.columns
      var z = Array(parameters[offsets[index]..<offsets[index] + units])
      for i in 0..<block.rows - 1 where input[i] != 0 {
        let start = offsets[index] + (i + 1) * units
        for j in 0..<units { z[j] += input[i] * parameters[start + j] }
      }
      if index == last {
        logits = z
        switch model.output {
        case .sigmoid: z = z.map { 1 / (1 + exp(-$0)) }
        case .softmax:
          let largest = z.max() ?? 0
          let e = z.map { exp($0 - largest) }
          let sum = e.reduce(0, +)
          z = e.map { $0 / sum }
        }
      } else {
        switch model.activation {
        case .sigmoid: z = z.map { 1 / (1 + exp(-$0)) }
        case .tanh: z = z.map { tanh($0) }
        case .relu: z = z.map { max(0, $0) }
        }
      }
      layers.append(z)
    }
    return layers
  }
  private var logits: [Double] = []

  private func evaluate(
    _ parameters: [Double], rows: [Int], gradient: inout [Double]
  ) -> CostMeasurement {
    let layout = model.layout
    let offsets = layout.offsets
    let wantsGradient = !gradient.isEmpty
    if wantsGradient { for index in gradient.indices { gradient[index] = 0 } }
    let m = Double(rows.count)
    var data = 0.0
    var correct = 0
    var clampHits = 0
    var saturated = [Int](repeating: 0, count: layout.blocks.count)
    for row in rows {
      let layers = forward(parameters, row: row)
      let label = self.data.labels[row]
      let a = layers[layers.count - 1]
      var best = 0
      for k in a.indices where logits[k] > logits[best] { best = k }
      if best == label { correct += 1 }
      for (index, layer) in layers.dropFirst().enumerated() {
        for value in layer where isSaturated(value, isOutput: index == layout.blocks.count - 1) {
          saturated[index] += 1
        }
      }
      switch (model.output, model.cost) {
      case (.sigmoid, .stable):
        for k in a.indices {
          let z = logits[k]
          data += max(z, 0) + log1p(exp(-abs(z))) - (k == label ? z : 0)
        }
      case (.softmax, .stable):
        let largest = logits.max() ?? 0
        data += largest + log(logits.reduce(0) { $0 + exp($1 - largest) }) - logits[label]
      case (_, .clamped):
        for k in a.indices {
          var value = a[k]
          if value == 1 {
            value = 0.999999
            clampHits += 1
          }
          let y = k == label ? 1.0 : 0.0
          data -=
            model.output == .sigmoid
            ? y * log(value) + (1 - y) * log(1 - value) : (y == 1 ? log(value) : 0)
        }
      }
      guard wantsGradient else { continue }
      var delta = a
      delta[label] -= 1
      for index in layout.blocks.indices.reversed() {
        let block = layout.blocks[index]
        let input = layers[index]
        let units = block.columns
        for j in 0..<units { gradient[offsets[index] + j] += delta[j] }
        for i in 0..<block.rows - 1 where input[i] != 0 {
          let start = offsets[index] + (i + 1) * units
          for j in 0..<units { gradient[start + j] += input[i] * delta[j] }
        }
        guard index > 0 else { break }
        var below = [Double](repeating: 0, count: block.rows - 1)
        for i in below.indices {
          let start = offsets[index] + (i + 1) * units
          var sum = 0.0
          for j in 0..<units { sum += parameters[start + j] * delta[j] }
          switch model.activation {
          case .sigmoid: sum *= input[i] * (1 - input[i])
          case .tanh: sum *= 1 - input[i] * input[i]
          case .relu: sum *= input[i] > 0 ? 1 : 0
          }
          below[i] = sum
        }
        delta = below
      }
    }
    var squares = 0.0
    for (block, offset) in zip(layout.blocks, offsets) {
      for index in offset + block.columns..<offset + block.count {
        squares += parameters[index] * parameters[index]
      }
    }
    if wantsGradient {
      for (block, offset) in zip(layout.blocks, offsets) {
        for index in offset..<offset + block.count {
          gradient[index] /= m
          if index >= offset + block.columns {
            gradient[index] += model.lambda / m * parameters[index]
          }
        }
      }
    }
    let penalty = model.lambda / (2 * m) * squares
    return CostMeasurement(
      cost: data / m + penalty, dataCost: data / m, penalty: penalty,
      accuracy: Double(correct) / m,
      saturatedFractions: zip(saturated, layout.blocks).map {
        Double($0) / (m * Double($1.columns))
      },
      clampHits: clampHits)
  }

  private func isSaturated(_ value: Double, isOutput: Bool) -> Bool {
    if isOutput || model.activation == .sigmoid { return value < 0.001 || value > 0.999 }
    return model.activation == .tanh ? abs(value) > 0.998 : value == 0
  }

  /// Difference quotients of every parameter.
  public func numericalGradient(
    at parameters: [Double], method: DifferenceMethod, epsilon: Double
  ) throws -> [Double] {
    try TrackerGradientCheck.numericalGradient(
      of: self, at: parameters, method: method, epsilon: epsilon)
  }
}

/// A cost and what there is to say about it.
public struct CostMeasurement: Hashable, Sendable {
  /// J.
  public var cost: Double
  /// The part of J that the data makes.
  public var dataCost: Double
  /// The part of J that λ makes.
  public var penalty: Double
  /// The share of examples whose largest output is that of their class.
  public var accuracy: Double
  /// The share of saturated units of each layer behind the inputs.
  public var saturatedFractions: [Double]
  /// How many outputs were clamped.
  public var clampHits: Int
}
