import TrackerSystem

/// Two samples compared by ranks: whether the first tends to be the greater.
///
/// Source: H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 18 (1947), with the normal approximation,
/// its correction for ties, and none for continuity.
struct RankComparison {
  /// The share of pairs in which the first is the lesser, ties halved.
  let firstIsLess: Double
  /// Standard normal if both samples have one distribution; high when the first tends to be the greater.
  let z: Double

  init(_ first: [Double], _ second: [Double]) {
    let (n, m) = (Double(first.count), Double(second.count))
    var greater = 0.0
    for a in first {
      for b in second { greater += a > b ? 1 : a == b ? 0.5 : 0 }
    }
    let ties = Dictionary(grouping: first + second) { $0 }.values.map { Double($0.count) }
    let total = n + m
    let tied = ties.reduce(0) { $0 + $1 * ($1 * $1 - 1) } / (total * (total - 1))
    let variance = n * m / 12 * (total + 1 - tied)
    firstIsLess = 1 - greater / (n * m)
    z = variance > 0 ? (greater - n * m / 2) / variance.squareRoot() : 0
  }

  /// The probability of a z at least as high, if both samples have one distribution.
  var chance: Double { Self.chance(z) }

  /// The upper tail of the standard normal distribution.
  static func chance(_ z: Double) -> Double { 0.5 * erfc(z / 2.squareRoot()) }
}
