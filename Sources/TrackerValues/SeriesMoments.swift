/// The mean and the spread of several series, step by step, while they come one by one: B. P. Welford, Technometrics 4
/// (1962).
package struct SeriesMoments: Sendable {
  /// What is known of the values at a step.
  package struct Moments: Sendable, Hashable {
    /// The step.
    package var step: Int64
    /// How many values there are.
    package var count = 0.0
    /// Their mean.
    package var mean = 0.0
    /// The sum of the squares of their differences from the mean.
    package var squares = 0.0

    fileprivate mutating func add(_ value: Double) {
      count += 1
      let difference = value - mean
      mean += difference / count
      squares += difference * (value - mean)
    }
  }

  /// The moments, by step.
  package private(set) var all: [Moments] = []

  /// Those of nothing yet.
  package init() {}

  /// Takes in a series, by rising steps; values that are not finite are left out.
  package mutating func add(steps: [Int64], values: [Double]) {
    guard let first = steps.first else { return }
    var place = firstPlace(from: first)
    for index in 0..<min(steps.count, values.count) where values[index].isFinite {
      let step = steps[index]
      while place < all.count, all[place].step < step { place += 1 }
      if place == all.count {
        all.append(Moments(step: step))
      } else if all[place].step != step {
        return merge(steps, values, from: index)
      }
      all[place].add(values[index])
    }
  }

  /// The place of the first moments at or after a step.
  private func firstPlace(from step: Int64) -> Int {
    var (lower, upper) = (0, all.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if all[middle].step < step { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }

  /// Goes on where a step is new that lies between others.
  private mutating func merge(_ steps: [Int64], _ values: [Double], from start: Int) {
    var merged: [Moments] = []
    merged.reserveCapacity(all.count + steps.count - start)
    var place = 0
    for index in start..<min(steps.count, values.count) where values[index].isFinite {
      let step = steps[index]
      while place < all.count, all[place].step <= step {
        merged.append(all[place])
        place += 1
      }
      if merged.last?.step != step { merged.append(Moments(step: step)) }
      merged[merged.count - 1].add(values[index])
    }
    all = merged + all[place...]
  }
}
