public import ArgumentParser
public import TrackerEngine
public import TrackerGradientCheck
public import TrackerOptimization
public import TrackerSearch
public import TrackerStore

// What the libraries read from text is read from the command line likewise.

extension Activation: ExpressibleByArgument {}
extension BiasPlacement: ExpressibleByArgument {}
extension CheckSchedule: ExpressibleByArgument {}
extension CostForm: ExpressibleByArgument {}
extension DifferenceMethod: ExpressibleByArgument {}
extension FeatureScaling: ExpressibleByArgument {}
extension GradientSource: ExpressibleByArgument {}
extension Initialization: ExpressibleByArgument {}
extension LabelColumn: ExpressibleByArgument {}
extension LearningRateSchedule: ExpressibleByArgument {}
extension OptimizerMethod: ExpressibleByArgument {}
extension OutputActivation: ExpressibleByArgument {}
extension PrunerMethod: ExpressibleByArgument {}
extension SamplerMethod: ExpressibleByArgument {}
extension Store.Durability: ExpressibleByArgument {}
