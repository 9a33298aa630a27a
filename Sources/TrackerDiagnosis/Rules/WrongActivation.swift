import TrackerGradientCheck

/// Hidden activations that do not fit: squashing units that unscaled inputs saturate, or none at all.
enum WrongActivation: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    let change = Change(
      "ReLU in the hidden layers", keras: "activation=\"relu\"", pytorch: "nn.ReLU()",
      scikitLearn: "activation=\"relu\"", tracker: "--activation relu")
    let hidden = settings.hiddenActivations
    guard let first = hidden.first, training.condition.symptom != .notFinite else { return [] }
    if hidden.allSatisfy({ $0 == "softmax" }) {
      return [
        training.explanation(
          .wrongActivation, 0.85,
          "Hidden layers of softmax pass one share of 1 on: most of what they know is lost.", [],
          change)
      ]
    }
    if hidden.allSatisfy({ $0 == "linear" }) {
      return [
        training.explanation(
          .wrongActivation, 0.75,
          "Without a hidden activation all layers together are one linear layer.", [], change)
      ]
    }
    let isSquashing = ["sigmoid", "tanh"].contains(first)
    if isSquashing, settings.isClassification == false,
      training.inputScale.map({ $0.bound > 1000 }) ?? false
    {
      return [
        training.explanation(
          .wrongActivation, 0.88,
          "Inputs of this size saturate every \(first) unit: nothing of their order comes through.",
          [training.inputScale?.figure ?? ""], change)
      ]
    }
    return isSquashing
      ? [
        training.explanation(
          .wrongActivation, 0.35, "\(first) units saturate more easily than ReLU.", [], change)
      ] : []
  }
}
