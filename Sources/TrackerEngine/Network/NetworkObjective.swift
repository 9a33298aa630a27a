package import CTrackerKernels
public import TrackerGradientCheck
public import TrackerOptimization
import TrackerSystem

/// The cost of a network on labelled data, as a function of its parameters.
///
/// Results are the same to the bit whatever the number of threads. One thread at a time may use it: its
/// working memory is made once.
public final class NetworkObjective: Objective {
  /// The network.
  public let model: NetworkModel
  /// The number of parameters.
  public let parameterCount: Int
  let data: Dataset
  private let labels: [Int32]
  private let workspace: OpaquePointer

  /// The last parameters that were evaluated on all examples, and what came out.
  private var lastParameters: [Double] = []
  private var lastMeasurement: CostMeasurement?

  /// The number of examples.
  public var exampleCount: Int { data.rowCount }

  /// The cost of `model` on `data`.
  ///
  /// - Throws: ``DatasetError`` when the data does not fit the network; ``ConfigurationError`` when the
  ///   network does not fit the memory
  public convenience init(model: NetworkModel, data: Dataset) throws {
    try self.init(
      model: model, data: data, instructions: tracker_best_instructions(),
      threads: tracker_thread_count())
  }

  /// The same with chosen instructions and number of threads.
  package init(
    model: NetworkModel, data: Dataset, instructions: TrackerInstructions, threads: Int32
  ) throws {
    guard model.layerSizes.count >= 2, model.layerSizes.first == data.featureCount,
      model.layerSizes.last == data.classCount
    else {
      throw DatasetError(
        "\(data.name) has \(data.featureCount) inputs and \(data.classCount) classes, the network "
          + "\(model.layerSizes.first ?? 0) and \(model.layerSizes.last ?? 0)")
    }
    guard data.rowCount > 0 else { throw DatasetError("\(data.name) has no examples") }
    let sizes = try model.layerSizes.map { size in
      guard size > 0, let size = Int32(exactly: size) else {
        throw ConfigurationError(
          option: "hidden", message: "hidden is \(size), but must be 1 to \(Int32.max)")
      }
      return size
    }
    let workspace = sizes.withUnsafeBufferPointer { sizes -> OpaquePointer? in
      guard let base = sizes.baseAddress else { return nil }
      var network = TrackerNetwork(
        sizes: base, layer_count: Int32(sizes.count - 1), hidden: model.activation.kernel,
        output: model.output.kernel, cost: model.cost.kernel, lambda: model.lambda)
      return tracker_workspace_create(&network, instructions, threads)
    }
    guard let workspace else { throw Self.outOfMemory(model) }
    self.workspace = workspace
    self.model = model
    self.data = data
    labels = data.labels.map { Int32($0) }
    parameterCount = model.layout.count
  }

  deinit { tracker_workspace_destroy(workspace) }

  /// The value, by what the objective was made from.
  public func value(at parameters: [Double]) throws -> Double {
    try measure(at: parameters).cost
  }

  /// The value and the gradient, by what the objective was made from.
  public func valueAndGradient(
    at parameters: [Double], into gradient: inout [Double]
  ) throws -> Double {
    fit(&gradient)
    let measurement = try gradient.withUnsafeMutableBufferPointer {
      try evaluate(parameters, gradient: $0.baseAddress)
    }
    remember(parameters, measurement)
    return measurement.cost
  }

  /// The value and the gradient, by what the objective was made from.
  public func valueAndGradient(
    at parameters: [Double], examples: ArraySlice<Int>, into gradient: inout [Double]
  ) throws -> Double {
    fit(&gradient)
    return try gradient.withUnsafeMutableBufferPointer {
      try evaluate(parameters, examples: examples, gradient: $0.baseAddress).cost
    }
  }

  /// What there is to measure at these parameters. Where they are those of the last evaluation, nothing
  /// is evaluated again.
  ///
  /// - Throws: ``ConfigurationError`` when there is no memory left
  public func measure(at parameters: [Double]) throws -> CostMeasurement {
    if let lastMeasurement, hasRemembered(parameters) { return lastMeasurement }
    let measurement = try evaluate(parameters)
    remember(parameters, measurement)
    return measurement
  }

  /// The class probabilities of each example, m × K, row-major.
  ///
  /// - Throws: ``ConfigurationError`` when there is no memory left
  public func probabilities(at parameters: [Double]) throws -> [Double] {
    var outputs = [Double](repeating: 0, count: data.rowCount * data.classCount)
    _ = try outputs.withUnsafeMutableBufferPointer {
      try evaluate(parameters, probabilities: $0.baseAddress)
    }
    return outputs
  }

  /// Difference quotients of the cost with respect to every parameter.
  ///
  /// Each change is followed through the network instead of evaluating it anew, so that nothing is
  /// subtracted from whole costs and no rounding of these is seen. The quotient of a complex step is that
  /// of an ε too small to change any real part.
  ///
  /// - Parameters:
  ///   - examples: the rows that count, from 0; `nil`: all
  /// - Throws: `GradientCheckError` for a step that is none; ``ConfigurationError`` when there is no
  ///   memory left
  public func numericalGradient(
    at parameters: [Double], method: DifferenceMethod, epsilon: Double,
    examples: ArraySlice<Int>? = nil
  ) throws -> [Double] {
    guard epsilon > 0, epsilon.isFinite else { throw GradientCheckError.invalidEpsilon(epsilon) }
    precondition(parameters.count == parameterCount)
    var quotients = [Double](repeating: 0, count: parameterCount)
    let isDone = try withExamples(examples) { examples in
      tracker_differences(workspace, parameters, examples, method.kernel, epsilon, &quotients)
    }
    guard isDone != 0 else { throw Self.outOfMemory(model) }
    return quotients
  }

  private func evaluate(
    _ parameters: [Double], examples: ArraySlice<Int>? = nil,
    gradient: UnsafeMutablePointer<Double>? = nil,
    probabilities: UnsafeMutablePointer<Double>? = nil
  ) throws -> CostMeasurement {
    precondition(parameters.count == parameterCount)
    var totals = TrackerTotals()
    var saturated = [UInt64](repeating: 0, count: model.layerSizes.count - 1)
    var dead = saturated
    let isDone = try withExamples(examples) { examples in
      tracker_evaluate(
        workspace, parameters, examples, gradient, probabilities, &totals, &saturated, &dead)
    }
    guard isDone != 0 else { throw Self.outOfMemory(model) }
    let m = Double(examples?.count ?? data.rowCount)
    let dataCost = totals.cost / m
    let penalty = model.lambda / (2 * Double(data.rowCount)) * totals.squares
    return CostMeasurement(
      cost: dataCost + penalty, dataCost: dataCost, penalty: penalty,
      accuracy: Double(totals.correct) / m,
      saturatedFractions: zip(saturated, model.layerSizes.dropFirst()).map {
        Double($0) / (m * Double($1))
      },
      deadFractions: model.activation == .relu
        ? zip(dead.dropLast(), model.layerSizes.dropFirst()).map { Double($0) / Double($1) } : [],
      outputDeviation: totals.output_deviation,
      clampHits: Int(totals.clamp_hits))
  }

  private func withExamples<Result>(
    _ rows: ArraySlice<Int>?, _ body: (UnsafePointer<TrackerExamples>) -> Result
  ) throws -> Result {
    if let rows {
      guard !rows.isEmpty, rows.allSatisfy(data.labels.indices.contains) else {
        throw DatasetError(
          "\(data.name): a mini-batch names no examples, or some that are not there")
      }
    }
    return data.features.withUnsafeBufferPointer { features in
      labels.withUnsafeBufferPointer { labels in
        guard let features = features.baseAddress, let labels = labels.baseAddress else {
          preconditionFailure("an objective has examples")
        }
        guard let rows else {
          var examples = TrackerExamples(
            features: features, labels: labels, count: data.rowCount, rows: nil,
            whole_count: data.rowCount)
          return body(&examples)
        }
        return rows.withUnsafeBufferPointer { rows in
          var examples = TrackerExamples(
            features: features, labels: labels, count: rows.count, rows: rows.baseAddress,
            whole_count: data.rowCount)
          return body(&examples)
        }
      }
    }
  }

  private func fit(_ gradient: inout [Double]) {
    if gradient.count != parameterCount {
      gradient = [Double](repeating: 0, count: parameterCount)
    }
  }

  /// Copies the parameters into memory of its own: to keep the array would make the optimiser copy it.
  private func remember(_ parameters: [Double], _ measurement: CostMeasurement) {
    fit(&lastParameters)
    lastParameters.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: parameters) }
    lastMeasurement = measurement
  }

  /// Whether these are, to the bit, the parameters of the last evaluation.
  private func hasRemembered(_ parameters: [Double]) -> Bool {
    lastParameters.count == parameters.count
      && lastParameters.withUnsafeBytes { last in
        parameters.withUnsafeBytes { bytes in
          guard let last = last.baseAddress, let bytes = bytes.baseAddress else { return true }
          return memcmp(last, bytes, MemoryLayout<Double>.stride * parameters.count) == 0
        }
      }
  }

  private static func outOfMemory(_ model: NetworkModel) -> ConfigurationError {
    let sizes = model.layerSizes.map(String.init).joined(separator: "–")
    return ConfigurationError(
      option: "hidden", message: "a network of \(sizes) units needs more memory than there is")
  }
}

extension Activation {
  fileprivate var kernel: TrackerHidden {
    switch self {
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .relu: .relu
    }
  }
}

extension OutputActivation {
  fileprivate var kernel: TrackerOutput {
    switch self {
    case .sigmoid: .sigmoid
    case .softmax: .softmax
    }
  }
}

extension CostForm {
  fileprivate var kernel: TrackerCost {
    switch self {
    case .stable: .stable
    case .clamped: .clamped
    }
  }
}

extension DifferenceMethod {
  fileprivate var kernel: TrackerDifference {
    switch self {
    case .central: .central
    case .forward: .forward
    case .complexStep: .complexStep
    }
  }
}
