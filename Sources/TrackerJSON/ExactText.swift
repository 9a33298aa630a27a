extension Double {
  /// The shortest digits that read back as the same number; `NaN`, `Infinity` and `-Infinity` as
  /// other programs write them.
  package var exactText: String {
    if isNaN { return "NaN" }
    if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
    return description
  }
}
