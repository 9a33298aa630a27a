import Foundation
import TestGallery
import TestSupport
import Testing
import TrackerStore

@testable import TrackerDrawing
@testable import TrackerReport
@testable import TrackerTemplates
@testable import TrackerViews

@Suite("HTML report")
struct HTMLReportTests {
  static let empty = ReportView(title: "Nothing yet", runs: [], madeAt: Gallery.now)
  static let one: ReportView = {
    let check = Gallery.saturatedCheck()
    return ReportView(
      title: "Run 1",
      runs: [Gallery.reportRun(Gallery.run(1, name: "saturated", checks: [check.0]), check: check)],
      madeAt: Gallery.now)
  }()
  /// Every text of a run that a user can choose is an attack.
  static let hostile: ReportView = {
    let attack = Gallery.hostileName
    // A combining mark joins the quotation mark into one character.
    let breakout = "x\"\u{301} onmouseover=alert(1) y='\u{301}"
    var run = Gallery.run(1, name: attack, checks: [Gallery.saturatedCheck().0])
    run.experiment = attack
    run.note = "</script><script>alert(1)</script>" + breakout
    run.error = attack
    run.status = .failed
    run.tags = [attack: attack]
    run.parameters[attack] = .text(attack)
    run.metrics[attack] = run.metrics["cost"]
    run.environment.command = "tracker run --name '\(attack)' {{title}} {{{style}}}"
    run.environment.host = attack
    run.dataset?.name = attack
    var other = run
    other.id = 2
    other.name = breakout
    other.parameters = [attack: .text(breakout)]
    let check = Gallery.saturatedCheck()
    let findings = [
      DiagnosisView.Finding(
        cause: attack, likelihood: 1, summary: attack, evidence: [attack], confirm: attack)
    ]
    return ReportView(
      title: attack,
      runs: [run, other].map { run in
        ReportRun(
          run: run,
          curves: [
            BucketedCurve(
              run: run.id, metric: attack,
              buckets: Gallery.curves(run: 1, lambda: 1)[0].points.buckets(count: 400))
          ], vectors: [check.0.id: check.1], findings: findings)
      }, madeAt: Gallery.now, command: attack)
  }()

  @Test("Nothing in a run's texts becomes markup")
  func escaping() throws {
    let html = try Self.hostile.html(times: .utc)
    #expect(!html.contains("<img src=x"))
    #expect(!html.contains("<script>alert"))
    #expect(html.components(separatedBy: "<script>").count == 2)
    // The script, its data, and the columns that a reader may choose.
    #expect(html.components(separatedBy: "</script>").count == 4)
    #expect(html.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"))
    #expect(html.contains("{{title}} {{{style}}}"))
    // By scalars: to Swift's string comparison a mark and what it stands on are one character.
    let scalars = Array(html.unicodeScalars)
    // In the data, a text of JSON, the mark stands on a quotation mark that a backslash escapes.
    for (place, mark) in scalars.enumerated().dropFirst(2) where mark == "\u{301}" {
      #expect([";", "'"].contains(scalars[place - 1]) || scalars[place - 2] == "\\")
    }
  }

  @Test("Templates leave unescaped nothing but the program's own style, script and data")
  func templates() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Reports").standardizedFileURL
    let files = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var raw: [String] = []
    for case let file as URL in files where ["html", "mustache"].contains(file.pathExtension) {
      let text = try String(contentsOf: file, encoding: .utf8)
      raw += text.matches(of: /\{\{\{[^}]*\}\}\}|\{\{&[^}]*\}\}/).map { String($0.output) }
    }
    #expect(raw.sorted() == ["{{{data}}}", "{{{data}}}", "{{{script}}}", "{{{style}}}"])
  }

  @Test("The page allows nothing from outside, and names nothing there", arguments: [0, 1, 2])
  func selfContained(index: Int) throws {
    let html = try [Self.empty, Self.one, Gallery.report()][index].html(times: .utc)
    #expect(html.contains("content=\"default-src 'none'; img-src data:; style-src 'sha256-"))
    #expect(html.firstMatch(of: /(src|href)="(?!#|data:image\/png)/) == nil)
    #expect(html.firstMatch(of: /url\(|@import|style="|\son[a-z]+="/) == nil)
    let urls = html.matches(of: /https?:[^"' ]*/).map { String($0.output) }
    #expect(urls.allSatisfy { $0 == "http://www.w3.org/2000/svg" })
    #expect(html.firstMatch(of: /\{\{[^}]*\}\}/) == nil)
  }

  @Test("The page is built as it was")
  func structure() throws {
    try expectGolden(outline(of: Self.one.html(times: .utc)), "report-one.outline.txt")
    try expectGolden(outline(of: Self.empty.html(times: .utc)), "report-empty.outline.txt")
  }

  @Test("Links within the page lead somewhere, and no id is given twice")
  func links() throws {
    let html = try Gallery.report().html(times: .utc)
    let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
    for link in html.matches(of: /href="#([^"]*)"/) {
      #expect(ids.contains(String(link.output.1)), "\(link.output.1)")
    }
  }

  @Test("Content that says its record itself says all of its properties, by their names")
  func records() {
    let cell = TableContent.Cell(text: "1", class: "n", exact: "1.0", link: "run-1")
    let contents: [any TemplateContent] = [
      cell, TableContent.Row(run: "1", class: "best", cells: [cell]),
      PathContent(id: "c1", run: "1", class: "c0", path: "M0 0h0"),
      FactContent(name: "name", value: "value"), FactsContent(title: "title", items: []),
    ]
    for content in contents {
      guard case .record(let fields) = content.templateValue else {
        Issue.record("\(content) is no record")
        continue
      }
      let properties = Mirror(reflecting: content).children.map {
        "\($0.label ?? ""): \($0.value)"
      }
      #expect(fields.map { "\($0.name): \($0.value)" } == properties)
    }
  }

  @Test("One thread or several make the same page")
  func threads() throws {
    let view = Gallery.report(runs: 150, epochs: 30)
    let one = try view.html(times: .utc)
    #expect(try view.html(times: .utc, threads: 5) == one)
    #expect(try view.html(times: .utc, threads: 2) == one)
  }

  @Test("A hundred runs of a thousand epochs stay under a megabyte")
  func size() throws {
    let html = try Gallery.report(runs: 100, epochs: 1000).html()
    #expect(html.utf8.count < 1_000_000)
  }

  /// Runs as a sweep of our own makes them, of programs that log much, and of one that says much of itself.
  static let telling = [
    Telling(parameters: 20, varied: 4, metrics: 15, tags: 1, words: 25),
    Telling(parameters: 12, varied: 12, metrics: 16, tags: 4, words: 30),
    Telling(parameters: 12, varied: 12, metrics: 30, tags: 4, words: 40),
    Telling(parameters: 60, varied: 20, metrics: 11, tags: 8, words: 40),
  ]

  @Test("A hundred runs that tell much stay under a megabyte", arguments: telling)
  func size(_ telling: Telling) throws {
    let html = try telling.report(runs: 100, epochs: 1000).html()
    #expect(html.utf8.count < 1_000_000)
    // The curves take what the rest leaves them.
    #expect(html.utf8.count > 700_000)
  }

  @Test(
    "Gallery reports are written where TRACKER_GALLERY says, to be looked at",
    .enabled(if: ProcessInfo.processInfo.environment["TRACKER_GALLERY"] != nil))
  func gallery() throws {
    let folder = ProcessInfo.processInfo.environment["TRACKER_GALLERY"] ?? ""
    for (name, view) in [
      ("empty", Self.empty), ("one", Self.one), ("hostile", Self.hostile),
      ("dozen", Gallery.report()), ("hundred", Gallery.report(runs: 100, epochs: 1000)),
    ] {
      var html = ""
      let time = try ContinuousClock().measure { html = try view.html() }
      print("\(name): \(html.utf8.count) bytes, \(time)")
      try html.write(toFile: folder + "/\(name).html", atomically: true, encoding: .utf8)
    }
  }

  /// The elements of a page, one a line, with what names them; texts and drawings are left out.
  private func outline(of html: String) -> String {
    let body = html.replacing(/<style>[\s\S]*?<\/style>|<script[\s\S]*?<\/script>/, with: "")
    return body.matches(of: /<([a-z][a-z0-9]*)([^>]*)>/).map { match in
      let names = match.output.2.matches(of: /\s(id|class|role|scope|aria-[a-z]+)(="[^"]*")?/)
        .filter { !$0.output.0.contains("aria-label=") }
      return String(match.output.1) + names.map { String($0.output.0) }.joined()
    }.joined(separator: "\n") + "\n"
  }
}
