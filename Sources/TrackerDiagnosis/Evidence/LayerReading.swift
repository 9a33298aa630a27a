extension TrainingEvidence {
  /// What a statistic of a layer is called: `gradients/dense1/norm`, `activations/dense1/zero`,
  /// `activations/dense1/std_over_examples`, `outputs/std`; the engine's own `saturated.1`, `dead.1`, `updateRatio.1`,
  /// `outputDeviation`.
  ///
  /// - Returns: whether the name is such a one
  package static func isLayerStatistic(_ name: String) -> Bool { Place(name) != nil }

  /// Adds a series by its name; what is not a statistic of layers is left alone.
  package mutating func add(layerStatistic name: String, values: [Double]) {
    guard let place = Place(name) else { return }
    guard let layer = place.layer else {
      if let output = place.output { outputs[keyPath: output] = values }
      return
    }
    let index = layers.firstIndex { $0.name == layer } ?? layers.endIndex
    if index == layers.endIndex { layers.append(LayerCurves(name: layer)) }
    if let path = place.path { layers[index][keyPath: path] = values }
  }

  /// Puts layers in the order in which data pass them, as far as names tell: by their numbers, outputs last.
  package mutating func sortLayers() {
    func key(_ name: String) -> (Int, [Int], String) {
      let lower = name.lowercased()
      let isLast = ["out", "output", "outputs", "head", "logits", "classifier", "predictions"]
        .contains { lower == $0 || lower.hasSuffix("." + $0) }
      let numbers = lower.split { !$0.isNumber }.compactMap { Int($0) }
      // Convolutions come before dense layers.
      let kind = isLast ? 2 : lower.hasPrefix("conv") || lower.hasPrefix("emb") ? 0 : 1
      return (kind, numbers, lower)
    }
    layers = layers.map { (key: key($0.name), layer: $0) }.sorted { a, b in
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
