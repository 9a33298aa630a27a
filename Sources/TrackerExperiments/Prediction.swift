import TrackerEngine
import TrackerGradientCheck
package import TrackerStore

/// What a run's network says of examples.
package struct Prediction: Sendable {
  /// The classes' names, length K.
  package let classNames: [String]
  /// The examples' own labels, by class number; `nil` where the data has none.
  package let labels: [Int]?
  /// The class probabilities, m × K, row-major.
  package let probabilities: [Double]

  /// - Parameters:
  ///   - run: a run that this program trained to its end
  ///   - file: examples, as a CSV file with or without a column of labels, or as images in IDX form; `nil`: those that
  ///     the run held out
  ///   - hasHeader: whether the file's first row names the columns
  /// - Throws: ``InputError``; `DatasetError` when the examples do not fit the network
  package init(of run: Run, in store: Store, file: String?, hasHeader: Bool) throws {
    let training = try RecordedTraining(run)
    let parameters = try training.parameters(ArtifactName.finalParameters, of: run, in: store)
    let names = training.dataset.classNames
    let data: Dataset
    if let file {
      var layout = training.configuration.data.layout
      layout.hasHeader = hasHeader
      let examples = try Examples(
        reading: { try FileBytes.source(file) }, name: file, layout: layout, like: training.dataset)
      labels = examples.labels
      data = try training.dataset.replacing(
        features: examples.numbers,
        labels: labels ?? [Int](repeating: 0, count: examples.rowCount))
    } else {
      data = training.trainer.heldOutData
      labels = data.labels
      guard data.rowCount > 0 else {
        throw InputError(
          .nothingHeldOut(run: run.id), "run \(run.id) held no examples out")
      }
    }
    classNames = names
    probabilities = try training.trainer.probabilities(at: parameters, for: data)
  }
}

extension Dataset {
  fileprivate func replacing(features: [Double], labels: [Int]) throws -> Dataset {
    try Dataset(
      name: name, sha256: sha256, features: features, labels: labels, classNames: classNames,
      featureCount: featureCount)
  }
}
