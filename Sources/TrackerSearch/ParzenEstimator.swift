import TrackerOptimization
import TrackerSystem

/// A density over a search space: a mixture of a kernel around each observation and a flat prior.
///
/// A kernel is a product over the dimensions: a normal density cut to 0…1, or on choices one weight more for what
/// was observed. Widths are the distance to the farther neighbour along the dimension, within bounds ("magic
/// clipping"). Source: J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, "Algorithms for hyper-parameter
/// optimization", NIPS 2011, section 4; S. Falkner, A. Klein and F. Hutter, "BOHB", ICML 2018, for kernels over all
/// dimensions at once; S. Watanabe, "Tree-structured Parzen estimator", arXiv:2304.11127, for what Optuna does. The least width is half
/// of Optuna's: on the tests' functions the search then comes nearer to the minimum.
struct ParzenEstimator {
  private let dimensions: [SearchDimension]
  /// The kernels' shares of the mixture; the last is the prior's.
  private let weights: [Double]
  /// Logarithm of the share and of all factors that do not depend on where the density is taken.
  private let constants: [Double]
  /// Centre and width of each kernel along each interval, kernel by kernel.
  private let centres: [Double]
  private let widths: [Double]
  /// By dimension: the probabilities of the choices, kernel by kernel; empty for an interval.
  private let choices: [[Double]]

  /// - Parameters:
  ///   - observations: coordinates, oldest first
  ///   - dimensions: the dimensions of the space
  init(observations: [[Double]], dimensions: [SearchDimension]) {
    self.dimensions = dimensions
    let count = observations.count
    let kernels = count + 1
    let ages = Self.weights(count) + [1]
    let total = ages.reduce(0, +)
    weights = ages.map { $0 / total }
    var centres = [Double](repeating: 0.5, count: kernels * dimensions.count)
    var widths = [Double](repeating: 1, count: kernels * dimensions.count)
    var constants = weights.map { log($0) }
    var choices = [[Double]](repeating: [], count: dimensions.count)
    for (axis, dimension) in dimensions.enumerated() {
      switch dimension {
      case .interval:
        let column = observations.map { $0[axis] }
        let deviations = Self.widths(column)
        for kernel in 0..<kernels {
          let (centre, width) = kernel < count ? (column[kernel], deviations[kernel]) : (0.5, 1)
          centres[kernel * dimensions.count + axis] = centre
          widths[kernel * dimensions.count + axis] = width
          let mass = normalMass(from: -centre / width, to: (1 - centre) / width)
          constants[kernel] -= log(width * mass * (2 * Double.pi).squareRoot())
        }
      case .choice(let alternatives):
        // A kernel's own choice has one weight more than the others' 1/kernels.
        let base = 1 / Double(kernels)
        let sum = 1 + base * Double(alternatives)
        var table = [Double](repeating: base / sum, count: kernels * alternatives)
        for kernel in 0..<count {
          table[kernel * alternatives + Int(observations[kernel][axis])] = (1 + base) / sum
        }
        for choice in 0..<alternatives {
          table[count * alternatives + choice] = 1 / Double(alternatives)
        }
        choices[axis] = table
      }
    }
    self.centres = centres
    self.widths = widths
    self.constants = constants
    self.choices = choices
  }

  /// The latest 25 observations count whole, older ones less, down to 1/n.
  private static func weights(_ count: Int) -> [Double] {
    (0..<count).map { index in
      guard index < count - 25 else { return 1 }
      let ramp = Double(index) / Double(max(count - 26, 1))
      return 1 / Double(count) + ramp * (1 - 1 / Double(count))
    }
  }

  /// The width of each kernel along one dimension.
  private static func widths(_ centres: [Double]) -> [Double] {
    let order = centres.indices.sorted { centres[$0] < centres[$1] }
    let least = 1 / min(100, 2 * Double(centres.count + 2))
    var widths = centres
    for (place, index) in order.enumerated() {
      let isFirst = place == 0
      let isLast = place == order.count - 1
      let below = isFirst ? 0 : centres[order[place - 1]]
      let above = isLast ? 1 : centres[order[place + 1]]
      let (left, right) = (centres[index] - below, above - centres[index])
      // The ends of the interval are not neighbours, unless there is no other.
      let width = isFirst == isLast ? max(left, right) : isFirst ? right : left
      widths[index] = min(max(width, least), 1)
    }
    return widths
  }

  /// A point drawn from the density.
  func sample(_ generator: inout SplitMix64) -> [Double] {
    let kernel = generator.index(weights: weights)
    return dimensions.indices.map { axis in
      switch dimensions[axis] {
      case .interval:
        let place = kernel * dimensions.count + axis
        // A centre lies in 0…1, so that about one in three deviates does, at the least.
        while true {
          let value = centres[place] + widths[place] * generator.normal()
          if value >= 0, value <= 1 { return value }
        }
      case .choice(let count):
        return Double(
          generator.index(weights: choices[axis][kernel * count..<(kernel + 1) * count]))
      }
    }
  }

  /// The logarithm of the density at a point.
  func logDensity(at point: [Double]) -> Double {
    var terms = constants
    for (axis, dimension) in dimensions.enumerated() {
      let value = point[axis]
      switch dimension {
      case .interval:
        var place = axis
        for kernel in terms.indices {
          let distance = (value - centres[place]) / widths[place]
          terms[kernel] -= 0.5 * distance * distance
          place += dimensions.count
        }
      case .choice(let count):
        let table = choices[axis]
        for kernel in terms.indices { terms[kernel] += log(table[kernel * count + Int(value)]) }
      }
    }
    let greatest = terms.max() ?? 0
    return greatest + log(terms.reduce(0) { $0 + exp($1 - greatest) })
  }
}

/// The probability that a standard normal deviate lies between two bounds.
private func normalMass(from lower: Double, to upper: Double) -> Double {
  0.5 * (erf(upper / 2.squareRoot()) - erf(lower / 2.squareRoot()))
}
