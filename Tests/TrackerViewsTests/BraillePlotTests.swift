import TestSupport
import Testing
import TrackerStore

@testable import TrackerViews

@Suite("Braille plots")
struct BraillePlotTests {
  private func series(_ name: String, _ values: [Double]) -> BraillePlot.Series {
    .init(name: name, points: values.enumerated().map { .init(x: Double($0), y: $1) })
  }

  private func lines(
    _ plot: BraillePlot, width: Int = 60, height: Int = 10, colour: Bool = false
  ) -> [String] {
    plot.lines(width: width, height: height, style: TextStyle(colour: colour))
  }

  /// The lines of the picture, from the axis on.
  private func picture(_ lines: [String]) -> [Substring] {
    lines.compactMap { line in
      line.firstIndex { $0 == "│" || $0 == "┤" }.map { line[$0...].dropFirst() }
    }
  }

  private func dotCount(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) {
      $0 + ((0x2800...0x28FF).contains($1.value) ? ($1.value - 0x2800).nonzeroBitCount : 0)
    }
  }

  @Test("two curves, their axes and their legend are drawn as they should look")
  func golden() throws {
    let falling = (0...100).map { 2 / (1 + Double($0) / 10) }
    let slower = (0...60).map { 3 / (1 + Double($0) / 20) }
    let plot = BraillePlot(
      [series("12 lbfgs", falling), series("13 gd", slower)], isLogarithmic: false, xName: "epoch")
    try expectGolden(
      lines(plot, width: 72, height: 12).joined(separator: "\n") + "\n", "braille-plot.txt")
    let logarithmic = BraillePlot(plot.series, isLogarithmic: true, xName: "epoch")
    try expectGolden(
      lines(logarithmic, width: 72, height: 12, colour: true).joined(separator: "\n") + "\n",
      "braille-plot-log.txt")
  }

  @Test("a spike of one step among many reaches the top")
  func spike() {
    var values = [Double](repeating: 0, count: 100_000)
    values[77_777] = 1
    let rows = picture(lines(BraillePlot([series("", values)])))
    #expect(dotCount(rows[0]) > 0)
    #expect(rows.allSatisfy { dotCount($0) > 0 })
  }

  @Test("a constant series is a line of one height, and a single point is a dot")
  func constant() {
    let flat = picture(lines(BraillePlot([series("", [7, 7, 7, 7])])))
    #expect(flat.filter { dotCount($0) > 0 }.count == 1)
    #expect(picture(lines(BraillePlot([series("", [7])]))).reduce(0) { $0 + dotCount($1) } == 1)
  }

  @Test(
    "what cannot be drawn leaves an empty field, and the legend says why",
    arguments: [
      ([], "a (no values)"), ([.nan, .infinity], "a (2 values not finite)"),
    ] as [([Double], String)])
  func nothing(values: [Double], legend: String) {
    let all = lines(BraillePlot([series("a", values)]))
    #expect(picture(all).count == 10 && picture(all).allSatisfy { dotCount($0) == 0 })
    #expect(all.last == legend)
    #expect(lines(BraillePlot([])).count == 12)
  }

  @Test("a curve is interrupted where it has no number, and by a logarithm where it is not above 0")
  func gaps() {
    let broken = picture(lines(BraillePlot([series("", [1, 1, .nan, .nan, 1, 1])])))
    let drawn = broken.filter { dotCount($0) > 0 }
    #expect(drawn.count == 1 && drawn[0].split(separator: " ").count == 2, "\(drawn)")
    let plot = BraillePlot([series("a", [0, -1, 1, 10])], isLogarithmic: true)
    #expect(lines(plot).last == "a (2 values not above 0 or not finite)")
    let none = BraillePlot([series("a", [0, -1])], isLogarithmic: true)
    #expect(picture(lines(none)).allSatisfy { dotCount($0) == 0 })
  }

  @Test("curves that end in one place have their letters side by side, and many end in …")
  func letters() {
    let three = lines(
      BraillePlot([series("a", [1, 2]), series("b", [1.5, 2]), series("c", [2, 2])]))
    #expect(three.contains { $0.hasSuffix("ABC") })
    let many = BraillePlot((0..<60).map { series("run \($0)", [Double($0), 2]) })
    #expect(lines(many).contains { $0.contains("…") })
  }

  @Test("letters stand along the curves, too, and colour adds nothing but colour")
  func lettersAlong() {
    let plot = BraillePlot([series("a", [0, 1]), series("b", [1, 0])])
    let plain = lines(plot).joined(separator: "\n")
    let coloured = lines(plot, colour: true).joined(separator: "\n")
    #expect(plain.filter { $0 == "A" }.count > 2 && plain.filter { $0 == "B" }.count > 2)
    #expect(coloured.contains("\u{1B}[36m") && coloured.contains("\u{1B}[33m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == plain)
  }

  @Test(
    "no line is wider than asked, whatever the numbers",
    arguments: [
      [-1.797e308, 1.797e308], [1e-300, 1e300], [1, 1.000_000_000_000_000_2],
      [.leastNonzeroMagnitude], [-3, -2], [0],
    ])
  func widths(values: [Double]) {
    let both = [series("a long name of a run", values), series("二", values.map { -$0 })]
    for (isLogarithmic, count) in [(true, 2), (false, 2), (nil, 2), (nil, 1)] {
      for (width, height) in [(40, 3), (80, 15), (200, 50)] {
        let plot = BraillePlot(
          Array(both.prefix(count)), isLogarithmic: isLogarithmic, xName: "step")
        for line in lines(plot, width: width, height: height) {
          #expect(line.displayWidth <= width, "\(line)")
        }
      }
    }
    let far = BraillePlot([
      .init(name: "", points: [.init(x: .greatestFiniteMagnitude, y: 1), .init(x: .nan, y: 2)])
    ])
    #expect(picture(lines(far)).reduce(0) { $0 + dotCount($1) } == 1)
  }
}
