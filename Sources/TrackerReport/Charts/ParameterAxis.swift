import TrackerViews
import TrackerStore

/// An axis for a parameter's values: a scale where they are numbers, else a place for each of them.
struct ParameterAxis: Sendable {
  private enum Kind: Sendable {
    case scale(ChartScale)
    case places([ParameterValue?])
  }

  private let kind: Kind
  /// - Parameter values: the parameter in each run; `nil` where a run has none
  init(_ values: [ParameterValue?]) {
    let numbers = values.compactMap { $0?.number }
    if numbers.count == values.count, let low = numbers.min(), let high = numbers.max(), low < high
    {
      let isWide = low > 0 && high / low >= 50
      kind = .scale(ChartScale(covering: numbers, spacing: isWide ? .log : .linear, tickCount: 4))
    } else {
      kind = .places(Set(values).sorted { $0.order < $1.order })
    }
  }

  /// The ticks, by rising place.
  ///
  /// - Parameters:
  ///   - width: how many characters a name may take at most
  ///   - total: how many characters stand side by side on the axis; every second name, third … is shown where there is
  ///     no room for all. `nil` where names stand one above the other
  func ticks(width: Int = 16, total: Int? = nil) -> [ChartScale.Tick] {
    switch kind {
    case .scale(let scale): return scale.labelled
    case .places(let places):
      let most = total.map { $0 / Self.leastWidth } ?? .max
      let every = max(1, (places.count - 1) / most + 1)
      let shown = max(1, (places.count - 1) / every + 1)
      let room = total.map { min(width, $0 / shown - 1) } ?? width
      return stride(from: 0, to: places.count, by: every).map { index in
        let name = Cell.parameter(places[index]).readable(TextStyle())
        return (Self.share(index, of: places.count), name.abbreviated(to: room))
      }
    }
  }

  /// A name of four characters and a gap: fewer tell nothing.
  private static let leastWidth = 5

  /// Where a value stands, 0…1; `nil` beyond the axis.
  func position(_ value: ParameterValue?) -> Double? {
    switch kind {
    case .scale(let scale): value?.number.flatMap(scale.position)
    case .places(let places):
      places.firstIndex(of: value).map { Self.share($0, of: places.count) }
    }
  }

  /// Places keep off the edges, where a point would be cut.
  private static func share(_ index: Int, of count: Int) -> Double {
    (Double(index) + 0.5) / Double(count)
  }
}

extension ParameterValue? {
  /// Numbers by size, then texts by name, then what is missing.
  fileprivate var order: (Int, Double, String) {
    guard let value = self else { return (2, 0, "") }
    return value.number.map { (0, $0, "") } ?? (1, 0, Cell.parameter(value).exact)
  }
}
