/// The statistics of layers among metrics, which their names tell: `gradients/dense1/norm`, `activations/dense1/zero`,
/// `activations/dense1/std_over_examples`, `outputs/std`; the engine's own `saturated.1`, `dead.1`, `updateRatio.1`,
/// `outputDeviation`.
package struct LayerStatistics {
  private let names: Set<String>
  private let places: [(name: String, place: Place)]
  /// The layers, without values.
  private let layers: [LayerCurves]

  /// What is a statistic of layers among these metrics; of two of one meaning the later one counts.
  package init(among names: [String]) {
    var places: [(name: String, place: Place)] = []
    var layers: [LayerCurves] = []
    for name in names {
      guard let place = Place(name) else { continue }
      places.append((name, place))
      if let layer = place.layer, !layers.contains(where: { $0.name == layer }) {
        layers.append(LayerCurves(name: layer))
      }
    }
    self.places = places
    self.names = Set(places.map(\.name))
    self.layers = Self.sorted(layers)
  }

  /// Whether a metric is one of them.
  package func contains(_ name: String) -> Bool { names.contains(name) }

  /// Puts their values where rules look for them.
  package func read(into evidence: inout TrainingEvidence, _ values: (String) -> [Double]) {
    evidence.layers = layers
    for (name, place) in places {
      if let output = place.output { evidence.outputs[keyPath: output] = values(name) }
      if let path = place.path, let index = layers.firstIndex(where: { $0.name == place.layer }) {
        evidence.layers[index][keyPath: path] = values(name)
      }
    }
  }

  /// In the order in which data pass them, as far as names tell: by their numbers, outputs last.
  private static func sorted(_ layers: [LayerCurves]) -> [LayerCurves] {
    func key(_ name: String) -> (Int, [Int], String) {
      let lower = name.lowercased()
      let isLast = ["out", "output", "outputs", "head", "logits", "classifier", "predictions"]
        .contains { lower == $0 || lower.hasSuffix("." + $0) }
      let numbers = lower.split { !$0.isNumber }.compactMap { Int($0) }
      // Convolutions come before dense layers.
      let kind = isLast ? 2 : lower.hasPrefix("conv") || lower.hasPrefix("emb") ? 0 : 1
      return (kind, numbers, lower)
    }
    return layers.map { (key: key($0.name), layer: $0) }.sorted { a, b in
      if a.key.0 != b.key.0 { return a.key.0 < b.key.0 }
      if a.key.1 != b.key.1 { return a.key.1.lexicographicallyPrecedes(b.key.1) }
      return a.key.2 < b.key.2
    }.map(\.layer)
  }

  private struct Place {
    var layer: String?
    var path: WritableKeyPath<LayerCurves, [Double]>?
    var output: WritableKeyPath<OutputCurves, [Double]>?

    init?(_ name: String) {
      if let own = Place(own: name) {
        self = own
        return
      }
      let parts = name.split(separator: "/").map(String.init)
      guard parts.count >= 2, let what = parts.last?.lowercased() else { return nil }
      if parts[0] == "outputs", parts.count == 2 {
        switch what {
        case "std", "deviation", "std_over_examples": output = \.deviation
        case "min": output = \.least
        case "max": output = \.greatest
        default: return nil
        }
        return
      }
      guard parts.count >= 3 else { return nil }
      layer = parts[1..<parts.count - 1].joined(separator: "/")
      switch (parts[0], what) {
      case ("gradients", "norm"): path = \.gradientNorm
      case ("weights", "norm"): path = \.weightNorm
      case ("updates", "ratio"): path = \.updateRatio
      case ("activations", "zero"), ("activations", "zero_fraction"): path = \.zero
      case ("activations", "dead"), ("activations", "dead_units"): path = \.dead
      case ("activations", "saturated"), ("activations", "saturated_fraction"): path = \.saturated
      case ("activations", "std_over_examples"), ("activations", "deviation"),
        ("activations", "std"):
        path = \.deviation
      default: return nil
      }
    }

    private init?(own name: String) {
      if name == "outputDeviation" {
        output = \.deviation
        return
      }
      let parts = name.split(separator: ".")
      guard parts.count == 2, Int(parts[1]) != nil else { return nil }
      layer = "layer \(parts[1])"
      switch parts[0] {
      case "saturated": path = \.saturated
      case "dead": path = \.dead
      case "updateRatio": path = \.updateRatio
      default: return nil
      }
    }
  }
}
