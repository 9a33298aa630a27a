package import TrackerValues

/// A series as it was logged. It is read as far as rules look at it: of a training where nothing is wrong, at its ends.
package final class Curve {
  /// Its name, as evidence shows it.
  package let name: String
  /// Whether it is a score of another kind than a share of right answers, such as an overlap, a precision or a rank.
  package var isScore = false
  private let series: any ReadableSeries
  private let step: (Int) -> Int64?

  /// A series, by step.
  ///
  /// - Parameter step: the step of the value at an index; `nil` where steps are 0, 1, 2 …
  package init(
    name: String, series: any ReadableSeries,
    step: @escaping (_ index: Int) -> Int64? = { _ in nil }
  ) {
    self.name = name
    self.series = series
    self.step = step
  }

  /// A series whose values are known.
  package convenience init(name: String, values: [Double]) {
    self.init(name: name, series: values)
  }

  /// How many values there are, finite or not.
  var count: Int { series.count }
  /// All of them.
  private lazy var values = series.first(count)
  var last: Double? { series.last(1).last }
  /// Those that are finite.
  private(set) lazy var finite =
    series.bounds == nil ? FiniteValues(values.finite) : FiniteValues(series)
  /// The index of the first one that is not finite.
  private(set) lazy var firstNotFinite =
    series.bounds == nil ? values.firstIndex { !$0.isFinite } : nil
  /// The step of it; `nil` where there is none, or steps are 0, 1, 2 ….
  var notFiniteStep: Int64? { firstNotFinite.flatMap(step) }
}

/// The finite values of a curve in order. Those that were asked for once are kept.
final class FiniteValues {
  let count: Int
  private let series: any ReadableSeries
  private var head: [Double] = []
  private var tail: [Double] = []

  /// - Parameter series: of finite values alone
  init(_ series: any ReadableSeries) {
    self.series = series
    count = series.count
  }

  var isEmpty: Bool { count == 0 }
  var first: Double? { prefix(1).first }
  var last: Double? { suffix(1).last }
  /// All of them.
  var all: [Double] {
    _ = prefix(count)
    return head
  }
  private(set) lazy var least = series.bounds?.lowerBound ?? all.min()
  private(set) lazy var greatest = series.bounds?.upperBound ?? all.max()

  func prefix(_ length: Int) -> ArraySlice<Double> {
    if head.count < min(length, count) { head = series.first(length) }
    return head.prefix(length)
  }

  func suffix(_ length: Int) -> ArraySlice<Double> {
    if head.count == count { return head.suffix(length) }
    if tail.count < min(length, count) { tail = series.last(length) }
    return tail.suffix(length)
  }

  /// So many values that come before the last `left`.
  func suffix(_ length: Int, beforeLast left: Int) -> ArraySlice<Double> {
    suffix(length + left).dropLast(left)
  }
}
