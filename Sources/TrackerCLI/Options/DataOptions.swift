import ArgumentParser
import TrackerEngine
import TrackerExperiments
import TrackerSystem

/// What a run is trained on.
struct DataOptions: TrainingOptionGroup {
  @Option(
    help: ArgumentHelp(
      "digits, a CSV file, or a file of images in IDX form (MNIST's); gzip too. (default: digits)",
      valueName: "digits|file"), completion: .file())
  var data: String?
  @Option(help: "The CSV column of the labels: last, a number from 1, or a name. (default: last)")
  var labelColumn: LabelColumn?
  @Flag(
    inversion: .prefixedNo,
    help: "Whether the CSV file's first row names the columns. (default: no)")
  var header: Bool?
  @Option(
    help: ArgumentHelp(
      "CSV columns to leave out, by number from 1 or by name: 1,id.", valueName: "columns"))
  var dropColumns: String?
  @Option(
    help: ArgumentHelp(
      "The IDX file of the labels. (default: the images' name with labels-idx1)", valueName: "file"),
    completion: .file())
  var labels: String?
  @Option(training: "scale") var scale: ParameterValue?
  @Option(training: "testFraction") var testFraction: ParameterValue?
  @Option(training: "splitSeed") var splitSeed: ParameterValue?

  func validate() throws {
    let isFile = data != nil && data != "digits"
    guard
      isFile || (labelColumn == nil && header == nil && labels == nil && dropColumns == nil)
    else {
      throw ValidationError(
        "--label-column, --header, --drop-columns and --labels go with a file named by --data")
    }
  }

  func apply(to configuration: inout RunConfiguration, in context: CommandContext) throws {
    if let data {
      configuration.data = try DataSource(
        data == "digits" ? data : absolutePath(data, in: context.workingDirectory),
        labels: labels.map { absolutePath($0, in: context.workingDirectory) },
        layout: CSVLayout(
          labelColumn: labelColumn ?? .last, hasHeader: header,
          dropped: (dropColumns ?? "").split(separator: ",").compactMap { LabelColumn(String($0)) })
      )
    }
  }
}
