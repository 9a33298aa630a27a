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
      "epoch": the next one); every line is passed through as it is. The command ends with the program's status, \
      and passes on to it the signals that ask to stop. Without a program, standard input is read.

      EXAMPLES
        tracker record --param lr=0.1 --name first -- python train.py
        tracker record --pattern keras -- python fit.py
        tracker record --pattern 'Epoch {epoch}: loss {loss}' --stderr -- ./train
        ./train | tracker record --param lr=0.1
        tracker record --alert 'isnan(loss)' --stop-on-alert -- python train.py
        tracker record --resume 12 -- python train.py --from checkpoint.pt
      """)

  @Option(
    help: ArgumentHelp(
      "Record into this run, which has ended, instead of a new one: it goes on after its last step.",
      valueName: "run"), completion: Completion.run)
  var resume: String?
  @OptionGroup var options: ForeignRunOptions
  @OptionGroup var reading: MetricReadingOptions
  @OptionGroup(title: "Alerts") var alerts: AlertOptions
  @OptionGroup var store: WritingOptions
  @Argument(parsing: .postTerminator, help: "The program and its arguments, after --.")
  var command: [String] = []

  func validate() throws {
    if resume != nil,
      options.record.experiment != nil || options.record.name != nil || options.record.note != nil
    {
      throw ValidationError(
        "--experiment, --name and --note are of a new run; with --resume it has them: see tracker move, rename, note"
      )
    }
    if reading.stderr, command.isEmpty {
      throw ValidationError("--stderr goes with a program after --")
    }
    if alerts.stopOnAlert, command.isEmpty {
      throw ValidationError("--stop-on-alert goes with a program after --")
    }
  }

  func run(in context: CommandContext) throws {
    var reader = try reading.reader()
    _ = try alerts.settings()
    let (store, run, step) = try begin(in: context)
    reader.goOn(at: step)
    let terminal = context.terminal
    let writer = ResilientWriter(run) { terminal.diagnostics.writeLine($0.sentence) }
    let alerting = try alerts.alerting(run: run, store: store, in: context)
    alerting?.writer = writer
    var recorder = OutputRecorder(run: writer, reader: reader, alerting: alerting) {
      piece, stream in
      switch stream {
      case .output: terminal.output.write(bytes: piece)
      case .diagnostics: terminal.diagnostics.write(bytes: piece)
      }
    }
    let ending: Program.Ending
    do {
      ending = try follow(&recorder, writer, terminal)
    } catch {
      try writer.finish(.failed, error: ErrorPresenter.present(error, width: 80).text)
      throw error
    }
    recorder.finish()
    try end(writer, recorder, ending, terminal)
  }

  /// The store; the run that is recorded into, a new one or one that goes on; and its next step.
  private func begin(in context: CommandContext) throws -> (Store, RunWriter, Int64) {
    // A run that is gone on with, or nested in, is in a store that is there.
    let isNew = resume == nil && options.parent == nil
    let store = try isNew ? store.create(in: context) : store.open(in: context)
    let start = try options.start(
      environment: .current(
        program: TrackerCommand.program, directory: context.workingDirectory,
        keepsSecrets: options.keepSecrets), in: store, context)
    guard let resume else { return (store, try store.startRun(start), 0) }
    let id = try store.runID(resume)
    guard try !Resumption.isTraining(store.run(id: id)) else {
      throw CommandError(
        status: .usage,
        message: "run \(id) was trained by tracker run; no other program goes on with it",
        advice: "Go on with: tracker resume \(id)")
    }
    let opened = try store.reopenRun(id: id, environment: start.environment)
    guard !opened.isJoined else {
      throw CommandError(
        status: .usage, message: "run \(id) goes on in another process",
        advice: "Wait for its end, or end it with: tracker finish \(id) --status interrupted")
    }
    let kept = try store.addParameters(start.parameters, run: id)
    if !kept.isEmpty {
      context.terminal.diagnostics.writeLine(
        "note: run \(id) keeps the values that it has of \(kept.joined(separator: ", ")); to change them: "
          + "tracker param \(id) --replace")
    }
    try store.edit(runs: [id], settingTags: start.tags)
    return (store, try store.runWriter(id: id), opened.nextStep)
  }

  private func follow(
    _ recorder: inout OutputRecorder, _ writer: ResilientWriter, _ terminal: Terminal
  ) throws -> Program.Ending {
    let alerting = recorder.alerting
    guard command.isEmpty else {
      let child = try ChildProcess(command: command, readsDiagnostics: reading.stderr)
      var isStopping = false
      return try child.follow(
        idle: {
          try? writer.retry()
          alerting?.look()
          guard !isStopping, alerting?.stopper != nil else { return }
          isStopping = true
          child.terminate()
        }
      ) { piece, stream in
        recorder.take(piece, from: stream)
        return stream == .diagnostics || terminal.output.hasReader
      }
    }
    SignalForwarding.ignoreAll(but: StopSignal.signals)
    StopSignal.listen()
    // Who prints is asked to stop as we are, and may have something to say yet.
    var patience = 20
    let stop = try Descriptor.follow(
      STDIN_FILENO,
      idle: {
        try? writer.retry()
        alerting?.look()
        if StopSignal.isRaised { patience -= 1 }
        return patience > 0
      }
    ) {
      recorder.take($0, from: .output)
      return terminal.output.hasReader
    }
    if let signal = StopSignal.raised { return .signalled(signal) }
    return stop == .enough ? .signalled(SIGPIPE) : .exited(0)
  }

  private func end(
    _ writer: ResilientWriter, _ recorder: OutputRecorder, _ ending: Program.Ending,
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
    do {
      switch ending {
      case _ where recorder.alerting?.stopper != nil:
        try writer.finish(.interrupted, outcome: outcome)
      case .exited(0): try writer.finish(.finished, outcome: outcome)
      case .exited(let status):
        try writer.finish(
          .failed, error: "the program ended with status \(status)", outcome: outcome)
      case .signalled(let number) where StopSignal.signals.contains(number):
        try writer.finish(.interrupted, outcome: outcome)
      case .signalled(SIGPIPE) where !terminal.output.hasReader:
        try writer.finish(
          .interrupted, outcome: "\(outcome) The reader of the output went away.")
      case .signalled(let number):
        try writer.finish(.failed, error: "signal \(number) ended the program", outcome: outcome)
      }
      reading.notes(on: recorder).forEach(terminal.diagnostics.writeLine)
      terminal.diagnostics.writeLine("run \(writer.run.id) recorded")
    } catch {
      // The program's own failure is what its caller asks for.
      guard ending != .exited(0) else { throw error }
      terminal.diagnostics.writeLine(ErrorPresenter.present(error, width: terminal.width).text)
    }
    if ending != .exited(0) { throw ForeignStatus(code: ending.shellStatus) }
    if let failure = recorder.failure { throw failure }
  }
}

/// The status with which the program that we recorded ended: it becomes ours.
struct ForeignStatus: Error {
  let code: Int32
}
