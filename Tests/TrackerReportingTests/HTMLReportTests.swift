import Foundation
import Testing
import TrackerStore

@testable import TrackerReporting

struct HTMLReportTests {
  static let style = TextStyle(now: Gallery.now)

  @Test("Gallery reports are written where TRACKER_GALLERY says, to be looked at")
  func gallery() throws {
    guard let folder = ProcessInfo.processInfo.environment["TRACKER_GALLERY"] else { return }
    let empty = ReportView(title: "Nothing yet", runs: [], madeAt: Gallery.now)
    let check = Gallery.saturatedCheck()
    let one = ReportView(
      title: "Run 1",
      runs: [Gallery.reportRun(Gallery.run(1, name: "saturated", checks: [check.0]), check: check)],
      madeAt: Gallery.now)
    for (name, view) in [
      ("empty", empty), ("one", one), ("dozen", Gallery.report()),
      ("hundred", Gallery.report(runs: 100, epochs: 1000)),
    ] {
      let clock = ContinuousClock()
      var html = ""
      let time = try clock.measure { html = try view.html(style: Self.style) }
      print(name, html.utf8.count, time)
      try html.write(toFile: folder + "/\(name).html", atomically: true, encoding: .utf8)
    }
  }
}
