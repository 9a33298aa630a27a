/// Nothing to be said.
enum NoFault {
  static func finding(_ input: DiagnosisInput) -> Finding {
    var figures: [String] = []
    var unseen = ""
    if let check = input.check {
      figures.append(
        "all \(check.checkedCount) derivatives agree, to \(figure(check.maxAbsoluteDifference)) at most"
      )
      let vacuous = check.vacuousBlocks(penalty: input.penalty)
      if !vacuous.isEmpty {
        unseen =
          " But in \(list(vacuous.map(\.name))) both sides are the penalty alone: there the check proves "
          + "nothing."
      } else if check.parameters == nil {
        unseen = " Without θ, a penalty below the tolerance would not be seen."
      } else if input.lambda == 0 {
        unseen = " With λ = 0, a fault of the penalty's derivative would not be seen."
      }
    }
    return Finding(
      cause: .noFault, likelihood: input.check == nil ? 0.5 : 0.95,
      summary: input.check == nil
        ? "No gradient was checked."
        : "Nothing is wrong: the gradients agree.\(unseen)",
      evidence: figures,
      confirm: input.check == nil
        ? input.command.map { "\($0) --check start" }
          ?? "check the gradient at the start of the training"
        : input.command.map { "\($0) --check every=10" }
          ?? "check again after some steps of training, where other units are active")
  }
}
