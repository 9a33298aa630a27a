import TrackerGradientCheck

/// So few updates, or so noisy ones, that nothing comes of them.
enum BatchSize: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    guard let size = settings.batchSize, let examples = settings.trainingExamples, size > 0,
      training.evidence.framework != .tracker
    else { return [] }
    let symptom = training.condition.symptom
    guard symptom != .notFinite, symptom != .diverged else { return [] }
    let updates =
      Double(training.course.epochs) * (Double(examples) / Double(size)).rounded(.up)
    guard examples >= 100, size * 2 >= examples || updates < 100 else { return [] }
    return [
      training.explanation(
        .batchSize, 0.4,
        "Batches of \(size) of \(examples) examples make \(figure(updates)) updates in all: few.",
        [],
        Change(
          "batches of 32", keras: "batch_size=32",
          pytorch: "DataLoader(…, batch_size=32, shuffle=True)"))
    ]
  }
}
