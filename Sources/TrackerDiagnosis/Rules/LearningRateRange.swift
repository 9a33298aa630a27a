/// The learning rates that usually work with an optimiser, for inputs of unit scale and a mean loss.
///
/// Sources: the optimisers' papers and the frameworks' defaults (Adam 1e-3; SGD 1e-2; AdaGrad 1e-2; AdaDelta 1; L-BFGS 1),
/// a factor of ten or thirty around them.
struct LearningRateRange {
  let least: Double
  let greatest: Double

  init?(_ settings: TrainingSettings) {
    guard let optimizer = settings.optimizer else { return nil }
    switch optimizer {
    case "sgd", "gd", "gradientdescent", "momentum", "nesterov":
      (least, greatest) = (settings.momentum ?? 0) >= 0.5 ? (1e-4, 0.2) : (1e-3, 1)
    case "adam", "adamw", "nadam", "rmsprop", "adamax", "radam", "amsgrad", "lion":
      (least, greatest) = (5e-5, 0.03)
    case "adagrad": (least, greatest) = (1e-3, 1)
    case "adadelta": (least, greatest) = (0.05, 5)
    default: return nil
    }
  }
}
