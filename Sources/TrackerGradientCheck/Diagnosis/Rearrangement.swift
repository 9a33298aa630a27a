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
  /// The share of Σ a² that the values, moved, explain: 1 is exact.
  let match: Double
  /// The same of the values where they stand.
  let matchInPlace: Double
  /// The slopes of what is left on the moved weights, the moved biases and the weights in place: the
  /// penalty may be moved with the data, stay, or not be there. 0 where θ is not known.
  let slopes: Slopes

  /// Slopes on θ.
  struct Slopes {
    var movedWeights = 0.0
    var movedBias = 0.0
    var weights = 0.0
  }

  init?(of layer: Matrices) {
    guard layer.analytic.count >= 6, layer.analytic.allSatisfy(\.isFinite),
      layer.numerical.allSatisfy(\.isFinite)
    else { return nil }
    let inPlace = Fit(layer) { row, column in row * layer.columns + column }
    let matchInPlace = inPlace?.match ?? 0
    let candidates = Self.places(layer).compactMap { kind, place in
      Fit(layer, place).map { (kind: kind, fit: $0) }
    }
    if let best = candidates.max(by: { $0.fit.match < $1.fit.match }), best.fit.match > 0.9999,
      best.fit.scale > 0, 1 - best.fit.match < 0.1 * (1 - matchInPlace),
      1 - best.fit.match < 0.01 * (1 - best.fit.matchWithout)
    {
      self.init(
        kind: best.kind, scale: best.fit.scale, match: best.fit.match, matchInPlace: matchInPlace,
        slopes: best.fit.slopes)
      return
    }
    // The same values in another order: sorted, they are equal. Two samples of one distribution are nearly
    // equal when sorted: ask for much more than that.
    let (a, n) = (layer.analytic.sorted(), layer.numerical.sorted())
    let value = cosine(a, n)
    guard value > 0, 1 - value * value < 1e-8, 1 - value * value < 1e-4 * (1 - matchInPlace) else {
      return nil
    }
    self.init(
      kind: .permuted, scale: dot(a, n) / dot(n, n), match: value * value,
      matchInPlace: matchInPlace, slopes: Slopes())
  }

  private init(
    kind: Kind, scale: Double, match: Double, matchInPlace: Double, slopes: Slopes
  ) {
    self.kind = kind
    self.scale = scale
    self.match = match
    self.matchInPlace = matchInPlace
    self.slopes = slopes
  }

  /// For each kind: the index in n of what stands at (row, column) in a, or `nil` outside.
  private static func places(_ layer: Matrices) -> [(Kind, (Int, Int) -> Int?)] {
    let (rows, columns) = (layer.rows, layer.columns)
    return [
      (
        .transposed,
        { row, column in
          let flat = row * columns + column
          return (flat % rows) * columns + flat / rows
        }
      ),
      (.transposed, { row, column in column * rows + row }),
      (.reversedRows, { row, column in (rows - 1 - row) * columns + column }),
      (.reversedColumns, { row, column in row * columns + columns - 1 - column }),
      (.reversed, { row, column in rows * columns - 1 - row * columns - column }),
      (.shiftedColumns(1), { row, column in column > 0 ? row * columns + column - 1 : nil }),
      (
        .shiftedColumns(-1),
        { row, column in column + 1 < columns ? row * columns + column + 1 : nil }
      ),
      (.shiftedRows(1), { row, column in row > 0 ? (row - 1) * columns + column : nil }),
      (.shiftedRows(-1), { row, column in row + 1 < rows ? (row + 1) * columns + column : nil }),
    ]
  }

  /// a on n in other places, and on θ there and in place.
  private struct Fit {
    let scale: Double
    let match: Double
    /// The share that θ alone explains.
    let matchWithout: Double
    var slopes = Slopes()

    init?(_ layer: Matrices, _ place: (Int, Int) -> Int?) {
      var claimed: [Double] = []
      var moved: [Double] = []
      var (movedWeights, movedBias, weights): ([Double], [Double], [Double]) = ([], [], [])
      for row in 0..<layer.rows {
        for column in 0..<layer.columns {
          guard let index = place(row, column) else { continue }
          let own = row * layer.columns + column
          claimed.append(layer.analytic[own])
          moved.append(layer.numerical[index])
          guard let theta = layer.parameters else { continue }
          let isBias = index / layer.columns == layer.biasRow
          movedWeights.append(isBias ? 0 : theta[index])
          movedBias.append(isBias ? theta[index] : 0)
          weights.append(row == layer.biasRow ? 0 : theta[own])
        }
      }
      // A shifted block that is a single row or column wide matches anything.
      guard claimed.count >= 6, claimed.count * 3 >= layer.analytic.count else { return nil }
      let total = dot(claimed, claimed)
      guard total > 0 else { return nil }
      // The most telling design that the data can bear: dependent columns are left out.
      let designs =
        layer.parameters == nil
        ? []
        : [
          [movedWeights, movedBias, weights], [movedWeights, weights], [movedWeights], [weights],
        ]
      for design in designs where claimed.count >= 3 * (design.count + 1) {
        guard let fit = LeastSquares(claimed, on: [moved] + design) else { continue }
        scale = fit.coefficients[0]
        match = 1 - fit.residualSquares / total
        matchWithout =
          LeastSquares(claimed, on: design).map { 1 - $0.residualSquares / total } ?? 0
        let rest = fit.coefficients.dropFirst()
        if design.count == 3 {
          slopes = Slopes(movedWeights: rest[1], movedBias: rest[2], weights: rest[3])
        } else if design.count == 2 {
          slopes = Slopes(movedWeights: rest[1], weights: rest[2])
        }
        return
      }
      guard let fit = LeastSquares(claimed, on: [moved]) else { return nil }
      scale = fit.coefficients[0]
      match = 1 - fit.residualSquares / total
      matchWithout = 0
    }
  }
}
