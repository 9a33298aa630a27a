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
    for (name, other) in [("numerical", numerical), ("theta", theta ?? analytic)]
    where other.count != analytic.count {
      throw request.error(
        "analytic holds \(analytic.count) values and \(name) holds \(other.count)")
    }
    let layout = try layout(request, count: analytic.count)
    let method: DifferenceMethod = try request.name("method") ?? .central
    let epsilon = try request.number("epsilon") ?? 1e-4
    guard epsilon > 0, epsilon.isFinite else { throw request.error("epsilon is not above 0") }
    let costs = try request.array("costs")?.compactMap(\.asNumber) ?? []
    let cost = costs.first
    let check = GradientCheck(
      analytic: analytic, numerical: numerical, parameters: theta, cost: cost, layout: layout,
      method: method, epsilon: epsilon,
      tolerance: try request.number("tolerance").map { GradientTolerance($0) } ?? .default,
      rounding: cost.map { method.roundingError(cost: $0, epsilon: epsilon) } ?? 0,
      seconds: try request.number("seconds") ?? 0)
    _ = try run.store.addParameters(try facts(request), run: run.id)
    let step = Int(clamping: try request.integer("step") ?? 0)
    try run.writer.log(check, at: CheckMoment(step == 0 ? .start : .step, epoch: step))
    guard let record = try run.store.run(id: run.id).gradientChecks.last else { return }
    answer(request, [.init(key: "check", value: CheckView(check: record, run: run.id).json)])
  }

  /// What is known of the program, as parameters: the rules of the diagnosis read them there.
  private func facts(_ request: SessionRequest) throws -> [String: ParameterValue] {
    var facts: [String: ParameterValue] = [:]
    facts["examples"] = try request.integer("examples").map { .integer($0) }
    facts["lambda"] = try request.number("lambda").map { .real($0) }
    facts["activation"] = try request.text("activation").map { .text($0) }
    facts["bias"] = try request.text("bias").map { .text($0) }
    return facts
  }

  /// Little-endian float64 in Base64.
  private func vector(_ key: String, _ request: SessionRequest) throws -> [Double]? {
    guard let text = try request.text(key) else { return nil }
    guard let bytes = Base64.bytes(of: Array(text.utf8)), !bytes.isEmpty,
      bytes.count.isMultiple(of: 8)
    else { throw request.error("\(key) is no Base64 of float64") }
    return bytes.withUnsafeBytes { Float64Vector.vector(of: $0) }
  }

  private func layout(_ request: SessionRequest, count: Int) throws -> ParameterLayout {
    let bias: BiasPlacement? = try request.name("bias")
    let layout: ParameterLayout
    if let shapes = try request.text("shapes") {
      layout = try ParameterLayout(parsing: shapes, bias: bias ?? .firstRow)
    } else if let blocks = try request.array("blocks") {
      layout = ParameterLayout(
        try blocks.map { block in
          guard case .string(let name)? = block["name"], case .integer(let rows)? = block["rows"],
            case .integer(let columns)? = block["columns"], rows > 0, columns > 0,
            rows.multipliedReportingOverflow(by: columns).overflow == false,
            rows * columns <= count
          else { throw request.error("a block has name, rows and columns") }
          return ParameterBlock(
            name: name, rows: Int(rows), columns: Int(columns), bias: bias ?? .none)
        })
    } else {
      layout = ParameterLayout([
        ParameterBlock(name: "theta1", rows: 1, columns: count, bias: .none)
      ])
    }
    try layout.requireCount(count)
    return layout
  }
}
