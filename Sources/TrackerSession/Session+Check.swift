import TrackerEngine
import TrackerExperiments
import TrackerGradientCheck
import TrackerJSON
import TrackerStore
import TrackerViews

extension Session {
  /// Compares a gradient with difference quotients, and records the comparison with the run.
  mutating func check(_ request: SessionRequest) throws {
    let run = try run(request)
    guard let analytic = try vector("analytic", request),
      let numerical = try vector("numerical", request)
    else { throw request.error("a check needs analytic and numerical") }
    let theta = try vector("theta", request)
    let second = try vector("secondNumerical", request)
    for (name, other) in [("numerical", numerical), ("theta", theta), ("secondNumerical", second)] {
      if let other, other.count != analytic.count {
        throw request.error(
          "analytic holds \(analytic.count) values and \(name) holds \(other.count)")
      }
    }
    let layout = try layout(request, count: analytic.count)
    let method: DifferenceMethod = try request.name("method") ?? .central
    let epsilon = try request.number("epsilon") ?? 1e-4
    guard epsilon > 0, epsilon.isFinite else { throw request.error("epsilon is not above 0") }
    let costs = try request.array("costs")?.compactMap(\.asNumber) ?? []
    let cost = costs.first
    let check = GradientCheck(
      analytic: layout.rowMajor(analytic), numerical: layout.rowMajor(numerical),
      parameters: theta.map(layout.rowMajor), cost: cost, layout: layout, method: method,
      epsilon: epsilon,
      tolerance: try request.number("tolerance").map { GradientTolerance($0) } ?? .default,
      rounding: cost.map { method.roundingError(cost: $0, epsilon: epsilon) } ?? 0,
      seconds: try request.number("seconds") ?? 0)
    let step = Int(clamping: try request.integer("step") ?? 0)
    var record = GradientCheckRecord(
      check, at: CheckMoment(step == 0 ? .start : .step, epoch: step))
    record.context = try context(request, layout, costs)
    var vectors = GradientCheckRecord.Vectors(check)
    vectors.secondNumerical = second.map(layout.rowMajor)
    if second != nil, record.context.secondEpsilon == nil {
      record.context.secondEpsilon = 2 * epsilon
    }
    do {
      record.id = try run.writer.run.log(check: record, vectors: vectors)
    } catch let error as StoreError where error.mayPass {
      try run.writer.write(.check(record, vectors: vectors))
    }
    answer(request, [.init(key: "check", value: CheckView(check: record, run: run.id).json)])
  }

  /// What is known of the program, for the rules of the diagnosis.
  private func context(
    _ request: SessionRequest, _ layout: ParameterLayout, _ costs: [Double]
  ) throws -> GradientCheckRecord.Context {
    var context = GradientCheckRecord.Context()
    context.layout = layout.description
    context.exampleCount = try request.integer("examples").map { Int(clamping: $0) }
    context.lambda = try request.number("lambda")
    context.activation = try request.text("activation")
    context.costForm = try request.text("costForm")
    context.costs = costs
    context.analyticType = try request.text("analyticType")
    context.parametersType = try request.text("parametersType")
    context.secondEpsilon = try request.number("secondEpsilon")
    return context
  }

  /// Little-endian float64 in Base64.
  private func vector(_ key: String, _ request: SessionRequest) throws -> [Double]? {
    guard let text = try request.text(key) else { return nil }
    guard let bytes = Base64.bytes(of: Array(text.utf8)), !bytes.isEmpty,
      bytes.count.isMultiple(of: 8)
    else { throw request.error("\(key) is not Base64 of float64 values") }
    return bytes.withUnsafeBytes { Float64Vector.vector(of: $0) }
  }

  private func layout(_ request: SessionRequest, count: Int) throws -> ParameterLayout {
    let layout: ParameterLayout
    if let text = try request.text("layout") {
      layout = try ParameterLayout(describedBy: text)
    } else if let shapes = try request.text("shapes") {
      layout = try ParameterLayout(parsing: shapes, bias: try request.name("bias") ?? .firstRow)
    } else {
      layout = ParameterLayout(plain: count)
    }
    try layout.requireCount(count)
    return layout
  }
}
