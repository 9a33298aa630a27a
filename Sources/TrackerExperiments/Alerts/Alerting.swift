import TrackerGradientCheck
package import TrackerStore
import TrackerSystem

/// Watches a run that goes on: records alerts, hands them to a program, and says when to stop.
package final class Alerting {
  /// What is watched for, and what is done.
  package struct Settings: Sendable {
    package var conditions: [AlertCondition] = []
    /// A program that is started for each alert, found along `PATH`; no shell reads what it is given.
    package var program: String?
    package var stops = false
    package var watchesFaults = false

    /// Nothing is watched for.
    package init() {}
    package var isEmpty: Bool { conditions.isEmpty && !watchesFaults }
  }

  /// The alert that asks the training to stop; `nil` while it may go on.
  package private(set) var stopper: Alert?
  private let settings: Settings
  /// Keeps alerts that the store does not take at once; `nil` to lose them.
  package var writer: ResilientWriter?
  private let run: RunWriter
  private let store: Store
  private let tell: (Alert) -> Void
  private var watch: AlertWatch
  private var started: [Program] = []
  private var seen = 0
  private var faults: Set<String> = []

  /// - Parameters:
  ///   - recorded: the run, where it has begun before: what is true of it by now was told then
  ///   - tell: hears each alert once it is recorded
  package init(
    _ settings: Settings, run: RunWriter, store: Store, recorded: Run? = nil,
    tell: @escaping (Alert) -> Void
  ) throws {
    self.settings = settings
    self.run = run
    self.store = store
    self.tell = tell
    let asksForTime = settings.conditions.contains(where: \.asksForTime)
    watch = AlertWatch(
      settings.conditions, metrics: recorded?.metrics ?? [:],
      from: try recorded.flatMap { asksForTime ? try store.lastPoint(of: $0) : nil } ?? .now())
    seen = recorded?.metrics.values.map(\.count).max() ?? 0
    if settings.watchesFaults, let recorded {
      faults = Set(recorded.alerts.map(\.title))
    }
  }

  /// Takes values that are in the store.
  package func see(_ values: [(key: String, value: Double)], step: Int64) {
    raise(watch.see(values, step: step))
    guard settings.watchesFaults else { return }
    seen += 1
    // At 8, 16, 32 … points, and at once where a value is not finite.
    let isPower = seen >= 8 && seen & (seen - 1) == 0
    let isLost = faults.isEmpty && values.contains { !$0.value.isFinite }
    if isPower || isLost { raise(newFaults(step)) }
  }

  /// Looks at the time.
  package func look() {
    raise(watch.look())
    started.removeAll { $0.poll() != nil }
  }

  /// Causes that are nearly sure from curves and parameters, each once.
  private func newFaults(_ step: Int64) -> [Alert] {
    guard let record = try? store.run(id: run.id),
      let findings = try? RunDiagnosis(store: store, run: record).trainingFindings()
    else { return [] }
    return findings.filter { $0.likelihood >= 0.85 && $0.cause.isFault }
      .filter { faults.insert($0.cause.rawValue).inserted }
      .map { Alert(title: $0.cause.rawValue, text: $0.summary, level: .error, step: step) }
  }

  private func raise(_ alerts: [Alert]) {
    for alert in alerts {
      // An alert that the store does not take is told all the same.
      if let writer { try? writer.write(.alert(alert)) } else { try? run.log(alert: alert) }
      tell(alert)
      if settings.stops, stopper == nil { stopper = alert }
      if let program = settings.program { start(program, alert) }
    }
  }

  private func start(_ program: String, _ alert: Alert) {
    let facts = [
      ("TRACKER_ALERT_TITLE", alert.title), ("TRACKER_ALERT_TEXT", alert.text),
      ("TRACKER_ALERT_LEVEL", alert.level.rawValue),
      ("TRACKER_ALERT_STEP", alert.step.map { String($0) } ?? ""),
      ("TRACKER_RUN", String(run.id)), ("TRACKER_DB", store.path),
    ]
    let ours = Set(facts.map(\.0))
    let inherited = currentEnvironment().filter { line in
      !ours.contains(String(line.prefix { $0 != "=" }))
    }
    // Its output is ours for people, never among the data.
    let child = try? Program(
      [program, alert.title, alert.text, alert.level.rawValue, String(run.id)], input: .null,
      output: .descriptor(STDERR_FILENO),
      environment: inherited + facts.map { "\($0.0)=\($0.1)" })
    if let child {
      started.append(child)
    } else {
      tell(Alert(title: "--on-alert", text: "cannot start \(program)"))
    }
  }
}

/// The variables of this process as `NAME=value` lines.
private func currentEnvironment() -> [String] {
  var lines: [String] = []
  let first: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
  guard var pointer = first else { return [] }
  while let line = pointer.pointee {
    lines.append(String(cString: line))
    pointer += 1
  }
  return lines
}
