import TrackerSystem

/// How well an equation reproduces derivatives, and whether that can be an accident.
///
/// An equation with f free numbers is held against N entries. What it has to explain is their difference from
/// the other vector, of size `whole`; what it leaves is of size `rest`. If it were wrong, an entry would be met
/// as closely as that with a probability of about rest / whole, so that all of them are with
/// (rest / whole)^(N − f): ``bits`` is the logarithm. Twenty bits, one in a million, are asked for, because some
/// dozens of equations are tried on each part.
struct Match {
  /// N.
  let entries: Int
  /// f.
  let freeNumbers: Int
  /// The root mean square of what is to be explained.
  let whole: Double
  /// The same of what is left.
  let rest: Double
  /// Whether each entry is met within the check's tolerance.
  let isWithinTolerance: Bool

  /// − log₂ of the probability of an accident.
  var bits: Double {
    guard entries > freeNumbers, whole > 0 else { return 0 }
    return Double(entries - freeNumbers) * min(log2(whole / max(rest, 1e-12 * whole)), 40)
  }

  /// Whether the equation holds, and not by accident.
  var holds: Bool { isWithinTolerance && bits >= 20 }

  /// Holds `predicted` against `claimed`.
  ///
  /// - Parameters:
  ///   - instead: what stands there if the equation explains nothing: the other vector
  ///   - freeNumbers: how many numbers of the equation were fitted to these very entries
  init(
    _ claimed: [Double], _ predicted: [Double], instead: [Double], freeNumbers: Int = 0,
    check: GradientCheck
  ) {
    entries = claimed.count
    self.freeNumbers = freeNumbers
    let left = zip(claimed, predicted).map { $0 - $1 }
    whole = rootMeanSquare(zip(claimed, instead).map { $0 - $1 })
    rest = rootMeanSquare(left)
    let size = rootMeanSquare(claimed)
    // Truncation goes with the derivatives' size, however small a single one is.
    let allowance = check.tolerance.absolute + 4 * check.rounding
    let relative = 10 * check.tolerance.relative
    isWithinTolerance = claimed.indices.allSatisfy { index in
      abs(left[index])
        <= allowance + relative * max(abs(claimed[index]), abs(predicted[index]), size)
    }
  }
}
