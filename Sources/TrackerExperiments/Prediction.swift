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
  ///   - file: examples, as a CSV file with or without a column of labels; `nil`: those that the run held out
  ///   - hasHeader: whether the file's first row names the columns
  /// - Throws: ``InputError``; `DatasetError` when the examples do not fit the network
  package init(of run: Run, in store: Store, file: String?, hasHeader: Bool) throws {
    let training = try RecordedTraining(run)
    let parameters = try training.parameters(ArtifactName.finalParameters, of: run, in: store)
    let names = training.dataset.classNames
    let data: Dataset
    if let file {
      (data, labels) = try Self.examples(file, hasHeader: hasHeader, like: training.dataset)
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

  private static func examples(
    _ file: String, hasHeader: Bool, like trained: Dataset
  ) throws -> (Dataset, labels: [Int]?) {
    let bytes = try FileBytes.read(file)
    let columns = try NumberTable.columnCount(csv: bytes, name: file)
    if columns == trained.featureCount + 1 {
      let table = try LabelledTable(
        csv: bytes, name: file, hasHeader: hasHeader, classNames: trained.classNames)
      return (try trained.replacing(features: table.numbers, labels: table.labels), table.labels)
    }
    guard columns == trained.featureCount else {
      throw InputError(
        .malformed,
        "\(file) has \(columns) columns, and the network has \(trained.featureCount) inputs",
        advice: "Give as many values a row, or one more: the label.")
    }
    let table = try NumberTable(csv: bytes, name: file, hasHeader: hasHeader, text: nil)
    let labels = [Int](repeating: 0, count: table.rowCount)
    return (try trained.replacing(features: table.numbers, labels: labels), nil)
  }
}

extension Dataset {
  fileprivate func replacing(features: [Double], labels: [Int]) throws -> Dataset {
    try Dataset(
      name: name, sha256: sha256, features: features, labels: labels, classNames: classNames,
      featureCount: featureCount)
  }
}
