/// Quotients that hold their neighbours' derivatives, because a perturbed parameter was not put back.
enum RunningFault: Hashable {
  /// n[i] = a[0] + … + a[i]: never put back.
  case runningSum
  /// n[i] = a[i − 1] + a[i]: put back one parameter late.
  case oneLate

  /// The fault, if n is explained by it and not by a itself: entry by entry, so that a fault of some
  /// layers' analytic side does not hide it, or on the whole, so that a small one everywhere does not.
  init?(analytic: [Double], numerical: [Double]) {
    guard analytic.count >= 8, numerical.allSatisfy(\.isFinite), analytic.allSatisfy(\.isFinite)
    else { return nil }
    let plainShare = Self.matchedShare(analytic, numerical)
    let plainAngle = 1 - abs(cosine(analytic, numerical))
    let faults: [RunningFault] = [.runningSum, .oneLate]
    let found = faults.first { fault in
      let corrected = fault.corrected(numerical)
      let share = Self.matchedShare(analytic, corrected)
      return (share >= 0.2 && share > 2 * plainShare)
        || 1 - abs(cosine(analytic, corrected)) < min(0.02, 0.05 * plainAngle)
    }
    guard let found else { return nil }
    self = found
  }

  /// The quotients as they would have been.
  func corrected(_ numerical: [Double]) -> [Double] {
    var result = numerical
    switch self {
    case .runningSum:
      for index in numerical.indices.dropFirst() {
        result[index] = numerical[index] - numerical[index - 1]
      }
    case .oneLate:
      for index in numerical.indices.dropFirst() {
        result[index] = numerical[index] - result[index - 1]
      }
    }
    return result
  }

  /// The share of entries where the two agree to a hundredth; those that are 0 prove nothing.
  private static func matchedShare(_ a: [Double], _ b: [Double]) -> Double {
    let scale = rootMeanSquare(a)
    guard scale > 0 else { return 0 }
    let telling = a.indices.filter { abs(a[$0]) > 0.01 * scale }
    guard telling.count >= 6 else { return 0 }
    let matched = telling.count { abs(a[$0] - b[$0]) <= 0.01 * abs(a[$0]) }
    return Double(matched) / Double(telling.count)
  }
}
