import Foundation
import Testing
import TrackerStore

@Suite("Alerts and findings on the command line")
struct AlertTests {
  private func run(_ bench: Workbench, _ id: Int64 = 1) throws -> Run {
    try Store(path: bench.store, access: .existing).run(id: id)
  }

  @Test("a started run keeps its conditions: the log that makes one true raises it, once")
  func started() throws {
    let bench = try Workbench()
    #expect(bench("start", "--alert", "loss > 3 * min(loss)", "--alert", "isnan(loss)").status == 0)
    for loss in ["1", "2", "4", "5", "1", "6"] {
      #expect(bench("log", "1", "loss=\(loss)").status == 0)
    }
    let raised = bench("log", "1", "loss=nan")
    #expect(raised.status == 0 && raised.diagnostics.contains("alert: isnan(loss) at step 6"))
    let alerts = try run(bench).alerts
    #expect(alerts.map(\.title) == ["loss > 3 * min(loss)", "loss > 3 * min(loss)", "isnan(loss)"])
    #expect(alerts.map(\.step) == [2, 5, 6])
    #expect(bench("show", "1").output.contains("isnan(loss)"))
    #expect(bench("list").output.contains("alerts"))
  }

  @Test("--stop-on-alert ends a started run at the log that raises one, which exits with 1")
  func stopping() throws {
    let bench = try Workbench()
    bench("start", "--alert", "isnan(loss)", "--stop-on-alert")
    #expect(bench("log", "1", "loss=1").status == 0)
    #expect(bench("log", "1", "loss=nan").status == 1)
    let ended = try run(bench)
    #expect(ended.status == .interrupted && ended.outcome == "Stopped by an alert: isnan(loss).")
    #expect(bench("log", "1", "loss=1").status != 0)
  }

  @Test("a point that comes too late is told at the next log")
  func late() throws {
    let bench = try Workbench()
    bench("start", "--alert", "no point for 3s")
    bench("log", "1", "loss=1")
    Thread.sleep(forTimeInterval: 3.2)
    #expect(bench("log", "1", "loss=1").diagnostics.contains("alert: no point for 3s"))
    #expect(try run(bench).alerts.count == 1)
  }

  @Test("a resumed run is watched as it was before, and what was told is not told again")
  func resumed() throws {
    let bench = try Workbench()
    let training = ["run", "--hidden", "5", "--epochs", "12", "--check", "never", "--quiet"]
    bench.run(training + ["--alert", "evaluations > 3", "--stop-on-alert"])
    #expect(try run(bench).status == .interrupted)
    let before = try run(bench).alerts.count
    #expect(before == 1)
    #expect(bench("resume", "1", "--quiet").status == 0)
    #expect(try run(bench).status == .finished)
    #expect(try run(bench).alerts.count == 1)
    bench.run(training + ["--alert", "evaluations > 3", "--stop-on-alert"])
    #expect(bench("resume", "2", "--quiet", "--alert", "evaluations > 8").status == 0)
    #expect(try run(bench, 2).alerts.map(\.title) == ["evaluations > 3", "evaluations > 8"])
  }

  @Test(
    "a wrong condition is shown with a caret, and nothing is started",
    arguments: ["run", "start", "record"])
  func wrong(command: String) throws {
    let bench = try Workbench()
    let outcome = bench(command, "--alert", "loss >")
    #expect(outcome.status == 64 && outcome.diagnostics.contains("^"))
    #expect(bench(command, "--stop-on-alert").status == 64)
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test(
    "list and show say in a word what is wrong with a training; other programs get their columns as before"
  )
  func findings() throws {
    let bench = try Workbench()
    bench("start")
    for _ in 0..<8 { bench("log", "1", "loss=nan", "accuracy=0.1") }
    bench("finish", "1")
    bench("start")
    for epoch in 1...8 {
      bench("log", "2", "loss=\(1 / Double(epoch))", "accuracy=\(0.9 + 0.01 * Double(epoch))")
    }
    bench("finish", "2")
    let list = bench("list").output
    #expect(list.contains("finding") && list.contains("not-finite"))
    #expect(bench("show", "1").output.contains("Found: not-finite"))
    #expect(!bench("show", "2").output.contains("Found:"))
    #expect(!bench("list", "--format", "csv").output.contains("finding"))
    #expect(!bench("list", "--where", "id = 2").output.contains("finding"))
    let page = bench("report", "--html", "-o", bench.path("r.html"))
    #expect(page.status == 0, "\(page.diagnostics)")
    let html = try String(contentsOfFile: bench.path("r.html"), encoding: .utf8)
    #expect(html.contains("Found not-finite in run 1"))
  }

  @Test("list reads the curves of fewer runs where they are long, and says of which")
  func longCurves() throws {
    let bench = try Workbench()
    for run in 1...3 {
      bench("start")
      for _ in 0..<8 { bench("log", "\(run)", "loss=nan") }
      bench("finish", "\(run)")
    }
    let all = bench("list")
    #expect(all.output.components(separatedBy: "not-finite").count == 4)
    #expect(!all.output.contains("finding is told"))
    try bench.execute("UPDATE metric_series SET point_count = 200000 WHERE run_id = 2")
    let some = bench("list")
    #expect(some.output.components(separatedBy: "not-finite").count == 3)
    #expect(some.output.contains("finding is told of the first 2 runs"), "\(some)")
  }
}
