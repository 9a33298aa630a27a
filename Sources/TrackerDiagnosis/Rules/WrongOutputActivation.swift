import TrackerGradientCheck

/// The last activation cannot say what the loss or the targets ask for.
enum WrongOutputActivation: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    contradiction(training).map { [$0] } ?? guess(training)
  }

  private static func contradiction(_ training: Training) -> Finding? {
    let settings = training.settings
    let named = settings.lossName.map { "the loss is \($0)" } ?? ""
    if training.isSoftmaxOfOneUnit {
      return training.finding(
        .wrongOutputActivation, 0.97,
        "A softmax of one unit is always 1: the network cannot answer anything else.",
        ["the last layer is softmax with 1 unit", named],
        Change(
          "a sigmoid for two classes, a linear unit for numbers, or a softmax with a unit for each class",
          keras:
            "Dense(1, activation=\"sigmoid\") with binary_crossentropy, or linear with mse for numbers",
          pytorch:
            "drop the Softmax: nn.Linear(…, 1) with BCEWithLogitsLoss, or MSELoss for numbers"))
    }
    guard let activation = settings.lastActivation else { return nil }
    let units = settings.outputUnits ?? 0
    let softmax = Change(
      "softmax as the last activation, or the loss from logits",
      keras: "Dense(…, activation=\"softmax\"), or from_logits=True with a linear last layer",
      pytorch: "raw outputs (no activation) into CrossEntropyLoss")
    if settings.expectsLogits, activation != "linear" {
      // A network that is right all the same has outlived it.
      let likelihood =
        training.condition.isBad || (training.course.accuracy ?? 0) < 0.8 ? 0.93 : 0.75
      return training.finding(
        .wrongOutputActivation, likelihood,
        "The loss expects logits, and the last layer is \(activation): \(activation == "softmax" || activation == "sigmoid" ? "the outputs are squashed twice" : "logits below 0 cannot be said").",
        [named, "the last activation is \(activation)"],
        Change(
          "a linear last layer", keras: "no activation in the last layer while from_logits=True",
          pytorch: "no activation before CrossEntropyLoss or BCEWithLogitsLoss"))
    }
    if settings.loss == .categoricalCrossEntropy, !settings.expectsLogits, units != 1,
      ["sigmoid", "relu", "linear", "tanh"].contains(activation)
    {
      return training.finding(
        .wrongOutputActivation, activation == "sigmoid" ? 0.88 : 0.93,
        "A categorical cross-entropy wants shares that add up to 1, and \(activation) gives none.",
        [named, "the last activation is \(activation)"], softmax)
    }
    if settings.loss == .binaryCrossEntropy, !settings.expectsLogits,
      ["relu", "linear", "tanh"].contains(activation)
    {
      return training.finding(
        .wrongOutputActivation, 0.93,
        "A binary cross-entropy wants probabilities, and \(activation) gives numbers outside 0…1.",
        [named, "the last activation is \(activation)"],
        Change(
          "sigmoid as the last activation, or the loss from logits",
          keras: "Dense(…, activation=\"sigmoid\")",
          pytorch: "BCEWithLogitsLoss on raw outputs"))
    }
    if activation == "softmax", units > 1, !settings.hasSparseLabels,
      let mean = settings.targets?.mean,
      settings.targets?.least == 0, settings.targets?.greatest == 1,
      settings.isClassification != false,
      abs(mean * Double(units) - 1) > 0.15
    {
      return training.finding(
        .wrongOutputActivation, training.condition.isBad ? 0.9 : 0.7,
        "A softmax's outputs add up to 1, and the labels of an example add up to \(figure(mean * Double(units))): several classes are right at once.",
        ["targets' mean \(figure(mean)) × \(units) units"],
        Change(
          "a sigmoid for each class, and a binary cross-entropy",
          keras: "Dense(\(units), activation=\"sigmoid\") with binary_crossentropy",
          pytorch: "BCEWithLogitsLoss on raw outputs"))
    }
    return nil
  }

  /// From the curve alone: what is constant to the last digit from the first point on never could change.
  private static func guess(_ training: Training) -> [Finding] {
    let course = training.course
    let isFromStart = course.count >= 3 && abs(course.fall) < 0.002
    guard !training.knowsSettings else { return [] }
    let isBinary = (course.accuracy ?? 0.5) > 0.25
    let likelihood: Double
    switch training.condition.symptom {
    case .constant where isFromStart && isBinary && course.last < 100,
      .clipped where isBinary && isFromStart:
      likelihood = 0.5
    case .fellLittle where isFromStart && course.last < 100 && course.accuracy == nil:
      likelihood = 0.4
    case .stuck: likelihood = 0.6
    default: return []
    }
    return [
      training.explanation(
        .wrongOutputActivation, likelihood,
        "The last activation may not be able to give the answers, such as a softmax of one unit or a ReLU before the loss.",
        course.figures,
        Change(
          "record the last activation and the loss (--param last_activation=… --param loss=…), and diagnose again"
        ))
    ]
  }
}
