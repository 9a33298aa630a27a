import TrackerEngine
import TrackerGradientCheck
import TrackerOptimization

/// A network's cost written in the plainest way, for real and complex parameters: what the kernels are
/// compared with.
struct ComplexNetwork: ComplexObjective {
  let model: NetworkModel
  let data: Dataset
  var parameterCount: Int { model.layout.count }

  func value(at parameters: [Double]) throws -> Double {
    value(at: parameters.map { ComplexNumber($0) }).real
  }

  func valueAndGradient(at parameters: [Double], into gradient: inout [Double]) throws -> Double {
    try value(at: parameters)
  }

  func value(at parameters: [ComplexNumber]) -> ComplexNumber {
    var total = ComplexNumber(0)
    for row in 0..<data.rowCount {
      total += cost(of: logits(parameters, data.row(row)), label: data.labels[row])
    }
    var penalty = ComplexNumber(0)
    for (block, offset) in zip(model.layout.blocks, model.layout.offsets) {
      for index in offset + block.columns..<offset + block.count {
        penalty += parameters[index] * parameters[index]
      }
    }
    let m = Double(data.rowCount)
    return total / ComplexNumber(m) + ComplexNumber(model.lambda / (2 * m)) * penalty
  }

  private func logits(_ parameters: [ComplexNumber], _ input: ArraySlice<Double>) -> [ComplexNumber]
  {
    var values = input.map { ComplexNumber($0) }
    for (index, block) in model.layout.blocks.enumerated() {
      let offset = model.layout.offsets[index]
      var z = Array(parameters[offset..<offset + block.columns])
      for (i, value) in values.enumerated() {
        for j in 0..<block.columns {
          z[j] += value * parameters[offset + (i + 1) * block.columns + j]
        }
      }
      if index < model.layout.blocks.count - 1 {
        values = z.map { z in
          switch model.activation {
          case .sigmoid: sigmoid(z)
          case .tanh: tanh(z)
          case .relu: z.real > 0 ? z : 0
          }
        }
      } else {
        values = z
      }
    }
    return values
  }

  private func cost(of z: [ComplexNumber], label: Int) -> ComplexNumber {
    func clamped(_ a: ComplexNumber) -> ComplexNumber { a == 1 ? 0.999999 : a }
    switch (model.output, model.cost) {
    case (.sigmoid, .stable):
      return z.indices.reduce(ComplexNumber(0)) { $0 + log(1 + exp($1 == label ? -z[$1] : z[$1])) }
    case (.sigmoid, .clamped):
      return z.indices.reduce(ComplexNumber(0)) { sum, k in
        let a = clamped(sigmoid(z[k]))
        return sum - log(k == label ? a : 1 - a)
      }
    case (.softmax, let form):
      let sum = z.reduce(ComplexNumber(0)) { $0 + exp($1) }
      return form == .stable ? log(sum) - z[label] : -log(clamped(exp(z[label]) / sum))
    }
  }
}
