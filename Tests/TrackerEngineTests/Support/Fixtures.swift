import Foundation
import TrackerEngine

/// The lines of a fixture, cut at commas. `Fixtures/make_fixtures.py` says how it was made.
func fixture(_ name: String) throws -> [[String]] {
  let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)")
  return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
    line.split(separator: ",").map(String.init)
  }
}

/// Numbers in −amplitude…amplitude that need no generator: the same here and in numpy, to the bit.
func spread(_ count: Int, _ amplitude: Double) -> [Double] {
  (0..<count).map { index in
    let turns = Double(index + 1) * 0.6180339887498949
    return amplitude * (2 * (turns - turns.rounded(.down)) - 1)
  }
}

/// The 43 examples of the small networks: five inputs, three classes.
func smallDataset() throws -> Dataset {
  try Dataset(
    name: "small", sha256: "", features: spread(43 * 5, 2), labels: (0..<43).map { $0 * 7 % 3 },
    classNames: ["a", "b", "c"], featureCount: 5)
}

/// The digits with every pixel divided by `divisor`.
func digits(dividedBy divisor: Double) throws -> Dataset {
  var data = try Dataset.digits()
  for index in data.features.indices { data.features[index] /= divisor }
  return data
}

/// A small network of every shape, activation, output and cost.
let everyModel: [NetworkModel] = [[5, 3], [5, 4, 3], [5, 9, 3], [5, 4, 6, 3], [5, 3, 4, 2, 3]]
  .flatMap { sizes in
    Activation.allCases.flatMap { activation in
      OutputActivation.allCases.flatMap { output in
        CostForm.allCases.map { cost in
          NetworkModel(
            layerSizes: sizes, activation: activation, output: output, cost: cost, lambda: 0.7)
        }
      }
    }
  }

/// max |a − b|; NaN if any difference is.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { largest, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN || largest.isNaN ? .nan : max(largest, difference)
  }
}
