import TestGallery
import Testing
import TrackerStore

@testable import TrackerDrawing
@testable import TrackerReport
@testable import TrackerViews

@Suite("Parts of the report")
struct ReportPartTests {
  private func html(
    _ files: [String: String], _ results: [String: QueryResult] = [:]
  ) throws -> String {
    let parts = try ReportParts.embedded().replacing(files)
    let answers = try parts.queries.compactMap { query in
      try results[query.fileName].map { try ReportAnswer(query, $0) }
    }
    let runs = ReportSectionTests.seeded.map { ReportRun(run: $0) }
    return try ReportView(runs: runs, madeAt: Gallery.now, answers: answers).html(
      parts, times: .utc)
  }

  private static let pairs = QueryResult(
    columns: ["x", "y<b>", "group"],
    rows: [
      [.integer(1), .real(0.5), .text("one")], [.integer(2), .real(.infinity), .text("one")],
      [.real(3.5), .null, .text("<two>")], [.real(4), .real(2), .text("<two>")],
    ])

  @Test(
    "A SQL file with a title and a form is a section, in every form",
    arguments: [
      ("table", #"<table id="mine-table" class="sortable">"#),
      ("line", #"<path class="c1" d="M"#), ("scatter", #"<path class="c0" d="M[\d.]+ [\d.]+h0""#),
      ("heat map", #"<th scope="row">1<td class="n r"#),
    ])
  func forms(form: String, shape: String) throws {
    var result = Self.pairs
    if form == "heat map" {
      result.rows = result.rows.map { [$0[0], $0[2], $0[1]] }
    }
    let page = try html(
      ["mine.sql": "-- title: Mine & <yours>\n-- form: \(form)\nSELECT 1"], ["mine.sql": result])
    let section = try #require(page.firstMatch(of: #/<section id="mine"[\s\S]*?<\/section>/#))
      .output
    #expect(section.contains("Mine &amp; &lt;yours&gt;"))
    #expect(section.firstMatch(of: try Regex(shape)) != nil, "\(section)")
    #expect(!section.contains("y<b>") && !section.contains("<two>"))
    #expect(page.contains("<a href=\"#mine\">"))
  }

  @Test("Bars are as long as their values, the longest filling the line")
  func bars() throws {
    let result = QueryResult(
      columns: ["what", "much"],
      rows: [[.text("a"), .integer(5)], [.text("b"), .real(-10)], [.text("c"), .null]])
    let page = try html(["bars.sql": "-- title: T\n-- form: bar\nSELECT 1"], ["bars.sql": result])
    for width in ["500", "1000", "0"] { #expect(page.contains("<rect width=\"\(width)\"")) }
  }

  @Test("A section stands where its file says, or in the place of the one whose name it has")
  func places() throws {
    let result = QueryResult(columns: ["x"], rows: [[.integer(1)]])
    let page = try html(
      [
        "first.sql": "-- title: F\n-- after: overview\nSELECT 1",
        "last.sql": "-- title: L\nSELECT 1", "differences.sql": "-- title: D\nSELECT 1",
        "effects.mustache": "<p>{{metric}} & <i>mine</i></p>", "extra.css": ".mine { color: red }",
      ], ["first.sql": result, "last.sql": result, "differences.sql": result])
    let ids = page.matches(of: #/<section id="([a-z]+)"/#).map { String($0.output.1) }
    #expect(
      ids == [
        "overview", "first", "runs", "differences", "groups", "effects", "last", "details",
        "reproduction",
      ])
    #expect(!page.contains("Only the differences"))
    #expect(page.contains("<p>testAccuracy & <i>mine</i></p>"))
    #expect(page.contains(".mine { color: red }"))
  }

  @Test(
    "A part that is not as it must be is named, with what to do",
    arguments: [
      (["x.sql": "SELECT 1"], "x.sql has no title"),
      (["x.sql": "-- title: T\n-- form: pie\nSELECT 1"], "x.sql: there is no form \"pie\""),
      (["x.sql": "-- title: T\n-- form: bar\nSELECT 1"], "wants a label and a value"),
      (["x.sql": "-- title: T\n-- form: line\nSELECT 1, 2, 3"], "wants numbers in column 2"),
      (["x.mustache": "{{#a}}"], "x.mustache is not a template"),
    ])
  func mistakes(files: [String: String], message: String) throws {
    var result = Self.pairs
    result.rows[0][1] = .text("many")
    if files.values.contains(where: { $0.contains("bar") }) { result.columns.append("more") }
    let error = #expect(throws: ReportPartError.self) {
      _ = try html(files, ["x.sql": result])
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "none")")
  }

  @Test("A section of one's own that finds nothing says so; the program's own is left out")
  func nothingFound() throws {
    let empty = QueryResult(columns: ["x"], rows: [])
    let page = try html(
      ["mine.sql": "-- title: T\nSELECT 1"], ["mine.sql": empty, "sweeps.sql": empty])
    #expect(page.contains("The query found nothing."))
    #expect(!page.contains("<section id=\"sweeps\""))
  }
}
