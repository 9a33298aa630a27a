package import TrackerEngine
import TrackerStore

/// Where a run's data comes from.
package enum DataSource: Hashable, Sendable {
  /// scikit-learn's digits, inside the program.
  case digits
  /// A table of comma-separated values.
  case csv(path: String, labelColumn: LabelColumn, hasHeader: Bool)
  /// Images and their labels in the IDX form of MNIST.
  case idx(images: String, labels: String)

  /// What `--data` and its options mean: `digits`, an IDX file of images, or a CSV file.
  ///
  /// - Throws: ``InputError`` when the labels of IDX images are not named and cannot be guessed
  package init(
    _ data: String, labels: String? = nil, labelColumn: LabelColumn = .last,
    hasHeader: Bool = false
  ) throws {
    if data == "digits" {
      self = .digits
    } else if labels != nil || data.contains("-idx") || data.contains(".idx") {
      let guess = data.replacing("images-idx3", with: "labels-idx1")
        .replacing("images.idx3", with: "labels.idx1")
      guard labels != nil || guess != data else {
        throw InputError(.labelsNeeded, "the labels of \(data) are not known")
      }
      self = .idx(images: data, labels: labels ?? guess)
    } else {
      self = .csv(path: data, labelColumn: labelColumn, hasHeader: hasHeader)
    }
  }

  /// Reads the data.
  ///
  /// - Throws: ``InputError`` when a file is not there; `DatasetError` for what is wrong in it
  package func load() throws -> Dataset {
    switch self {
    case .digits: try Dataset.digits()
    case .csv(let path, let labelColumn, let hasHeader):
      try Dataset(
        csv: FileBytes.read(path), name: Self.name(path), labelColumn: labelColumn,
        hasHeader: hasHeader)
    case .idx(let images, let labels):
      try Dataset(
        images: FileBytes.read(images), imagesName: Self.name(images),
        labels: FileBytes.read(labels), labelsName: Self.name(labels))
    }
  }

  private static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The options as a run's parameters hold them.
  var parameters: [String: ParameterValue] {
    switch self {
    case .digits: ["data": "digits"]
    case .csv(let path, let labelColumn, let hasHeader):
      [
        "data": .text(path), "labelColumn": .text(labelColumn.description),
        "header": .boolean(hasHeader),
      ]
    case .idx(let images, let labels): ["data": .text(images), "labels": .text(labels)]
    }
  }

  /// The source that these parameters of a run mean; `nil` if they mean none.
  init?(parameters: [String: ParameterValue]) {
    guard case .text(let data) = parameters["data"] else { return nil }
    var labels: String?
    if case .text(let file) = parameters["labels"] { labels = file }
    var column = LabelColumn.last
    if case .text(let text) = parameters["labelColumn"] { column = LabelColumn(text) ?? .last }
    guard
      let source = try? DataSource(
        data, labels: labels, labelColumn: column, hasHeader: parameters["header"] == true)
    else { return nil }
    self = source
  }
}
