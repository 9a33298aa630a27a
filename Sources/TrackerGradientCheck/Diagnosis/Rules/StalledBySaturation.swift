/// The initial units are saturated, and the training is stuck with them.
enum StalledBySaturation: TrainingRule {
  static func findings(_ input: DiagnosisInput) -> [Finding] {
    let start =
      input.curves.map { $0.saturated.compactMap(\.first) }.flatMap { $0.isEmpty ? nil : $0 }
      ?? input.saturatedFractions
    guard let worst = start.max(), worst > 0.8 else { return [] }
    let accuracy = input.curves?.trainAccuracy ?? []
    let chance = 1 / Double(input.curves?.classCount ?? 10)
    let isStalled = accuracy.last.map { $0 < 3 * chance } ?? false
    let layers = start.enumerated().map { "layer \($0.offset + 1): \(percent($0.element))" }
    var figures = ["saturated units at the start: \(layers.joined(separator: ", "))"]
    input.initialRange.map { figures.append("the initial range is \($0)") }
    if let first = accuracy.first, let last = accuracy.last {
      figures.append(
        "training accuracy \(percent(first)) at the start, \(percent(last)) at the end")
    }
    if let first = input.curves?.cost.first, let last = input.curves?.cost.last {
      figures.append("cost \(figure(first)) at the start, \(figure(last)) at the end")
    }
    // Saturated outputs alone are learnt away; hidden units pass no gradient.
    let hidden = start.dropLast().max() ?? worst
    guard isStalled || hidden > 0.8 else { return [] }
    return [
      Finding(
        cause: .saturatedInitialization, likelihood: isStalled ? 0.94 : 0.7,
        summary: isStalled
          ? "The training is stalled at chance, because the initial units are saturated: their "
            + "derivative is 0, and no gradient reaches the weights below them."
          : "The initial units are saturated: the training begins without a gradient below them, and "
            + "what becomes of it is luck.",
        evidence: figures, confirm: "\(input.command) --init-range 0.12")
    ]
  }
}
