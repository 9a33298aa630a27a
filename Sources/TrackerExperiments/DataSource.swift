package import TrackerEngine
import TrackerStore

/// Where a run's data comes from.
package enum DataSource: Hashable, Sendable {
  /// scikit-learn's digits, inside the program.
  case digits
  /// A table of comma-separated values.
  case csv(path: String, layout: CSVLayout)
  /// Images and their labels in the IDX form of MNIST.
  case idx(images: String, labels: String)

  /// What `--data` and its options mean: `digits`, an IDX file of images, or a CSV file.
  ///
  /// - Throws: ``InputError`` when the labels of IDX images are not named and cannot be guessed
  package init(
    _ data: String, labels: String? = nil, layout: CSVLayout = CSVLayout()
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
      self = .csv(path: data, layout: layout)
    }
  }

  /// Reads the data.
  ///
  /// - Throws: ``InputError`` when a file is not there; `DatasetError` for what is wrong in it
  package func load() throws -> Dataset {
    switch self {
    case .digits: try Dataset.digits()
    case .csv(let path, let layout):
      try Dataset(csv: FileBytes.source(path), name: Self.name(path), layout: layout)
    case .idx(let images, let labels):
      try Dataset(
        images: FileBytes.source(images), imagesName: Self.name(images),
        labels: FileBytes.source(labels), labelsName: Self.name(labels))
    }
  }

  private static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// What the columns of the table are; of other data, nothing that was said.
  var layout: CSVLayout { if case .csv(_, let layout) = self { layout } else { CSVLayout() } }

  /// The options as a run's parameters hold them.
  var parameters: [String: ParameterValue] {
    switch self {
    case .digits: ["data": "digits"]
    case .csv(let path, let layout):
      [
        "data": .text(path), "labelColumn": .text((layout.labelColumn ?? .last).description),
        "header": .boolean(layout.hasHeader == true),
      ].merging(
        layout.dropped.isEmpty
          ? [:] : ["dropColumns": .text(layout.dropped.map(\.description).joined(separator: ","))]
      ) { $1 }
    case .idx(let images, let labels): ["data": .text(images), "labels": .text(labels)]
    }
  }

  /// The source that these parameters of a run mean; `nil` if they mean none.
  init?(parameters: [String: ParameterValue]) {
    guard case .text(let data) = parameters["data"] else { return nil }
    var labels: String?
    if case .text(let file) = parameters["labels"] { labels = file }
    // A run has accepted its first row for what it is.
    var layout = CSVLayout(hasHeader: parameters["header"] == true)
    if case .text(let text) = parameters["labelColumn"] {
      layout.labelColumn = LabelColumn(text) ?? .last
    }
    if case .text(let text) = parameters["dropColumns"] {
      layout.dropped = text.split(separator: ",").compactMap { LabelColumn(String($0)) }
    }
    guard let source = try? DataSource(data, labels: labels, layout: layout) else { return nil }
    self = source
  }
}
