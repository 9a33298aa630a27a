public import ArgumentParser
public import TrackerEngine
public import TrackerGradientCheck
package import TrackerSearch
public import TrackerStore

// What the libraries read from text is read from the command line likewise.

extension BiasPlacement: ExpressibleByArgument {}
extension LabelColumn: ExpressibleByArgument {}
extension PrunerMethod: ExpressibleByArgument {}
extension RunEnding: ExpressibleByArgument {}
extension SamplerMethod: ExpressibleByArgument {}
extension Store.Durability: ExpressibleByArgument {}
