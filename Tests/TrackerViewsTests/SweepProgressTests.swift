import TestGallery
import TestSupport
import Testing
import TrackerStore

@testable import TrackerViews

@Suite("A sweep while it runs")
struct SweepProgressTests {
  @Test("looks as it did", arguments: [[50, 10], [80, 24], [160, 24]])
  func golden(size: [Int]) throws {
    let lines = Gallery.sweepProgress(running: 3).lines(
      width: size[0], height: size[1], TextStyle(now: Gallery.now))
    try expectGolden(lines.joined(separator: "\n") + "\n", "sweep-progress-\(size[0]).txt")
  }

  @Test(
    "fits its terminal, however many trials run", arguments: [0, 1, 3, 200], [1, 9, 30, 79, 200])
  func size(running: Int, width: Int) {
    for height in [1, 2, 3, 7, 24, 60] {
      for colour in [false, true] {
        let lines = Gallery.sweepProgress(running: running).lines(
          width: width, height: height, TextStyle(colour: colour, now: Gallery.now))
        #expect((1...height).contains(lines.count))
        #expect(lines.allSatisfy { $0.styledWidth <= width })
      }
    }
  }

  @Test("names at its end the metric that trials are sorted by, where a parameter has the name too")
  func sortedByWhat() {
    // Every run of the gallery has a parameter `seed`.
    let text = Gallery.sweep(.finished, objective: "seed").document.text(TextStyle())
    #expect(text.contains("tracker list --experiment default --sort -metrics.seed"))
  }

  @Test("shows trials that run before the best, and the best if there is room")
  func room() {
    func words(_ height: Int) -> [Substring] {
      Gallery.sweepProgress(running: 30).lines(width: 100, height: height, TextStyle())
        .flatMap { $0.split(separator: " ") }
    }
    #expect(words(40).count { $0 == "running" } == 30)
    #expect(words(40).contains("best"))
    #expect(words(12).count { $0 == "running" } == 7 && words(12).contains("best"))
  }
}
