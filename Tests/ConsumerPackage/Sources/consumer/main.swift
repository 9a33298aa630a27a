// A user's own cost function, checked and tracked. README.md shows these lines.
import TrackerExperiments
import TrackerGradientCheck
import TrackerOptimization
import TrackerStore

let cost = FunctionObjective(
  parameterCount: 2,
  cost: { x in (1 - x[0]) * (1 - x[0]) + 100 * (x[1] - x[0] * x[0]) * (x[1] - x[0] * x[0]) },
  gradient: { x in
    [-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] * x[0]), 200 * (x[1] - x[0] * x[0])]
  })
let layout = ParameterLayout([ParameterBlock(name: "x", rows: 1, columns: 2, bias: .none)])
let check = try checkGradient(of: cost, at: [-1.2, 1], layout: layout)
let directions = try checkGradientDirections(of: cost, at: [-1.2, 1], count: 5)
for finding in diagnose(DiagnosisInput(check: check)) { print(finding.summary) }

let store = try Store(path: "tracker.sqlite")
let run = try store.startRun(RunStart(name: "rosenbrock", parameters: ["method": "lbfgs"]))
try run.log(check)
var optimizer = try OptimizerSettings(method: .lbfgs).makeOptimizer(startingAt: [-1.2, 1])
try optimizer.begin(cost)
while optimizer.stopReason == nil {
  try optimizer.advance(cost)
  try run.log(["cost": optimizer.cost], step: optimizer.iteration)
}
try run.finish(outcome: optimizer.stopReason?.sentence)

let recorded = try store.run(id: run.id)
print("run \(recorded.id) \(recorded.status), cost \(recorded.metrics["cost"]?.last ?? .nan)")
let good = try store.runs(RunQuery(condition: "method = lbfgs and cost < 0.001"))
precondition(directions.passed && good.contains { $0.id == run.id })
precondition(check.passed && recorded.gradientChecks.first?.passed == true)
precondition(recorded.status == .finished && optimizer.cost < 1e-9)
try train()
