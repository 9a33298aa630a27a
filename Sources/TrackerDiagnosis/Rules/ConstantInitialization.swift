import TrackerGradientCheck

/// All weights start alike, so that all units of a layer stay alike.
enum ConstantInitialization: TrainingRule {
  static func findings(_ training: Training) -> [Finding] {
    let settings = training.settings
    let name = settings.initializer ?? ""
    let isConstant =
      ["zeros", "ones", "constant", "zero_init"].contains { name.contains($0) }
      || settings.initialBound == 0
    guard isConstant, (settings.layerCount ?? settings.hiddenUnits.count + 1) > 1 else { return [] }
    let bad = training.condition.isBad
    return [
      training.finding(
        .constantInitialization, bad ? 0.93 : 0.75,
        "All initial weights are the same, so that all units of a layer learn the same: a layer of any size is one unit.",
        ["the initial weights are \(name.isEmpty ? "0" : name)"] + training.course.figures,
        Change(
          "random initial weights", keras: "kernel_initializer=\"glorot_uniform\"",
          pytorch: "nn.init.xavier_uniform_(layer.weight)",
          tracker: "--init-range \(settings.hiddenActivations.first == "relu" ? "he" : "glorot")"))
    ]
  }
}
