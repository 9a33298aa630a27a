import ArgumentParser
import TrackerExperiments
import TrackerViews

/// Which lines of a program's output are metrics.
struct MetricReadingOptions: ParsableArguments {
  @Option(
    name: .customLong("pattern"),
    help: ArgumentHelp(
      """
      The form of lines that are not JSON; may be repeated: keras, key=value, key:value, or a text with places for \
      numbers, such as 'Epoch {epoch}: loss {loss}', where ... stands for anything.
      """, valueName: "pattern"))
  var patterns: [String] = []
  @Option(
    help: ArgumentHelp(
      "The key of the step. (default: step, global_step, iteration, _step, or a whole epoch)",
      valueName: "key"))
  var stepKey: String?
  @Flag(help: "Read the program's standard error, too.")
  var stderr = false

  func reader() throws -> MetricReader {
    do {
      return MetricReader(patterns: try patterns.map(MetricPattern.init), stepKey: stepKey)
    } catch let error as InputError {
      throw CommandError(status: .usage, message: error.message, advice: error.advice)
    }
  }

  /// What is worth saying at the end of a recording.
  func notes(on recorder: OutputRecorder) -> [String] {
    var notes: [String] = []
    if recorder.longLineCount > 0 {
      let lines = counted(recorder.longLineCount, "line")
      notes.append(
        "note: \(lines) longer than \(MetricReader.lineLimit >> 20) MiB passed through unread")
    }
    if recorder.recordedLines == 0, recorder.failure == nil {
      notes += ["note: nothing was recorded, for no line was like one of these:"]
      notes += MetricReader.examples.map { "  \($0)" }
      if let suggestion = recorder.suggestion {
        let lines = counted(suggestion.lineCount, "line")
        notes.append("Of what was printed, --pattern \(suggestion.pattern) reads \(lines).")
      }
      notes.append(
        "Other lines are read with --pattern (keras, key=value, or a text of your own)"
          + (stderr ? "." : ", and standard error with --stderr."))
    }
    return notes
  }
}
