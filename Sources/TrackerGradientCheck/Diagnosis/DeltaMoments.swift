/// What the layer above says exactly of the error that comes back to a layer, whatever the data.
///
/// With δ the delta of the layer above, W its weights and a this layer's activations, the error that comes back is
/// e = δ Wᵀ, and this layer's delta e ⊙ f′. Summed over the examples, with the derivatives of the layer above
/// written g (its bias's) and G (its weights'), for every unit k of this layer
///
///     Σ e_k     = Σ_j W[k, j] g[j]        because g = Σ δ
///     Σ e_k a_k = Σ_j W[k, j] G[k, j]     because G = aᵀ δ
///
/// and Σ e_k f′_k is this layer's bias derivative. So what a wrong f′ makes of the bias is known to the last digit,
/// for every f′ that is a polynomial of second degree in a, with no free number.
struct DeltaMoments {
  /// Σ e, for each unit, over the examples, divided as the derivatives are.
  let errors: [Double]
  /// Σ e a.
  let errorsTimesActivations: [Double]

  /// `nil` where the layer does not feed the one above, or there is no bias, or no θ.
  ///
  /// - Parameters:
  ///   - layer: whose units the error comes back to
  ///   - above: the layer above
  ///   - penalty: λ/m, which is taken off the weights' derivatives
  init?(of layer: LayerEvidence, below above: LayerEvidence, penalty: Double?) {
    guard layer.plan.feeds(above.plan), let theta = above.weights.parameters, let bias = above.bias,
      layer.bias != nil
    else { return nil }
    // Where the layer above agrees both are alike; where it does not, its own delta is what comes back.
    let g = bias.status == .agrees ? bias.numerical : bias.analytic
    let agrees = above.weights.status == .agrees
    let all = agrees ? above.weights.numerical : above.weights.analytic
    let weights = zip(all, theta).map { $0 - (penalty ?? 0) * $1 }
    let columns = above.columns
    func row(_ unit: Int, _ matrix: [Double]) -> ArraySlice<Double> {
      matrix[unit * columns..<(unit + 1) * columns]
    }
    errors = (0..<layer.columns).map { unit in
      zip(row(unit, theta), g).reduce(0) { $0 + $1.0 * $1.1 }
    }
    errorsTimesActivations = (0..<layer.columns).map { unit in
      zip(row(unit, theta), row(unit, weights)).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}
