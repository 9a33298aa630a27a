// Measures the engine on the problems of `peers.py`: a task's name on a line of standard input, its
// time in seconds and a figure that shows the work on a line of standard output. An argument names the best instructions
// that are used: baseline, avx2 or avx512.

import TrackerOptimization

for argument in CommandLine.arguments.dropFirst() {
  guard let instructions = MathInstructions(rawValue: argument) else {
    fail(
      "there are no instructions named \(argument): they are \(MathInstructions.allCases.map(\.rawValue).joined(separator: ", "))"
    )
  }
  MathInstructions.use(atMost: instructions)
}

let small = try Problem(digits(), hidden: 100)
var large: Problem?

while let task = readLine() {
  let measured: (seconds: Double, figure: Double)
  switch task {
  case "cost_gradient": measured = try costAndGradientInARow(small)
  case "mnist_cost_gradient":
    if large == nil { large = try Problem(mnistSized(), hidden: 300) }
    guard let large else { continue }
    measured = try costAndGradient(large)
  case "share_of_peak":
    if large == nil { large = try Problem(mnistSized(), hidden: 300) }
    guard let large else { continue }
    measured = try shareOfPeak(large, processors: 2)
  case "check_scaling":
    print(try checkScaling())
    flushOutput()
    continue
  case "lbfgs_200":
    measured = try minimize(
      small, OptimizerSettings(method: .lbfgs, memory: 10, tolerance: 0, costTolerance: 0),
      iterations: 200)
  case "tnc_400":
    measured = try minimize(
      small, OptimizerSettings(method: .tnc, tolerance: 0, costTolerance: 0, evaluationLimit: 400),
      evaluations: 400)
  case "bfgs_step": measured = try bfgsStep(small)
  case "sgd_epoch": measured = try epoch(.sgd)
  case "adam_epoch": measured = try epoch(.adam)
  case "check": measured = try check(small)
  default: fatalError("no such task: \(task)")
  }
  print("{\"seconds\": \(measured.seconds), \"figure\": \(measured.figure)}")
  flushOutput()
}
