// A network trained with the engine alone.
import TrackerEngine

func train() throws {
  var configuration = TrainingConfiguration()
  configuration.hidden = [20]
  configuration.epochs = 30
  var costs: [Double] = []
  let trainer = try Trainer(configuration: configuration, dataset: .digits())
  let outcome = try trainer.run { event in
    if case .epoch(let epoch) = event { costs.append(epoch["cost"] ?? .nan) }
    return .proceed
  }
  print("\(outcome.sentence) The cost fell from \(costs.first ?? .nan) to \(costs.last ?? .nan).")
  let again = try TrainingConfiguration(parameters: configuration.parameters)
  precondition(again == configuration && costs.count == 31 && costs[30] < costs[0])
}
