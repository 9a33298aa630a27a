import TrackerEngine
import TrackerGradientCheck
package import TrackerStore

/// What the network of a run does, and how its weights came to be what they are.
package struct TrainedNetwork: Sendable {
  /// An example that is taken for another class.
  package struct Mistake: Sendable {
    /// Its inputs before they were scaled, length n.
    package let features: [Double]
    /// Its own class, by number.
    package let label: Int
    /// The class that it is taken for.
    package let predicted: Int
    /// How sure the network is of that, 0…1.
    package let probability: Double
  }

  /// A layer's weights, biases left out, at an epoch.
  package struct Weights: Sendable {
    /// The layer: `theta1`, ….
    package let layer: String
    /// The epoch.
    package let step: Int64
    /// Its weights, inputs × units, row-major.
    package let values: [Double]
  }

  /// The classes' names, length K.
  package let classNames: [String]
  /// Whether the examples were held out from the training; if none were, they are those that it was trained on.
  package let areHeldOut: Bool
  /// How many examples of a class (row) are taken for each class (column), K × K.
  package let confusion: [[Int]]
  /// The examples that are taken for another class, the surest mistake first.
  package let mistakes: [Mistake]
  /// The least and the greatest input of all examples.
  package let featureRange: ClosedRange<Double>
  /// The layers' units, the inputs first.
  package let layerSizes: [Int]
  /// The weights at every epoch at which they were recorded: the start, gradient checks, and the end.
  package let weights: [Weights]

  /// - Parameter run: a run that this program trained to its end
  /// - Throws: ``InputError``, `DatasetError` or ``StoreError`` when the run was not trained by this program, its data is
  ///   not where it was, or it has no final parameters
  package init(of run: Run, in store: Store) throws {
    let training = try RecordedTraining(run)
    let final = try training.parameters(ArtifactName.finalParameters, of: run, in: store)
    let model = training.trainer.model
    let heldOut = training.trainer.heldOutData
    areHeldOut = heldOut.rowCount > 0
    let data = areHeldOut ? heldOut : training.dataset
    classNames = training.dataset.classNames
    layerSizes = model.layerSizes
    featureRange =
      (training.dataset.features.min() ?? 0)...(training.dataset.features.max() ?? 1)

    let classCount = classNames.count
    let probabilities = try training.trainer.probabilities(at: final, for: data)
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: classCount)
    var mistakes: [Mistake] = []
    for example in 0..<data.rowCount {
      let row = Array(probabilities[example * classCount..<(example + 1) * classCount])
      let predicted = row.indices.max { row[$0] < row[$1] } ?? 0
      let label = data.labels[example]
      confusion[label][predicted] += 1
      if predicted != label {
        mistakes.append(
          Mistake(
            features: Array(data.row(example)), label: label, predicted: predicted,
            probability: row[predicted]))
      }
    }
    self.confusion = confusion
    self.mistakes = mistakes.sorted { $0.probability > $1.probability }

    var recorded: [Int64: [Double]] = [:]
    if let start = try? training.parameters(ArtifactName.startParameters, of: run, in: store) {
      recorded[0] = start
    }
    for check in run.gradientChecks {
      if let parameters = try store.vectors(ofCheck: check.id)?.parameters,
        parameters.count == model.layout.count
      {
        recorded[check.step] = parameters
      }
    }
    recorded[run.metrics["cost"]?.lastStep ?? Int64(training.configuration.training.epochs)] = final
    let layout = model.layout
    weights = recorded.sorted { $0.key < $1.key }.flatMap { step, parameters in
      zip(layout.blocks, layout.offsets).map { block, offset in
        // The first row holds the biases.
        Weights(
          layer: block.name, step: step,
          values: Array(parameters[offset + block.columns..<offset + block.count]))
      }
    }
  }
}
