/// The open parts whose data part is scaled, by their factor.
struct ScaleGroup {
  let scale: Double
  var parts: [(layer: LayerEvidence, part: PartEvidence, relation: LinearRelation)]

  /// Such as “theta1's weights and theta2's bias”, or “every layer”.
  func title(_ evidence: Evidence) -> String {
    parts.count == evidence.parts.count ? "every layer" : list(parts.map(\.part.title))
  }

  /// The share of the difference that the factor explains, at least, in any part.
  var explained: Double { parts.reduce(1) { min($0, $1.relation.explained) } }

  /// For each part, what was measured.
  var figures: [String] {
    parts.map { _, part, relation in
      "\(part.title): analytic / numerical is \(figure(relation.scale))"
        + (relation.penaltyFactor.map { factor in
          part.part == .weights && abs(factor - relation.scale) > 1e-3 * abs(relation.scale)
            ? " for the data's part, \(figure(factor)) for the penalty's" : ""
        } ?? "")
        + ", which leaves \(percent((1 - relation.explained).clamped)) of the difference"
    }
  }

  /// The groups, the largest first.
  static func all(_ evidence: Evidence, _ open: OpenParts) -> [ScaleGroup] {
    var groups: [ScaleGroup] = []
    for layer in evidence.layers {
      for part in layer.parts where open.contains(layer, part.part) {
        guard part.status == .related, let relation = part.relation, relation.isScaled else {
          continue
        }
        let place = groups.firstIndex {
          KnownFactor.matches(relation.scale, $0.scale, within: 2e-3)
        }
        if let place {
          groups[place].parts.append((layer, part, relation))
        } else {
          groups.append(ScaleGroup(scale: relation.scale, parts: [(layer, part, relation)]))
        }
      }
    }
    return groups.sorted { $0.parts.count > $1.parts.count }
  }

  /// Closes the parts whose difference the factor explains whole: where the penalty's part is right, or
  /// scaled alike; without λ and m, where it may be.
  func close(_ open: inout OpenParts) {
    for (layer, part, relation) in parts {
      let own = part.part == .bias ? 0 : relation.scale
      let right = part.part == .bias ? 0.0 : 1.0
      if let factor = relation.penaltyFactor {
        guard
          KnownFactor.matches(factor, own, within: 1e-3)
            || KnownFactor.matches(factor, right, within: 1e-3)
        else { continue }
      } else if abs(relation.slope) > 12 * relation.slopeError {
        // a = c (n − p) + p has the slope (1 − c) λ/m: any with that sign is of a right penalty.
        guard relation.slope / (1 - relation.scale) > 0 else { continue }
      }
      open.close(layer, part.part)
      if layer.parameters == nil, isNearlyScaled(layer.weights) { open.close(layer) }
    }
  }

  /// Whether the factor explains most of a part, the rest of which may be a penalty's, θ being unknown.
  private func isNearlyScaled(_ part: PartEvidence) -> Bool {
    let rest = zip(part.analytic, part.numerical).map { $0 - scale * $1 }
    return rootMeanSquare(rest) < 0.3 * rootMeanSquare(part.analytic)
  }
}

extension Double {
  /// Within 0…1.
  var clamped: Double { Swift.min(Swift.max(self, 0), 1) }
}
