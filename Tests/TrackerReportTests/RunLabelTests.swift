import TestGallery
import Testing
import TrackerStore

@testable import TrackerReport

@Suite("Labels of runs")
struct RunLabelTests {
  private func labels(_ names: [String?]) -> [String] {
    let runs = names.enumerated().map { Gallery.run(Int64($0 + 1), name: $1) }
    let labels = RunLabels(runs)
    return runs.map { labels[$0] }
  }

  @Test("Long names that say much the same are reduced to what differs")
  func reduced() {
    let start = "experiments/of-the-year/resnet-50/imagenet"
    #expect(
      labels(["\(start)/lr=0.1/seed=1", "\(start)/lr=0.2/seed=1", "short", nil])
        == ["1 …lr=0.1", "2 …lr=0.2", "3 short", "run 4"])
  }

  @Test("A name is left whole where less would not tell runs apart")
  func whole() {
    let long = "a-name-without-parts-that-is-longer-than-most"
    #expect(labels([long, long + "-2"]) == ["1 \(long)", "2 \(long)-2"])
    let pair = "the/first/part/of/a/name/that/is/long"
    #expect(labels([pair, pair + "/more"]) == ["1 \(pair)", "2 \(pair)/more"])
    #expect(labels([pair]) == ["1 \(pair)"])
  }
}
