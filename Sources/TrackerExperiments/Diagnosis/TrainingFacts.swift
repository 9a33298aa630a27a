import TrackerEngine
import TrackerStore

/// What the data that a training learns from are like, as its network sees them.
struct TrainingFacts {
  let exampleCount: Int
  let inputs: InputFacts

  init(_ training: RecordedTraining) {
    exampleCount = training.trainer.trainingExampleCount
    inputs = training.trainer.inputFacts
  }

  /// What decides them: runs that have it in common have the same.
  struct Source: Hashable {
    private let data: DataSource
    private let sha256: String?
    private let testFraction: Double
    private let splitSeed: UInt64
    private let scale: FeatureScaling

    init(_ configuration: RunConfiguration, of run: Run) {
      data = configuration.data
      sha256 = run.dataset?.sha256
      testFraction = configuration.training.testFraction
      splitSeed = configuration.training.splitSeed
      scale = configuration.training.scale
    }
  }
}
