import TrackerGradientCheck

/// Plain gradient descent where an adaptive method or momentum gets on.
enum WrongOptimizer: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    guard let optimizer = settings.optimizer,
      ["sgd", "gd", "adadelta", "adagrad"].contains(optimizer), (settings.momentum ?? 0) < 0.5,
      [.fellLittle, .aboveGuess, .weak, .stuck].contains(training.condition.symptom)
    else { return [] }
    return [
      training.explanation(
        .wrongOptimizer, 0.3, "\(optimizer) without momentum is slow where curvatures differ.", [],
        Change(
          "Adam at 0.001", keras: "optimizer=\"adam\"",
          pytorch: "torch.optim.Adam(model.parameters(), lr=1e-3)", tracker: "--optimizer lbfgs"))
    ]
  }
}
