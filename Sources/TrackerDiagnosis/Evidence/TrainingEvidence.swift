package import TrackerOptimization

/// All that is known of a training, whatever program ran it. Every part may be missing: the rules use what is there.
package struct TrainingEvidence {
  /// The loss that training lowers.
  package var loss: Curve?
  /// The same on examples that were held out.
  package var heldOutLoss: Curve?
  /// The share of right answers in training, 0…1 or in per cent.
  package var accuracy: Curve?
  /// The same on examples that were held out.
  package var heldOutAccuracy: Curve?
  /// The part of the loss that only holds weights down.
  package var penalty: CurveSummary?
  /// ‖∇J‖₂.
  package var gradientNorm: CurveSummary?
  /// The names of losses that play against each other, or of rewards: there a loss that does not fall says nothing.
  package var games: [String]
  /// Names of curves that hold a value that is not finite, beside those above.
  package var notFinite: [String]
  /// How many epochs there were, where a metric counts them.
  package var epochs: Int?
  /// What the program knows of itself.
  package var settings: TrainingSettings
  /// Statistics of layers, inputs first.
  package var layers: [LayerCurves]
  /// Statistics of the outputs over examples.
  package var outputs: OutputCurves
  /// Why the optimiser had no next iteration, if it was that which ended the training.
  package var stopReason: StopReason?
  /// Why the training ended, in a sentence for people; where it is `nil`, the reason's own.
  package var ending: String?
  /// Whether a gradient check of the run failed; `nil` where there was none.
  package var checkFailed: Bool?
  /// Whose words advice is given in.
  package var framework: Framework
  /// A command that repeats the run, to which options are added; for ``Framework/tracker``.
  package var command: String

  /// Nothing known. Set what is.
  package init(
    loss: Curve? = nil, settings: TrainingSettings = TrainingSettings(),
    framework: Framework = .unknown, command: String = "tracker run"
  ) {
    self.loss = loss
    self.settings = settings
    self.framework = framework
    self.command = command
    games = []
    notFinite = []
    layers = []
    outputs = OutputCurves()
  }

  /// Whether any curve that a rule can read is there.
  var hasCurve: Bool {
    [loss, heldOutLoss, accuracy, heldOutAccuracy].contains { ($0?.count ?? 0) > 0 }
  }
}

/// A series in the few values that rules ask of it.
package struct CurveSummary: Sendable, Hashable {
  /// Its name, as evidence shows it.
  package var name: String
  /// The value at the start.
  package var first: Double
  /// The value at the end.
  package var last: Double
  /// The greatest value.
  package var greatest: Double

  /// A summary.
  package init(name: String, first: Double, last: Double, greatest: Double) {
    self.name = name
    self.first = first
    self.last = last
    self.greatest = greatest
  }
}

/// Statistics of one layer over the training.
package struct LayerCurves: Sendable {
  /// Its name.
  package var name: String
  /// ‖∂J/∂W‖₂.
  package var gradientNorm: [Double] = []
  /// ‖ΔW‖ / ‖W‖ of a step.
  package var updateRatio: [Double] = []
  /// ‖W‖₂.
  package var weightNorm: [Double] = []
  /// The share of activations that are 0.
  package var zero: [Double] = []
  /// The share of units that are 0 for every example.
  package var dead: [Double] = []
  /// The share of activations where the derivative is nearly 0.
  package var saturated: [Double] = []
  /// The mean over units of the activations' standard deviation over examples.
  package var deviation: [Double] = []

  /// A layer of which nothing is known.
  package init(name: String) { self.name = name }
}

/// Statistics of the network's outputs over examples, along the training.
package struct OutputCurves: Sendable {
  /// The standard deviation over examples.
  package var deviation: [Double] = []
  /// The least output.
  package var least: [Double] = []
  /// The greatest output.
  package var greatest: [Double] = []

  /// Nothing measured.
  package init() {}
}

/// Whose words advice is given in.
package enum Framework: String, Sendable, CaseIterable {
  /// This program's own engine.
  case tracker
  case keras
  case pytorch
  case scikitLearn
  /// Nobody knows.
  case unknown
}
