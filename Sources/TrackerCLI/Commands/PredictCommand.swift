import ArgumentParser
import TrackerExperiments
import TrackerViews
import TrackerStore
import TrackerSystem

struct PredictCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predict the class of each row of a file, and how sure it is.",
    discussion: """
      Without a file it predicts the examples that the run held out. A row of a file has as many values as the \
      network has inputs, or one more: the label, in the column where the training data had it. Images in IDX \
      form are read, too.

      EXAMPLES
        tracker predict latest
        tracker predict best:testAccuracy new.csv --format csv > classes.csv
      """)

  @Argument(
    help: "An id, latest, latest~1, a unique name, or best:METRIC.", completion: Completion.run)
  var run: String
  @Argument(help: "A CSV file, or images in IDX form; gzip too.", completion: .file())
  var file: String?
  @Flag(help: "The file's first row names the columns.")
  var header = false
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func run(in context: CommandContext) throws {
    try threads.apply(in: context)
    let store = try store.open(in: context)
    let run = try store.run(id: store.runID(run))
    let prediction = try Prediction(
      of: run, in: store, file: file.map { absolutePath($0, in: context.workingDirectory) },
      hasHeader: header)
    output.show(
      PredictionView(
        run: run.id, classNames: prediction.classNames, labels: prediction.labels,
        probabilities: prediction.probabilities), in: context)
  }
}
