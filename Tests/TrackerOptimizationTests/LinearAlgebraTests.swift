import CTrackerKernels
import Testing

@testable import TrackerOptimization

@Suite("Vectors and matrices")
struct LinearAlgebraTests {
  private func vector(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return generator.uniform(-1, 1, count: count)
  }

  @Test("Vector loops agree with plain ones at every length", arguments: 0...50)
  func vectorLoopsAgree(count: Int) {
    let x = vector(count, seed: 1)
    let y = vector(count, seed: 2)
    #expect(abs(dot(x, y) - zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }) <= 1e-14 * Double(count + 1))
    var out = y
    axpy(0.5, x, &out)
    #expect(out == zip(x, y).map { $1 + 0.5 * $0 })
    var again = y
    #expect(axpyAndDot(0.5, x, &again, y) == dot(out, y))
    #expect(again == out)
    subtract(x, y, into: &out)
    #expect(out == zip(x, y).map { $0 - $1 })
    #expect(maximumNorm(x) == x.map(\.magnitude).max() ?? 0)
    let range = count / 3..<count - count / 4
    let square = range.reduce(0) { $0 + x[$1] * x[$1] }
    #expect(abs(squaredLength(x, in: range) - square) <= 1e-14 * Double(count + 1))
    let between = range.reduce(0) { $0 + (x[$1] - y[$1]) * (x[$1] - y[$1]) }
    #expect(abs(squaredDistance(x, y, in: range) - between) <= 1e-14 * Double(count + 1))
    #expect(isFinite(x))
    for index in x.indices {
      var broken = x
      broken[index] = index.isMultiple(of: 2) ? .nan : -.infinity
      #expect(!isFinite(broken))
      #expect(!(maximumNorm(broken) <= 1))
    }
  }

  @Test("A norm neither overflows nor vanishes")
  func normKeepsItsRange() {
    #expect(abs(norm([3e200, 4e200]) / 5e200 - 1) <= 1e-15)
    #expect(abs(norm([3e-200, 4e-200]) / 5e-200 - 1) <= 1e-15)
    #expect(norm([0, 0]) == 0)
    #expect(norm([1, .nan]).isNaN)
    #expect(norm([.infinity, 1]) == .infinity)
  }

  @Test(
    "Long vectors are dealt out to threads, whose number changes no bit",
    // Each case sets the process's number of threads, and sets it back.
    .serialized,
    arguments: [8192, 8193, 40_001], [1, 2, 5])
  func longVectors(count: Int, threads: Int) {
    let before = MathThreads.count
    MathThreads.count = threads
    defer { MathThreads.count = before }
    let x = vector(count, seed: 6)
    let y = vector(count, seed: 7)
    var sum = 0.0
    var difference = x
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        for begin in stride(from: 0, to: count, by: 8192) {
          sum += Kernel.dot(
            x.baseAddress! + begin, y.baseAddress! + begin, min(8192, count - begin))
        }
      }
    }
    #expect(dot(x, y) == sum)
    subtract(x, y, into: &difference)
    #expect(squaredDistance(x, y) == squaredLength(difference))
    var moved = y
    axpy(0.3, x, &moved)
    #expect(moved == zip(x, y).map { $1 + 0.3 * $0 })
    var again = y
    #expect(axpyAndDot(0.3, x, &again, x) == dot(moved, x))
    #expect(again == moved)
  }

  // 900 rows are dealt out to threads, the others are not.
  @Test("A packed matrix multiplies and is updated as a full one", arguments: [1, 2, 7, 40, 900])
  func packedMatrixAgrees(count: Int) {
    let u = vector(count, seed: 3)
    let v = vector(count, seed: 4)
    let x = vector(count, seed: 5)
    var matrix = PackedSymmetricMatrix(identityOf: count)
    matrix.update(u, v)
    matrix.update(v, x)
    var product = x
    matrix.multiply(x, into: &product)
    var sum = InverseHessian(count: count)
    sum.update(u, v)
    sum.update(v, x)
    var other = x
    sum.multiply(x, into: &other)
    for row in 0..<count {
      var expected = x[row]
      for column in 0..<count {
        let entry =
          u[row] * v[column] + v[row] * u[column] + v[row] * x[column] + x[row] * v[column]
        expected += entry * x[column]
      }
      #expect(abs(product[row] - expected) <= 1e-13 * Double(count * count))
      #expect(abs(other[row] - expected) <= 1e-13 * Double(count * count))
    }
  }

  @Test("The instructions in use are named as the kernels number them")
  func instructions() {
    let number = Int(tracker_best_instructions().rawValue)
    #expect(MathInstructions.current == MathInstructions.allCases[number])
  }

  @Test("Shares of work are all done, by as many threads as there are shares")
  func sharesAreAllDone() {
    var done = [Int](repeating: 0, count: 8)
    done.withUnsafeMutableBufferPointer { done in
      nonisolated(unsafe) let done = done
      inParallel(8) { done[$0] += $0 + 1 }
      inParallel(0) { _ in Issue.record("there was no share") }
    }
    #expect(done == Array(1...8))
  }

  @Test("A line search keeps the strong Wolfe conditions", arguments: [0.01, 1, 100])
  func lineSearchKeepsWolfe(firstStep: Double) throws {
    // The second function of Moré and Thuente's section 5 is of this kind: a long flat fall.
    let objective = FunctionObjective(
      parameterCount: 1, cost: { -$0[0] / ($0[0] * $0[0] + 2) },
      gradient: { x in
        let square = x[0] * x[0]
        return [(square - 2) / ((square + 2) * (square + 2))]
      })
    var iterate = Iterate(startingAt: [0])
    try iterate.begin(objective, OptimizerSettings())
    let search = LineSearch(sufficientDecrease: 1e-3, curvature: 0.1)
    let outcome = try search.advance(
      &iterate, along: [1], firstStep: firstStep, objective)
    #expect(outcome == .wolfe)
    #expect(iterate.cost <= -0.5 * 1e-3 * iterate.parameters[0])
    #expect(iterate.gradient[0].magnitude <= 0.1 * 0.5)
    #expect(iterate.evaluations <= 12)
  }
}
