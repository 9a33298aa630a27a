// Fills a new store with runs whose curves look like trainings: `report-benchmark STORE RUNS EPOCHS`. Eleven metrics
// a run, named as the trainer's; each configuration is there with five seeds.

import TrackerStore

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// Noise that is the same for everybody: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct Noise {
  private var state: UInt64
  init(seed: Int) { state = UInt64(seed) &* 0xD1B5_4A32_D192_ED03 }

  /// Uniform in −1…1.
  mutating func next() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((bits ^ (bits >> 31)) >> 11) / Double(1 << 52) - 1
  }
}

/// A run's values at one epoch: the cost falls by a power of the epochs to a floor, the rest goes with it.
func values(rate: Double, floor: Double, epoch: Int, _ noise: inout Noise) -> [(String, Double)] {
  let progress = pow(1 + rate * Double(epoch), -0.8)
  func near(_ value: Double, _ spread: Double) -> Double { value * (1 + spread * noise.next()) }
  let data = near(floor + 6 * progress, 0.03)
  let penalty = near(0.3 * (1 - progress), 0.01)
  let right = 1 - floor / 4 - 0.85 * progress
  return [
    ("cost", data + penalty), ("dataCost", data), ("penalty", penalty),
    ("trainAccuracy", min(1, near(right, 0.005))),
    ("testAccuracy", min(1, near(right - 0.02, 0.01))),
    ("testCost", near(data * 1.2 + 0.1, 0.05)), ("gradientNorm", near(7 * progress, 0.6)),
    ("stepLength", abs(near(0.5, 1))), ("evaluations", Double(epoch + epoch / 7 + 1)),
    ("seconds", 0.0012 * Double(epoch) + 0.001 * abs(noise.next())),
    ("saturated.1", max(0, near(0.4 * (1 - progress), 0.1))),
  ]
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let runCount = Int(arguments[2]), let epochCount = Int(arguments[3])
else {
  print("usage: report-benchmark STORE RUNS EPOCHS")
  exit(64)
}
let store = try Store(path: arguments[1])
for index in 0..<runCount {
  var noise = Noise(seed: index + 1)
  let configuration = index / 5
  let rate = pow(10, Double(configuration % 7) / 3 - 2)
  let run = try store.startRun(
    RunStart(
      name: "run \(index)",
      parameters: [
        "learningRate": .real(rate), "lambda": .real([0, 0.1, 0.5, 1][configuration % 4]),
        "hidden": .integer(Int64([10, 30, 100][configuration % 3])),
        "seed": .integer(Int64(index % 5)), "optimizer": .text("lbfgs"),
      ]))
  let floor = 0.05 + 0.1 * Double(configuration % 4) + 0.02 * noise.next()
  let start = run.startedAt.milliseconds
  try run.log(
    (0..<epochCount).flatMap { epoch in
      values(rate: rate, floor: floor, epoch: epoch, &noise).map { key, value in
        (
          key,
          MetricPoint(
            step: Int64(epoch), value: value,
            time: Timestamp(milliseconds: start + Int64(epoch)))
        )
      }
    })
  try run.finish()
}
