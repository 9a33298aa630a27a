import CPeak
import TrackerEngine
import TrackerGradientCheck
import TrackerOptimization

let lambda = 0.5

/// Numbers in −amplitude…amplitude that need no generator: the same in numpy and here.
func spread(_ count: Int, _ amplitude: Double) -> [Double] {
  (1...count).map { index in
    let turns = Double(index) * 0.6180339887498949
    return amplitude * (2 * (turns - turns.rounded(.down)) - 1)
  }
}

struct Problem {
  let objective: NetworkObjective
  let start: [Double]

  init(_ data: Dataset, hidden: Int, output: OutputActivation = .sigmoid) throws {
    let model = NetworkModel(
      layerSizes: [data.featureCount, hidden, data.classCount], output: output, lambda: lambda)
    objective = try NetworkObjective(model: model, data: data)
    start = spread(model.layout.count, 0.12)
  }
}

func digits() throws -> Dataset {
  let data = try Dataset.digits()
  return FeatureScaler(.unit, fittedOn: data).scaled(data)
}

func mnistSized() throws -> Dataset {
  let (rows, columns) = (60_000, 784)
  return try Dataset(
    name: "made", sha256: "",
    features: (0..<rows * columns).map { Double($0 &* 2_654_435_761 % 1024) / 1023 },
    labels: (0..<rows).map { $0 * 7 % 10 }, classNames: (0..<10).map(String.init),
    featureCount: columns)
}

func timed(_ work: () throws -> Double) rethrows -> (seconds: Double, figure: Double) {
  let clock = ContinuousClock()
  let begin = clock.now
  let figure = try work()
  let duration = (clock.now - begin).components
  return (Double(duration.seconds) + Double(duration.attoseconds) * 1e-18, figure)
}

func costAndGradient(_ problem: Problem) throws -> (seconds: Double, figure: Double) {
  var gradient = [Double](repeating: 0, count: problem.start.count)
  return try timed {
    try problem.objective.valueAndGradient(at: problem.start, into: &gradient)
  }
}

/// One evaluation of many in a row, the median of those of 0.3 s: threads that wake up may share a processor at first.
func costAndGradientInARow(_ problem: Problem) throws -> (seconds: Double, figure: Double) {
  let end = ContinuousClock.now + .milliseconds(300)
  var evaluations: [(seconds: Double, figure: Double)] = []
  repeat { evaluations.append(try costAndGradient(problem)) } while ContinuousClock.now < end
  return evaluations.sorted { $0.seconds < $1.seconds }[evaluations.count / 2]
}

/// Iterations of a method, until it has done so many or so many evaluations.
func minimize(
  _ problem: Problem, _ settings: OptimizerSettings, iterations: Int = .max,
  evaluations: Double = .infinity
) throws -> (seconds: Double, figure: Double) {
  try timed {
    var optimizer = try settings.makeOptimizer(startingAt: problem.start)
    try optimizer.begin(problem.objective)
    while optimizer.stopReason == nil, optimizer.iteration < iterations,
      optimizer.evaluations < evaluations
    {
      try optimizer.advance(problem.objective)
    }
    return optimizer.cost
  }
}

/// One step is what two steps take beyond one.
func bfgsStep(_ problem: Problem) throws -> (seconds: Double, figure: Double) {
  var optimizer = try OptimizerSettings(method: .bfgs, tolerance: 0, costTolerance: 0)
    .makeOptimizer(startingAt: problem.start)
  try optimizer.begin(problem.objective)
  for _ in 0..<5 { try optimizer.advance(problem.objective) }
  return try timed {
    try optimizer.advance(problem.objective)
    return optimizer.cost
  }
}

func epoch(_ method: OptimizerMethod) throws -> (seconds: Double, figure: Double) {
  let problem = try Problem(digits(), hidden: 100, output: .softmax)
  var optimizer = try OptimizerSettings(method: method, batchSize: 32, tolerance: 0)
    .makeOptimizer(startingAt: problem.start)
  try optimizer.begin(problem.objective)
  try optimizer.advance(problem.objective)
  return try timed {
    try optimizer.advance(problem.objective)
    return optimizer.cost
  }
}

func check(_ problem: Problem) throws -> (seconds: Double, figure: Double) {
  var analytic = [Double](repeating: 0, count: problem.start.count)
  return try timed {
    _ = try problem.objective.valueAndGradient(at: problem.start, into: &analytic)
    let numerical = try problem.objective.numericalGradient(
      at: problem.start, method: .central, epsilon: 1e-4)
    return zip(analytic, numerical).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}

/// Multiply-adds a second in cost and gradient of the large problem, as a share of both cores' peak.
func shareOfPeak(_ problem: Problem, processors: Double) throws -> (seconds: Double, figure: Double)
{
  let peak = peak_gflops() * processors
  let sizes = problem.objective.model.layerSizes
  // Forward and the gradient are a product for each layer, and the deltas one for each but the first.
  var products = 0.0
  for (index, layer) in zip(sizes, sizes.dropFirst()).enumerated() {
    products += Double(layer.0 * layer.1) * (index == 0 ? 2 : 3)
  }
  let operations = 2 * products * Double(problem.objective.exampleCount)
  var best = Double.infinity
  for _ in 0..<7 { best = min(best, try costAndGradient(problem).seconds) }
  return (best, operations / best / 1e9 / peak)
}

/// The whole check's time over examples and over hidden units, to show how it grows.
func checkScaling() throws -> String {
  let data = try digits()
  var lines: [String] = []
  for (rows, hidden) in [(450, 100), (899, 100), (1797, 100), (1797, 50), (1797, 200), (1797, 400)]
  {
    let problem = try Problem(data.selecting(Array(0..<rows)), hidden: hidden)
    var seconds: [Double] = []
    for _ in 0..<7 { seconds.append(try check(problem).seconds) }
    lines.append("\(rows) examples, \(problem.start.count) parameters: \(seconds.sorted()[3]) s")
  }
  return lines.joined(separator: "; ")
}
