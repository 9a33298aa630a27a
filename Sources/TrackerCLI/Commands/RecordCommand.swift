import ArgumentParser
import TrackerExperiments
import TrackerViews
import TrackerStore
import TrackerSystem

struct RecordCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record any program that prints its progress as JSON, or in lines of another form.",
    discussion: """
      Each JSON object or Python dictionary of numbers in a line, such as {"step": 3, "cost": 0.41}, is \
      recorded as metrics of that step (without "step", "global_step", "iteration", "_step" or a whole \
      "epoch": the next one); every line is passed through as it is. The program's status becomes ours, and \
      signals that ask us to stop are handed on to it. Without a program, standard input is read.

      EXAMPLES
        tracker record --param lr=0.1 --name first -- python train.py
        tracker record --pattern keras -- python fit.py
        tracker record --pattern 'Epoch {epoch}: loss {loss}' --stderr -- ./train
        ./train | tracker record --param lr=0.1
        tracker record --alert 'isnan(loss)' --stop-on-alert -- python train.py
      """)

  @OptionGroup var options: ForeignRunOptions
  @OptionGroup var reading: MetricReadingOptions
  @OptionGroup(title: "Alerts") var alerts: AlertOptions
  @OptionGroup var store: WritingOptions
  @Argument(parsing: .postTerminator, help: "The program and its arguments, after --.")
  var command: [String] = []

  func validate() throws {
    if reading.stderr, command.isEmpty {
      throw ValidationError("--stderr goes with a program after --")
    }
    if alerts.stopOnAlert, command.isEmpty {
      throw ValidationError("--stop-on-alert goes with a program after --")
    }
  }

  func run(in context: CommandContext) throws {
    let reader = try reading.reader()
    _ = try alerts.settings()
    let store = try store.create(in: context)
    let writer = try store.startRun(
      options.start(
        environment: .current(
          program: TrackerCommand.program, directory: context.workingDirectory,
          keepsSecrets: options.keepSecrets), in: context))
    let terminal = context.terminal
    var recorder = OutputRecorder(
      run: writer, reader: reader,
      alerting: try alerts.alerting(run: writer, store: store, in: context)
    ) { piece, stream in
      switch stream {
      case .output: terminal.output.write(bytes: piece)
      case .diagnostics: terminal.diagnostics.write(bytes: piece)
      }
    }
    let ending: ChildProcess.Ending
    do {
      ending = try follow(&recorder)
    } catch {
      try writer.finish(.failed, error: ErrorPresenter.present(error, width: 80).text)
      throw error
    }
    try end(writer, recorder, ending, context.terminal)
  }

  private func follow(_ recorder: inout OutputRecorder) throws -> ChildProcess.Ending {
    guard !command.isEmpty else {
      try Descriptor.read(STDIN_FILENO) { recorder.take($0, from: .output) }
      recorder.finish()
      return .exited(0)
    }
    let child = try ChildProcess(command: command, readsDiagnostics: reading.stderr)
    let alerting = recorder.alerting
    var isStopping = false
    let ending = try child.follow(
      idle: {
        alerting?.look()
        guard !isStopping, alerting?.stopper != nil else { return }
        isStopping = true
        child.terminate()
      },
      { recorder.take($0, from: $1) })
    recorder.finish()
    return ending
  }

  private func end(
    _ writer: RunWriter, _ recorder: OutputRecorder, _ ending: ChildProcess.Ending,
    _ terminal: Terminal
  ) throws {
    if let failure = recorder.failure {
      let text = ErrorPresenter.present(failure, width: terminal.width).text
      terminal.diagnostics.writeLine("\(text)\nFrom there on nothing was recorded.")
    }
    let lines = recorder.recordedLines
    var outcome = "\(counted(lines, "line")) of metrics \(lines == 1 ? "was" : "were") recorded."
    if let stopper = recorder.alerting?.stopper {
      outcome = "Stopped by an alert: \(stopper.title). " + outcome
    }
    switch ending {
    case _ where recorder.alerting?.stopper != nil:
      try writer.finish(.interrupted, outcome: outcome)
    case .exited(0): try writer.finish(.finished, outcome: outcome)
    case .exited(let status):
      try writer.finish(.failed, error: "the program ended with status \(status)", outcome: outcome)
    case .signalled(let number) where [SIGINT, SIGTERM, SIGHUP].contains(number):
      try writer.finish(.interrupted, outcome: outcome)
    case .signalled(let number):
      try writer.finish(.failed, error: "signal \(number) ended the program", outcome: outcome)
    }
    reading.notes(on: recorder).forEach(terminal.diagnostics.writeLine)
    terminal.diagnostics.writeLine("run \(writer.id) recorded")
    if ending != .exited(0) { throw ForeignStatus(code: ending.shellStatus) }
  }
}

/// The status with which the program that we recorded ended: it becomes ours.
struct ForeignStatus: Error {
  let code: Int32
}
