/// The vectors of a check, cut and fitted once, for all rules to look at.
struct Evidence {
  let input: DiagnosisInput
  let check: GradientCheck
  /// The analytic derivatives.
  let analytic: [Double]
  /// The difference quotients, freed of a fault of their own where one was found.
  let numerical: [Double]
  /// What is wrong with the quotients themselves along the index.
  let runningFault: RunningFault?
  /// The layers, inputs first.
  let layers: [LayerEvidence]
  /// What is to be said of how the layout was read.
  let notes: [String]
  /// The number that all quotients are whole multiples of, if there is one: the cost's rounding over the step.
  let quantum: Double?

  var penalty: Double? { input.penalty }
  var exampleCount: Int? { input.exampleCount }
  var last: LayerEvidence? { layers.last }
  var parts: [PartEvidence] { layers.flatMap(\.parts) }
  /// The parts that differ with no linear relation that would explain it.
  var unexplained: [PartEvidence] { parts.filter { $0.status == .unexplained } }
  var hasNonFinite: Bool {
    !analytic.allSatisfy(\.isFinite) || !check.numerical.allSatisfy(\.isFinite)
  }

  /// How far costs that were evaluated at one θ lie apart, where that is more than rounding.
  var spreadOfCosts: Double? {
    guard let least = input.costs.min(), let most = input.costs.max(), input.costs.count > 1,
      (most - least).isFinite
    else { return nil }
    return most - least > 64 * max(abs(most), abs(least)).ulp ? most - least : nil
  }

  /// The same, where it is a part of the difference that is to be explained: the cost is then not one function.
  var disturbance: Double? {
    let step = check.method == .forward ? check.epsilon : 2 * check.epsilon
    let difference = rootMeanSquare(zip(check.analytic, check.numerical).map { $0 - $1 })
    return spreadOfCosts.flatMap { $0 / step > difference / 10 ? $0 / step : nil }
  }

  /// What would show that the step is to blame: a command, or what to do in foreign code.
  func retry(epsilon: Double, note: String) -> String {
    input.command.map { "\($0) --epsilon \(figure(epsilon))" }
      ?? "take the quotients again with eps = \(figure(epsilon)) and check again: \(note)"
  }

  init?(_ input: DiagnosisInput) {
    guard let check = input.check else { return nil }
    self.input = input
    self.check = check
    analytic = check.analytic
    runningFault = RunningFault(analytic: check.analytic, numerical: check.numerical)
    let numerical = runningFault?.corrected(check.numerical) ?? check.numerical
    self.numerical = numerical
    // What the quotients cannot be better than, whatever is right or wrong.
    let rounding = check.cost.map { check.method.roundingError(cost: $0, epsilon: check.epsilon) }
    let quantum = NoiseStructure.quantum(of: check)
    self.quantum = quantum
    let noise = max(check.rounding, rounding.map { $0 / 4 } ?? 0)
    let (plans, notes) = LayerPlan.layers(of: check.layout)
    self.notes = notes
    layers = plans.enumerated().map { number, plan in
      LayerEvidence(
        number: number, plan: plan, check: check, numerical: numerical, noise: noise, input: input)
    }
  }
}

/// One layer: its parts, and where its values stand.
struct LayerEvidence {
  let number: Int
  let plan: LayerPlan
  let name: String
  let rows: Int
  let columns: Int
  let biasRow: Int?
  /// The whole matrix, row-major, as in the vectors.
  let analytic: [Double]
  let numerical: [Double]
  let parameters: [Double]?
  let bias: PartEvidence?
  let weights: PartEvidence
  /// A rearrangement of the numerical values that gives the analytic ones.
  let rearrangement: Rearrangement?

  var parts: [PartEvidence] { (bias.map { [$0] } ?? []) + [weights] }
  var agrees: Bool { parts.allSatisfy { $0.status == .agrees } }
  var isUnexplained: Bool { parts.contains { $0.status == .unexplained } }

  init(
    number: Int, plan: LayerPlan, check: GradientCheck, numerical: [Double], noise: Double,
    input: DiagnosisInput
  ) {
    self.number = number
    self.plan = plan
    name = plan.name
    rows = plan.rows
    columns = plan.columns
    biasRow = plan.biasRow
    func gather(_ vector: [Double]) -> [Double] { plan.indices.map { vector[$0] } }
    analytic = gather(check.analytic)
    self.numerical = gather(numerical)
    parameters = check.parameters.map(gather)
    let layer = Matrices(
      rows: rows, columns: columns, biasRow: biasRow, analytic: analytic,
      numerical: self.numerical, parameters: parameters)
    let weights = PartEvidence(
      .weights, of: layer, title: plan.weightsTitle, check: check, noise: noise, input: input,
      scale: nil)
    let bias = plan.biasRow.map { _ in
      PartEvidence(
        .bias, of: layer, title: plan.biasTitle, check: check, noise: noise, input: input,
        scale: weights.relation?.scale,
        isBesideUnexplained: weights.status == .unexplained && check.parameters != nil)
    }
    self.weights = weights
    self.bias = bias
    let isExplained = [weights.status, bias?.status].allSatisfy { $0 != .unexplained }
    rearrangement =
      isExplained
      ? nil : Rearrangement(of: layer)
  }

  /// Whether its derivatives are large enough for their agreement to mean something.
  var isInformative: Bool { rootMeanSquare(weights.numerical) > 1e-7 }

  /// The entries of row `row` of a row-major matrix of this layer.
  func row(_ row: Int, of matrix: [Double]) -> [Double] {
    Array(matrix[row * columns..<(row + 1) * columns])
  }

  /// The entries of column `column` in all weight rows.
  func column(_ column: Int, of matrix: [Double]) -> [Double] {
    (0..<rows).filter { $0 != biasRow }.map { matrix[$0 * columns + column] }
  }

  /// λ/m · θ in the weight rows, 0 in the bias row; zeros where it is not known.
  func penalties(_ penalty: Double?) -> [Double] {
    guard let penalty, let parameters else { return [Double](repeating: 0, count: analytic.count) }
    return parameters.enumerated().map { $0.offset / columns == biasRow ? 0 : penalty * $0.element }
  }
}

/// The matrices of one layer, row-major.
struct Matrices {
  let rows: Int
  let columns: Int
  let biasRow: Int?
  let analytic: [Double]
  let numerical: [Double]
  let parameters: [Double]?
}

/// The bias or the weights of a layer.
struct PartEvidence {
  /// What is to be said of a part.
  enum Status: Hashable {
    /// Both sides are the same, and nothing hides below the tolerance.
    case agrees
    /// `relation` explains the difference.
    case related
    /// The analytic side is all 0, the numerical is not.
    case absent
    /// A derivative is NaN or infinite.
    case notFinite
    /// Something else.
    case unexplained
  }

  /// Such as “theta2's bias”, or “b2”.
  let title: String
  let part: GradientCheck.Part
  let analytic: [Double]
  let numerical: [Double]
  let parameters: [Double]?
  /// a − n.
  let difference: [Double]
  let relation: LinearRelation?
  let status: Status
  /// The share of entries outside the tolerance.
  let failedShare: Double

  init(
    _ part: GradientCheck.Part, of layer: Matrices, title: String, check: GradientCheck,
    noise: Double, input: DiagnosisInput, scale: Double?, isBesideUnexplained: Bool = false
  ) {
    self.title = title
    self.part = part
    func select(_ matrix: [Double]) -> [Double] {
      let rows = (0..<layer.rows).filter { ($0 == layer.biasRow) == (part == .bias) }
      return rows.flatMap { matrix[$0 * layer.columns..<($0 + 1) * layer.columns] }
    }
    let analytic = select(layer.analytic)
    let numerical = select(layer.numerical)
    let parameters = layer.parameters.map(select)
    self.analytic = analytic
    self.numerical = numerical
    self.parameters = parameters
    difference = zip(analytic, numerical).map { $0 - $1 }
    let failed = zip(analytic, numerical).count {
      !check.tolerance.agrees($0, $1, rounding: check.rounding)
    }
    failedShare = analytic.isEmpty ? 0 : Double(failed) / Double(analytic.count)
    guard difference.allSatisfy(\.isFinite) else {
      (relation, status) = (nil, .notFinite)
      return
    }
    let search = RelationSearch(
      analytic: analytic, numerical: numerical, parameters: parameters, isBias: part == .bias,
      penalty: input.penalty, exampleCount: input.exampleCount, noise: noise)
    let found = search.relation(scaleOfLayer: scale)
    if failed == 0 {
      // Below the tolerance only a penalty by a known factor is a fault, not truncation.
      let isFault =
        found.map { relation in
          relation.scale == 1 && relation.explained > 0.9
            && Self.isKnownPenalty(relation, part: part, exampleCount: input.exampleCount)
        } ?? false
      (relation, status) = isFault ? (found, .related) : (nil, .agrees)
    } else if analytic.allSatisfy({ $0 == 0 }) {
      (relation, status) = (nil, .absent)
    } else if let found, !(isBesideUnexplained && found.isScaled) {
      (relation, status) = (found, .related)
    } else {
      // A factor of few biases beside weights that have none is a coincidence.
      (relation, status) = (nil, .unexplained)
    }
  }

  /// Whether it agrees, or would but for a penalty's part.
  var hasRightData: Bool {
    switch status {
    case .agrees: true
    case .related: relation.map { !$0.isScaled } ?? false
    case .absent, .notFinite, .unexplained: false
    }
  }

  /// Whether its derivatives stand above what the check tolerates, so that their agreement says something.
  func isInformative(_ evidence: Evidence) -> Bool {
    rootMeanSquare(numerical) > 10 * evidence.check.tolerance.absolute
  }

  private static func isKnownPenalty(
    _ relation: LinearRelation, part: GradientCheck.Part, exampleCount: Int?
  ) -> Bool {
    guard let factor = relation.penaltyFactor else { return false }
    return part == .bias
      ? KnownFactor.matches(factor, 1, within: 0.05)
      : KnownFactor.isNaturalPenalty(factor, exampleCount: exampleCount)
  }
}
