/// Whether the analytic gradient obeys what holds for every network of ReLUs, whatever its data and its cost.
///
/// A ReLU is homogeneous, a = z f′, so that for every hidden unit k the derivatives that come in and go out balance:
///
///     Σ_i θ_in[i, k] g_in[i, k] (the bias among them) = Σ_j θ_out[k, j] g_out[k, j]
///
/// (S. Du, W. Hu, J. Lee, "Algorithmic regularization in learning deep homogeneous models", NeurIPS 2018, theorem 2.1),
/// for the data's part. It is one equation a unit with no free number. A gradient that obeys it in all hidden units,
/// beside a last layer that agrees, was sent back rightly through weights and kinks.
struct HomogeneousGradient {
  /// How many units were tried.
  let units: Int
  /// What the equations leave, against the size of their sides, root mean square.
  let rest: Double
  /// Whether all hold: four units or more, to 10⁻⁶.
  var holds: Bool { units >= 4 && rest < 1e-6 }

  /// `nil` where the layers do not chain, or θ is not known.
  init?(_ evidence: Evidence, upTo number: Int) {
    var left = 0.0
    var size = 0.0
    var units = 0
    let penalty = evidence.penalty ?? 0
    let pairs = zip(evidence.layers, evidence.layers.dropFirst())
    guard number > 0, evidence.check.parameters != nil else { return nil }
    for (layer, above) in pairs where above.number <= number {
      guard layer.plan.feeds(above.plan), let inside = layer.parameters,
        let outside = above.weights.parameters
      else { return nil }
      let own = layer.penalties(evidence.penalty)
      for unit in 0..<layer.columns {
        var incoming = 0.0
        for place in stride(from: unit, to: inside.count, by: layer.columns) {
          incoming += inside[place] * (layer.analytic[place] - own[place])
        }
        var outgoing = 0.0
        for place in unit * above.columns..<(unit + 1) * above.columns {
          outgoing += outside[place] * (above.weights.analytic[place] - penalty * outside[place])
        }
        left += (incoming - outgoing) * (incoming - outgoing)
        size += incoming * incoming + outgoing * outgoing
        units += 1
      }
    }
    guard size > 0 else { return nil }
    self.units = units
    rest = (left / size).squareRoot()
  }
}
