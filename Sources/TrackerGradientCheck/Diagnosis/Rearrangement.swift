/// The analytic values of a layer that are its numerical ones in other places.
struct Rearrangement {
  /// Which places.
  enum Kind: Hashable {
    /// The matrix is written down, or read, by columns.
    case transposed
    /// Rows, columns or all entries in reverse order.
    case reversedRows, reversedColumns, reversed
    /// a[i, j + shift] = n[i, j].
    case shiftedColumns(Int)
    /// a[i + shift, j] = n[i, j].
    case shiftedRows(Int)
    /// The same values, in some other order.
    case permuted
  }

  let kind: Kind
  /// The factor of the values.
  let scale: Double
  /// How well the values match, as the square of a cosine: 1 is exact.
  let match: Double
  /// The same of the values where they stand.
  let matchInPlace: Double

  init?(of layer: Matrices, penalty: Double?, tolerance: GradientTolerance) {
    guard layer.analytic.count >= 4, layer.analytic.allSatisfy(\.isFinite),
      layer.numerical.allSatisfy(\.isFinite)
    else { return nil }
    var pairs = [(layer.analytic, layer.numerical)]
    if let penalty, let theta = layer.parameters {
      // What is rearranged may be the data's part alone.
      let p = theta.enumerated().map { index, value in
        index / layer.columns == layer.biasRow ? 0 : penalty * value
      }
      let analytic = zip(layer.analytic, p).map { $0 - $1 }
      pairs.append((analytic, zip(layer.numerical, p).map { $0 - $1 }))
      // And the penalty may be missing on top.
      pairs.append((layer.analytic, pairs[1].1))
    }
    let found = pairs.compactMap { Self.best(layer, $0.0, $0.1) }.max { $0.match < $1.match }
    guard let found else { return nil }
    self = found
  }

  private init(kind: Kind, scale: Double, match: Double, matchInPlace: Double) {
    self.kind = kind
    self.scale = scale
    self.match = match
    self.matchInPlace = matchInPlace
  }

  private static func best(_ layer: Matrices, _ a: [Double], _ n: [Double]) -> Rearrangement? {
    let inPlace = squaredCosine(a, n)
    let (rows, columns) = (layer.rows, layer.columns)
    // For each kind: the index in n of what stands at (row, column) in a, or nil outside.
    let kinds: [(Kind, (Int, Int) -> Int?)] = [
      (
        .transposed,
        { row, column in
          let flat = row * columns + column
          return (flat % rows) * columns + flat / rows
        }
      ),
      (
        .transposed,
        { row, column in
          let flat = column * rows + row
          return flat
        }
      ),
      (.reversedRows, { row, column in (rows - 1 - row) * columns + column }),
      (.reversedColumns, { row, column in row * columns + columns - 1 - column }),
      (.reversed, { row, column in rows * columns - 1 - row * columns - column }),
      (.shiftedColumns(1), { row, column in column > 0 ? row * columns + column - 1 : nil }),
      (
        .shiftedColumns(-1),
        { row, column in
          column + 1 < columns ? row * columns + column + 1 : nil
        }
      ),
      (.shiftedRows(1), { row, column in row > 0 ? (row - 1) * columns + column : nil }),
      (
        .shiftedRows(-1),
        { row, column in
          row + 1 < rows ? (row + 1) * columns + column : nil
        }
      ),
    ]
    var best: Rearrangement?
    for (kind, place) in kinds {
      var claimed: [Double] = []
      var moved: [Double] = []
      for row in 0..<rows {
        for column in 0..<columns {
          guard let index = place(row, column) else { continue }
          claimed.append(a[row * columns + column])
          moved.append(n[index])
        }
      }
      // A shifted block that is a single row or column wide matches anything.
      guard claimed.count >= 4, claimed.count * 3 >= a.count else { continue }
      let match = squaredCosine(claimed, moved)
      guard match > 0.9999, match > (best?.match ?? 0) else { continue }
      best = Rearrangement(
        kind: kind, scale: dot(claimed, moved) / dot(moved, moved), match: match,
        matchInPlace: inPlace)
    }
    if let best, 1 - best.match < 0.1 * (1 - inPlace) { return best }
    return permutation(a, n, inPlace: inPlace)
  }

  /// The same values in another order: sorted, they are equal.
  private static func permutation(
    _ a: [Double], _ n: [Double], inPlace: Double
  ) -> Rearrangement? {
    let (sortedA, sortedN) = (a.sorted(), n.sorted())
    let match = squaredCosine(sortedA, sortedN)
    let scale = dot(sortedA, sortedN) / max(dot(sortedN, sortedN), .leastNormalMagnitude)
    // Two samples of one distribution are nearly equal when sorted: ask for much more than that.
    guard a.count >= 6, 1 - match < 1e-8, 1 - match < 1e-4 * (1 - inPlace) else { return nil }
    return Rearrangement(kind: .permuted, scale: scale, match: match, matchInPlace: inPlace)
  }

  private static func squaredCosine(_ a: [Double], _ b: [Double]) -> Double {
    let value = cosine(a, b)
    return value > 0 ? value * value : 0
  }
}
