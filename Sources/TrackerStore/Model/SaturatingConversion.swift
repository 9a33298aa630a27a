extension FixedWidthInteger {
  /// The whole number nearest to zero's side of `value`, or the nearest that there is; 0 for NaN.
  ///
  /// `Int(value)` ends the program where `value` is NaN, infinite or too large, which what is read from a store may be.
  package init(saturating value: Double) {
    if let whole = Self(exactly: value.rounded(.towardZero)) {
      self = whole
    } else {
      self = value.isNaN ? 0 : value < 0 ? .min : .max
    }
  }
}
