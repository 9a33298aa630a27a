import Testing
import TrackerGradientCheck

/// Faults that the rules were not made with in view.
@Suite("Faults nobody foresaw")
struct HeldOutTests {
  @Test("scratch") func scratch() {
    for size in Corpus.sizes { for (seed, trained) in [(UInt64(0), false), (1, true), (2, false)] {
      let p = Corpus.Point(size, lambda: 0.5, seed: seed, isTrained: trained, unit: seed == 2 ? .tanh : .sigmoid)
      let right = p.network.gradient(p.theta)
      let L = p.network.layout
      let m = Double(p.network.exampleCount)
      func say(_ name: String, _ a: [Double], _ n: [Double]? = nil) {
        let c = GradientCheck(analytic: a, numerical: n ?? p.numerical, parameters: p.theta, layout: L, method: .central, epsilon: 1e-4)
        print("HELD", name, diagnose(DiagnosisInput(check: c, exampleCount: p.network.exampleCount, lambda: 0.5)).map { "\($0.cause.rawValue) \($0.likelihood)" })
      }
      var a = right
      for i in 0..<L.blocks[0].rows { a[i * L.blocks[0].columns + 1] = 0 }
      say("unitDropped", a)
      say("clipped", right.map { min(max($0, -0.02), 0.02) })
      var q = p.network; q.labels.removeLast(5); q.inputs.removeLast(5 * q.sizes[0]); q.lambda = 0.5 * (m - 5) / m
      say("fewerExamples", q.gradient(p.theta))
      q = p.network; q.output = .softmax
      say("softmaxDelta", q.gradient(p.theta))
      say("staleTheta", p.network.gradient(p.theta.enumerated().map { $0.element + 0.05 * ($0.offset % 2 == 0 ? 1 : -1) }))
      say("m-1", right.map { $0 * m / (m - 1) })
      a = right; for (b, o) in zip(L.blocks, L.offsets) { for c in 0..<b.columns { a[o + c] *= m } }
      say("biasNotAveraged", a)
      say("float32 gradient", right.map { Double(Float($0)) })
      q = p.network; q.lambda = 0.3
      say("lambda 0.3", q.gradient(p.theta))
      q = p.network; q.unit = q.unit == .sigmoid ? .tanh : .sigmoid
      say("other unit", q.gradient(p.theta))
      say("one entry", right.enumerated().map { $0.offset == 7 ? $0.element * 1.5 : $0.element })
      say("noise 1%", right.enumerated().map { $0.element * (1 + 0.01 * Double(($0.offset * 7919) % 13 - 6)) })
      say("zero", right.map { _ in 0 })
      say("last weight row missing", right.enumerated().map { $0.offset >= L.count - L.blocks.last!.columns ? 0 : $0.element })
      say("cost without penalty", right, { var q = p.network; q.lambda = 0; return q.numericalGradient(p.theta, epsilon: 1e-4) }())
      say("shifted rows cyclic", { var a = right; let b = L.blocks[0]; a.replaceSubrange(0..<b.count, with: Array(right[b.columns..<b.count]) + right[0..<b.columns]); return a }())
      say("nan", right.enumerated().map { $0.offset == 3 ? .nan : $0.element })
    } }
  }
}
