import TrackerValues

/// The forward pass normalises the weights, or limits their norm, and the gradient does not know.
///
/// Equation: the cost does not see how long such weights are, so that Σ θ n is 0 over each unit that is off, or over the
/// whole layer (to 10⁻⁵, sixteen bits a unit, two units or more; 10⁻⁶ of a layer). Of a it is not 0. It is asked that
/// the delta be right, as the layer's biases or those above prove: what else is wrong with it keeps no such sum.
enum LimitedWeights: GradientRule {
  static func findings(_ evidence: Evidence, _ open: inout OpenParts) -> [Finding] {
    guard !evidence.hasNonFinite else { return [] }
    return evidence.layers.compactMap { layer in
      guard open.contains(layer, .weights), layer.weights.status == .unexplained,
        let theta = layer.parameters, let bias = layer.bias, bias.status == .agrees
      else { return nil }
      let penalties = layer.penalties(evidence.penalty)
      func data(_ matrix: [Double]) -> [Double] { zip(matrix, penalties).map { $0 - $1 } }
      let (a, n) = (data(layer.analytic), data(layer.numerical))
      func off(_ unit: Int) -> Bool {
        zip(layer.column(unit, of: a), layer.column(unit, of: n)).contains {
          !evidence.check.tolerance.agrees($0, $1, rounding: evidence.check.rounding)
        }
      }
      let units = (0..<layer.columns).filter(off)
      func cosines(_ matrix: [Double]) -> [Double] {
        units.map { abs(cosine(layer.column($0, of: theta), layer.column($0, of: matrix))) }
      }
      func whole(_ matrix: [Double]) -> Double {
        let all = (0..<layer.columns).flatMap { layer.column($0, of: matrix) }
        return abs(cosine((0..<layer.columns).flatMap { layer.column($0, of: theta) }, all))
      }
      let isByUnit =
        units.count >= 2 && cosines(n).allSatisfy { $0 < 1e-5 }
        && cosines(a).allSatisfy { $0 > 1e-4 }
      guard isByUnit || (whole(n) < 1e-6 && whole(a) > 1e-4) else { return nil }
      open.close(layer)
      return Finding(
        cause: .normalizationBackward, likelihood: 0.93,
        summary:
          "The forward pass normalises \(layer.weights.title), or limits their norm, and the gradient leaves that out, or "
          + "takes the norm for a constant.",
        evidence: [
          "Σ θ n is 0 over "
            + (isByUnit
              ? "each of the \(units.count) units of \(layer.name) that are off"
              : "all weights of \(layer.name)")
            + ": the cost does not see how long they are; Σ θ a is not",
          "\(bias.title) agrees, so that the delta is right",
        ],
        confirm:
          "of W = g v / ‖v‖ the derivative is g/‖v‖ (dW − v (v·dW)/‖v‖²); or limit the weights after the update, "
          + "not in the cost, and check again")
    }
  }
}
