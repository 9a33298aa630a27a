import TestSupport
import Testing
import TrackerStore

@Suite("Alerts")
struct AlertTests {
  @Test("are read with their run, in order, as they were written")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("tracker.sqlite"))
    let run = try store.startRun(RunStart())
    let alerts = [
      Alert(title: "isnan(loss)", text: "loss is NaN", level: .error, step: 3),
      Alert(title: "slow", level: .info, step: nil),
    ]
    for alert in alerts { try run.log(alert: alert) }
    #expect(try store.run(id: run.id).alerts == alerts)
    let answer = try store.query("SELECT run_id, title, level, step FROM alerts ORDER BY id")
    #expect(answer.rows.count == 2)
    try run.finish()
    #expect(throws: StoreError.self) { try run.log(alert: alerts[0]) }
  }

  @Test("after the step that a run is resumed from are dropped, as points are")
  func resumed() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("tracker.sqlite"))
    let run = try store.startRun(RunStart())
    for step in 0..<4 { try run.log([("loss", 1)], step: Int64(step)) }
    try run.log(alert: Alert(title: "early", step: 1))
    try run.log(alert: Alert(title: "late", step: 3))
    try run.log(alert: Alert(title: "whenever", step: nil))
    try run.finish(.interrupted)
    _ = try store.resumeRun(id: run.id, after: 2, environment: .current())
    #expect(try store.run(id: run.id).alerts.map(\.title) == ["early", "whenever"])
  }
}
