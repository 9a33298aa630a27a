/// How far two derivatives may differ and still agree:
///
///     |a − n| ≤ absolute + relative · max(|a|, |n|) + rounding
///
/// It is symmetric: neither the analytic a nor the numerical n is taken for the truth. (PyTorch's
/// `gradcheck` has the same form, with |n| alone.) `rounding` is not a choice but a fact of the check,
/// ``DifferenceMethod/roundingError(cost:epsilon:)``: where n was subtracted from whole costs, no
/// tolerance can be met that is finer; where it was not, it is 0.
///
/// The default is 10⁻⁶ for both parts. It must be wider than the truncation error of central differences at
/// ε = 10⁻⁴, which is ε²/6 · J‴, about 10⁻⁸ for scaled inputs; and narrower than the faults it is to
/// find: a missing penalty λ/m · θ with λ = 0.5, m = 1797 and |θ| ≤ 0.12 changes a derivative by
/// 10⁻⁵, a thousandth of it, which PyTorch's relative 10⁻³ would let pass.
public struct GradientTolerance: Codable, Hashable, Sendable {
  /// What is allowed however small the derivatives are.
  public var absolute: Double
  /// What is allowed for each unit of the larger derivative.
  public var relative: Double

  /// |a − n| ≤ `absolute` + `relative` · max(|a|, |n|).
  public init(absolute: Double, relative: Double) {
    self.absolute = absolute
    self.relative = relative
  }

  /// One number for both parts, as `--check-tolerance` takes it: |a − n| ≤ `tolerance` · (1 + max(|a|, |n|)).
  /// It is absolute for derivatives well below 1, and relative for those well above.
  public init(_ tolerance: Double) {
    self.init(absolute: tolerance, relative: tolerance)
  }

  /// 10⁻⁶, absolute and relative.
  public static let `default` = GradientTolerance(1e-6)

  /// Whether two derivatives agree. What is not finite agrees with nothing.
  ///
  /// - Parameter rounding: what the numerical derivative may be wrong by from rounding alone
  public func agrees(_ analytic: Double, _ numerical: Double, rounding: Double = 0) -> Bool {
    // False for NaN on either side; two equal infinities have the difference NaN.
    abs(analytic - numerical)
      <= absolute + relative * max(abs(analytic), abs(numerical)) + rounding
      && analytic.isFinite && numerical.isFinite
  }
}
