import TrackerDrawing
import TrackerViews
package import TrackerStore

/// How many points each curve of a report may have, and how exactly they are drawn, so that a report of many
/// runs stays small enough to be sent.
package struct CurveBudget: Sendable {
  /// What all paths together may take, in bytes: with it 100 runs of 1,000 epochs stay well under 1 MB.
  private static let bytes = 380_000
  /// Beyond so many points a chart shows no more.
  private static let mostPoints = 500
  private static let leastPoints = 20

  /// The most points that a curve is drawn with.
  let pointLimit: Int
  /// The decimals of a coordinate; values are read off curves, so that few curves are drawn more exactly.
  let decimals: Int
  /// In so many spans of steps a curve need be read: some three points are kept of each, among which
  /// ``thinned(_:to:)`` chooses. Source: J. Van der Donckt et al., "MinMaxLTTB", IEEE VIS 2023.
  package var spans: Int { pointLimit }

  package init(_ runs: [Run]) {
    let counts = runs.lazy.flatMap { $0.metrics.values.lazy.map(\.count) }
    let curveCount = max(1, counts.reduce(0) { count, _ in count + 1 })
    let wanted = counts.reduce(0) { $0 + min($1, Self.mostPoints) }
    // A point takes some 5 bytes in whole units, and about one more for each decimal of both coordinates.
    decimals = [2, 1].first { wanted * (5 + 2 * $0) <= Self.bytes } ?? 0
    pointLimit =
      decimals > 0
      ? Self.mostPoints
      : max(Self.leastPoints, min(Self.mostPoints, Self.bytes / 6 / curveCount))
  }
}
