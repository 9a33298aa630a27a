import Testing
import TrackerDiagnosis
import TrackerGradientCheck
import TrackerOptimization

@Suite("Diagnosis of trainings")
struct TrainingDiagnosisTests {
  /// A run of our own engine on the digits.
  private func own(_ change: (inout TrainingEvidence) -> Void) -> TrainingEvidence {
    var evidence = TrainingEvidence(framework: .tracker)
    evidence.settings.isClassification = true
    evidence.settings.classes = 10
    evidence.settings.trainingExamples = 1437
    evidence.settings.penalty = 0.5
    change(&evidence)
    return evidence
  }
  private func causes(_ evidence: TrainingEvidence) -> [Cause] {
    diagnoseTraining(evidence).map(\.cause)
  }
  private func saturated(_ shares: [[Double]]) -> [LayerCurves] {
    shares.enumerated().map { number, values in
      var layer = LayerCurves(name: "layer \(number + 1)")
      layer.saturated = values
      return layer
    }
  }

  @Test("A training like any other has no fault, though its last held-out cost is not its best")
  func ordinary() {
    let evidence = own { evidence in
      evidence.loss = Curve(name: "cost", values: [7.1, 2.3, 0.8, 0.2, 0.08])
      evidence.penalty = CurveSummary(
        name: "penalty", first: 0.01, last: 0.045, greatest: 0.045)
      evidence.accuracy = Curve(name: "trainAccuracy", values: [0.1, 0.7, 0.95, 0.99, 1])
      evidence.heldOutAccuracy = Curve(
        name: "testAccuracy", values: [0.1, 0.68, 0.93, 0.97, 0.972])
      evidence.heldOutLoss = Curve(name: "testCost", values: [7.1, 2.4, 0.9, 0.3, 0.31])
      evidence.gradientNorm = CurveSummary(
        name: "gradientNorm", first: 1.2, last: 1e-4, greatest: 1.2)
      evidence.layers = saturated([[0, 0, 0.01, 0.02, 0.05], [0, 0.1, 0.7, 0.9, 0.95]])
    }
    #expect(causes(evidence) == [.noFault])
  }

  @Test("Stalled at chance because the initial units are saturated")
  func stalled() {
    let evidence = own { evidence in
      evidence.loss = Curve(name: "cost", values: [127.4, 127.3, 127.1])
      evidence.accuracy = Curve(name: "trainAccuracy", values: [0.101, 0.101, 0.102])
      evidence.layers = saturated([[1, 1, 1], [1, 1, 1]])
      evidence.settings.initialBound = 3
      evidence.settings.isOneSidedStart = true
    }
    let findings = diagnoseTraining(evidence)
    #expect(findings[0].cause == .saturatedInitialization)
    #expect(findings[0].evidence.contains("the initial range is 0:3"))
    #expect(findings[0].confirm == "tracker run --init-range 0.12")
  }

  @Test("Saturated units that were learnt away are said to have been luck")
  func luck() {
    let evidence = own { evidence in
      evidence.loss = Curve(name: "cost", values: [1364, 3, 0.1])
      evidence.accuracy = Curve(name: "trainAccuracy", values: [0.1, 0.3, 1])
      evidence.layers = saturated([[1, 0.9, 0.5], [1, 0.9, 0.9]])
    }
    let findings = diagnoseTraining(evidence)
    #expect(findings.map(\.cause) == [.saturatedInitialization])
    #expect(findings[0].likelihood < 0.8)
  }

  @Test(
    "A cost that is not finite, or grows, has diverged",
    arguments: [[1, 30, .nan], [1, 5, 400], [2, 1e9, .infinity]])
  func diverged(cost: [Double]) {
    let found = causes(own { $0.loss = Curve(name: "cost", values: cost) })
    #expect(found.contains(.diverged) && [.diverged, .notFinite].contains(found[0]))
  }

  @Test("A loss that is not finite at the end is not told with a number as its end")
  func notFiniteAtTheEnd() {
    let findings = diagnoseTraining(
      TrainingEvidence(loss: Curve(name: "loss", values: [2.3, 1.1, .nan])))
    #expect(findings[0].cause == .notFinite)
    #expect(
      findings[0].evidence.contains(
        "loss: 2.3 at the start, 1.1 in its last finite points, over 3 points"))
  }

  @Test("One value that is not finite amid many is outlived")
  func outlived() {
    var values = (0..<40).map { 2 / Double($0 + 1) }
    values[7] = .nan
    #expect(causes(TrainingEvidence(loss: Curve(name: "loss", values: values))) == [.noFault])
  }

  @Test("The line search failed on a flat cost, which at a minimum is no fault")
  func lineSearch() {
    var flat = own { evidence in
      evidence.loss = Curve(name: "cost", values: [127.4])
      evidence.accuracy = Curve(name: "trainAccuracy", values: [0.101])
      evidence.gradientNorm = CurveSummary(
        name: "gradientNorm", first: 27, last: 27, greatest: 27)
    }
    flat.stopReason = .lineSearchFailed
    #expect(causes(flat).contains(.lineSearchFailed))
    var minimum = own { evidence in
      evidence.loss = Curve(name: "cost", values: [7, 1, 0.06])
      evidence.gradientNorm = CurveSummary(
        name: "gradientNorm", first: 1.3, last: 1e-6, greatest: 1.3)
    }
    minimum.stopReason = .lineSearchFailed
    #expect(!causes(minimum).contains(.lineSearchFailed))
  }

  @Test("Over-fitted: right in training, worse and worse held out")
  func overfitted() {
    let evidence = own { evidence in
      evidence.loss = Curve(name: "cost", values: [2.3, 0.5, 0.01])
      evidence.accuracy = Curve(name: "trainAccuracy", values: [0.1, 0.9, 1])
      evidence.heldOutAccuracy = Curve(name: "testAccuracy", values: [0.1, 0.85, 0.8])
      evidence.heldOutLoss = Curve(name: "testCost", values: [2.3, 0.7, 1.9])
    }
    #expect(causes(evidence) == [.overfitted])
  }

  @Test("Over-fitted, too, is what learns most of random labels and nothing that holds elsewhere")
  func learntByHeart() {
    var evidence = TrainingEvidence(
      loss: Curve(name: "loss", values: (0..<20).map { 1.45 - 0.036 * Double($0) }))
    evidence.accuracy = Curve(name: "acc", values: (0..<20).map { 0.33 + 0.023 * Double($0) })
    evidence.heldOutLoss = Curve(name: "val_loss", values: (0..<20).map { 1.5 + 0.03 * Double($0) })
    evidence.heldOutAccuracy = Curve(
      name: "val_acc", values: (0..<20).map { 0.22 + 0.02 * Double($0 % 3) })
    #expect(causes(evidence) == [.overfitted])
  }

  @Test(
    "A loss that is far above its start for long, and comes back, tells of long steps: a guess, unless the rate is large",
    arguments: [(nil, 0.45), (0.3, 0.88)])
  func hump(rate: Double?, likelihood: Double) {
    let values = (0..<30).map { index in
      index == 0 ? 3.2 : 2.2 + 120 / Double(index)
    }
    var evidence = TrainingEvidence(loss: Curve(name: "loss", values: values))
    evidence.settings.optimizer = rate.map { _ in "adam" }
    evidence.settings.learningRate = rate
    let finding = diagnoseTraining(evidence).first { $0.cause == .learningRateTooHigh }
    #expect(finding?.likelihood == likelihood)
    evidence.games = ["reward"]
    #expect(rate != nil || !causes(evidence).contains(.learningRateTooHigh))
  }

  @Test("λ so large that the weights vanish")
  func overregularized() {
    let evidence = own { evidence in
      evidence.settings.penalty = 1000
      evidence.loss = Curve(name: "cost", values: [20, 5, 3.25])
      evidence.penalty = CurveSummary(name: "penalty", first: 13, last: 1e-6, greatest: 13)
      evidence.accuracy = Curve(name: "trainAccuracy", values: [0.1, 0.1, 0.1])
    }
    let findings = diagnoseTraining(evidence)
    #expect(findings[0].cause == .overregularized)
    #expect(findings[0].confirm == "tracker run --lambda 10")
  }

  @Test("Where no curve is known, nothing is called right")
  func nothing() {
    let findings = diagnoseTraining(TrainingEvidence())
    #expect(findings.map(\.cause) == [.unknown])
    #expect(findings[0].likelihood == 0 && findings[0].summary.contains("No curve that I know"))
    let one = TrainingEvidence(loss: Curve(name: "loss", values: [1.2]))
    #expect(causes(one) == [.unknown])
  }

  @Test("A network that guesses is not called right: ln 10 at 9.8 %")
  func guesses() {
    var evidence = TrainingEvidence(
      loss: Curve(name: "loss", values: [2.3027, 2.3026, 2.3025, 2.3026, 2.3026, 2.3025]))
    evidence.accuracy = Curve(name: "accuracy", values: [0.1, 0.098, 0.099, 0.098, 0.098, 0.098])
    #expect(causes(evidence).first == .notLearning)
    #expect(diagnoseTraining(evidence)[0].likelihood >= 0.9)
  }

  @Test("Contradictions in the parameters speak alone")
  func contradictions() {
    func settings(_ parameters: [String: String]) -> [Cause] {
      var evidence = TrainingEvidence(settings: TrainingSettings(parameters: parameters))
      evidence.loss = Curve(name: "loss", values: [1, 0.6, 0.3, 0.22, 0.21, 0.2, 0.2, 0.2])
      return causes(evidence)
    }
    #expect(
      settings(["last_activation": "softmax", "output_units": "1"]).first == .wrongOutputActivation)
    #expect(
      settings(["loss": "BCELoss", "output_activation": "ReLU"]).first == .wrongOutputActivation)
    #expect(
      settings(["criterion": "CrossEntropyLoss", "output_activation": "Softmax"]).first
        == .wrongOutputActivation)
    #expect(
      settings(["criterion": "CrossEntropyLoss", "output_activation": "Identity"]) == [.noFault])
    #expect(
      settings([
        "loss": "mse", "last_activation": "sigmoid", "target.min": "0", "target.max": "40",
        "task": "regression",
      ]).first
        == .targetsOutOfRange)
    #expect(
      settings([
        "loss": "sparse_categorical_crossentropy", "last_activation": "softmax", "target.min": "0",
        "target.max": "9", "output_units": "10",
      ]) == [.noFault])
  }
}
