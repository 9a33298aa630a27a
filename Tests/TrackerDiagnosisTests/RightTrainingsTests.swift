import Testing
import TrackerDiagnosis
import TrackerGradientCheck
import TrackerSystem

/// Right trainings whose curves look like wrong ones: with a floor, below 0, harder in training than held out.
@Suite("Right trainings that do not look it")
struct RightTrainingsTests {
  /// A loss that falls from `start` to a floor, most of it early.
  private func falling(_ start: Double, to floor: Double, over count: Int = 60) -> [Double] {
    (0..<count).map { floor + (start - floor) * exp(-Double($0) / (Double(count) / 6)) }
  }

  private func training(
    _ loss: [Double], accuracy: [Double]? = nil, heldOutAccuracy: [Double]? = nil,
    isScore: Bool = false, _ parameters: [String: String] = [:]
  ) -> [Finding] {
    var evidence = TrainingEvidence(settings: TrainingSettings(parameters: parameters))
    evidence.loss = Curve(name: "loss", values: loss)
    evidence.accuracy = accuracy.map { Curve(name: "accuracy", values: $0) }
    evidence.accuracy?.isScore = isScore
    evidence.heldOutAccuracy = heldOutAccuracy.map { Curve(name: "val_accuracy", values: $0) }
    return diagnoseTraining(evidence)
  }

  private func isQuiet(_ findings: [Finding]) -> Bool {
    [.noFault, .unknown].contains(findings[0].cause)
  }

  @Test(
    "A contrastive loss that begins at ln N, a language model, an ELBO: nobody knows their floor")
  func floors() {
    for (start, floor) in [(6.93, 6.3), (2.4, 2.1), (14.0, 12.5), (1.4, 1.2)] {
      #expect(isQuiet(training(falling(start, to: floor))))
    }
  }

  @Test("A loss that meets the level of clipped outputs only at its end is another")
  func passesClippedLevel() {
    // 5.39 / (1 − 0.6656) is 16.1, as of outputs clipped at 1e-7.
    let accuracy = falling(0.3, to: 0.6666)
    let end = 16.118 * (1 - (accuracy.last ?? 0))
    let right = training(falling(end + 0.9, to: end), accuracy: accuracy)
    #expect(!right.contains { $0.cause == .outputsClipped })
    let shares = accuracy.map { 0.05 * $0 + 0.6 }
    let clipped = training(shares.map { 16.118 * (1 - $0) }, accuracy: shares)
    #expect(clipped[0].cause == .outputsClipped)
  }

  @Test("A loss that fell by a third at once and stands still since is not called right")
  func stranded() {
    let losses = (0..<60).map { step -> Double in
      max(10.6 - 1.2 * Double(step), 7.2) + 0.01 * Double(step % 3)
    }
    let found = training(losses)
    #expect(found.map(\.cause) == [.unknown])
    #expect(found[0].summary.contains("stands still"))
  }

  @Test("Answers that get righter at each point are not stuck, by however little")
  func steady() {
    let losses = falling(1.7, to: 0.8, over: 16)
    let shares = (0..<16).map { min(0.1 + 0.1 * Double($0), 0.6 + 0.002 * Double($0)) }
    #expect(isQuiet(training(losses, accuracy: shares)))
    let wavering = shares.enumerated().map { $1 - ($0 % 2 == 0 ? 0.004 : 0) }
    #expect(training(losses, accuracy: wavering)[0].cause == .notLearning)
  }

  @Test("An accuracy alone tells that a training went well, where it has more than a point")
  func accuracyAlone() {
    var evidence = TrainingEvidence()
    evidence.accuracy = Curve(name: "accuracy", values: [0.5, 0.9, 0.97])
    #expect(diagnoseTraining(evidence).map(\.cause) == [.noFault])
    evidence.accuracy = Curve(name: "accuracy", values: [0.97])
    #expect(diagnoseTraining(evidence)[0].summary == "One point says too little.")
  }

  @Test("Points of a loss are no epochs: the held-out loss, or a metric, tells how many there were")
  func pointsAreNoEpochs() {
    var evidence = TrainingEvidence()
    evidence.loss = Curve(name: "train_loss", values: [9, 6, 3])
    evidence.heldOutLoss = Curve(name: "val_loss", values: falling(9, to: 2))
    let found = diagnoseTraining(evidence)
    #expect(found.map(\.cause) == [.noFault])
    #expect(found[0].evidence[0].hasPrefix("val_loss: 9 at the start"))
    // A dozen points that still fall at the end.
    evidence.loss = Curve(name: "train_loss", values: (0..<12).map { 12 - Double($0) })
    #expect(diagnoseTraining(evidence).map(\.cause) == [.noFault])
    evidence.loss = Curve(name: "train_loss", values: [9, 6, 3])
    evidence.heldOutLoss = nil
    #expect(diagnoseTraining(evidence)[0].cause == .tooFewEpochs)
    evidence.epochs = 60
    #expect(isQuiet(diagnoseTraining(evidence)))
  }

  @Test("Who answered right for a fifth of the time does not guess, though the end looks like it")
  func lostAgain() {
    let shares = (0..<50).map { (20..<35).contains($0) ? 0.9 : 0.34 }
    let losses = shares.map { $0 > 0.5 ? 0.3 : 1.1 }
    func guesses(_ losses: [Double], _ shares: [Double]) -> Bool {
      training(losses, accuracy: shares).contains { $0.summary.hasPrefix("The network guesses") }
    }
    #expect(!guesses(losses, shares))
    #expect(
      guesses(
        [Double](repeating: 1.1, count: 50).enumerated().map { $1 + 1e-3 * Double($0 % 2) },
        [Double](repeating: 0.34, count: 50)))
  }

  @Test("Where players have no loss that is known, it is said that they play")
  func players() {
    var evidence = TrainingEvidence()
    evidence.games = ["D_loss", "G_loss"]
    let found = diagnoseTraining(evidence)
    #expect(found.map(\.cause) == [.unknown])
    #expect(found[0].summary.contains("opponents (D_loss and G_loss)"))
  }

  @Test("A loss that falls by little, and as much at its end as before, has not come to its floor")
  func notAtFloor() {
    let found = training((0..<50).map { 1.6 - 0.006 * Double($0) })
    #expect(found[0].cause == .notLearning && found[0].likelihood < 0.5)
  }

  @Test(
    "The likelihood of numbers goes below 0",
    arguments: ["GaussianNLLLoss", "PoissonNLLLoss", "gaussian_nll"])
  func densities(loss: String) {
    #expect(isQuiet(training(falling(0.5, to: -4), ["criterion": loss])))
  }

  @Test(
    "The negative of an overlap or a cosine is a loss below 0; one of unknown kind far below 0 is wrong"
  )
  func negativeShares() {
    let accuracy = falling(0.3, to: 0.97)
    #expect(isQuiet(training(falling(-0.2, to: -0.98), accuracy: accuracy)))
    let overlap = training(falling(-0.2, to: -0.8), accuracy: falling(0.3, to: 0.7))
    #expect(!overlap.contains { $0.cause == .wrongLoss && $0.likelihood >= 0.5 })
    #expect(
      training(falling(-0.2, to: -5), accuracy: falling(0.3, to: 0.7))[0].cause == .wrongLoss)
  }

  @Test("AdamW's decay of 0.1 is usual; a penalty of 10 is not")
  func decay() {
    let loss = falling(0.62, to: 0.44)
    #expect(isQuiet(training(loss, ["weight_decay": "0.1", "optimizer": "AdamW"])))
    #expect(isQuiet(training(loss, ["weight_decay": "0.05"])))
    #expect(training(loss, ["l2": "10", "optimizer": "sgd"])[0].cause == .overregularized)
  }

  @Test("Answers that are right held out are right, however hard training makes them")
  func mixed() {
    let found = training(
      falling(1.7, to: 0.7), accuracy: falling(0.3, to: 0.55), heldOutAccuracy: falling(0.7, to: 1))
    #expect(isQuiet(found))
  }

  @Test("A low rank or overlap is not far from right")
  func scores() {
    #expect(isQuiet(training(falling(1, to: 0.6), accuracy: falling(0.1, to: 0.3), isScore: true)))
  }

  @Test(
    "Classes that overlap are no fault where the settings are known, and a guess where they are not"
  )
  func overlapping() {
    let (loss, accuracy) = (falling(1.6, to: 1.1), falling(0.3, to: 0.6))
    #expect(
      isQuiet(
        training(loss, accuracy: accuracy, ["criterion": "CrossEntropyLoss", "optimizer": "Adam"])))
    #expect(training(loss, accuracy: accuracy)[0].likelihood < 0.5)
  }

  @Test("Answers that get righter are learnt, though the loss falls by a fifth")
  func tokens() {
    #expect(isQuiet(training(falling(3.2, to: 2.45), accuracy: falling(0.22, to: 0.42))))
  }

  @Test("A minimum that is reached step by step, and then kept to the last digit")
  func converged() {
    let loss = (0..<80).map { 0.5 + 0.19 * exp(-Double(min($0, 24)) * 0.6) }
    #expect(isQuiet(training(loss, accuracy: loss.map { 1.4 - $0 - 0.1 })))
    let dead = [0.69] + [Double](repeating: 0.62, count: 40)
    #expect(training(dead)[0].cause == .outputsConstant)
  }

  @Test("A loss that fell from 36 to 18 with answers at chance is not called right")
  func fellToChance() {
    let found = training(falling(36, to: 18), accuracy: falling(0.12, to: 0.13))
    #expect(found[0].cause != .noFault)
  }
}
