/// Numbers in an order, that are read as far as somebody looks at them.
package protocol ReadableSeries {
  /// How many there are.
  var count: Int { get }
  /// The least and the greatest one; `nil` where there are none, one is not finite, or nobody knows before they are read.
  var bounds: ClosedRange<Double>? { get }
  /// The first ones, fewer where there are not so many.
  func first(_ count: Int) -> [Double]
  /// The last ones, in order; fewer where there are not so many.
  func last(_ count: Int) -> [Double]
}

extension [Double]: ReadableSeries {
  package var bounds: ClosedRange<Double>? {
    guard allSatisfy(\.isFinite), let least = self.min(), let greatest = self.max() else {
      return nil
    }
    return least...greatest
  }
  package func first(_ count: Int) -> [Double] { Array(prefix(count)) }
  package func last(_ count: Int) -> [Double] { Array(suffix(count)) }
}
