import ArgumentParser
import TrackerStore

/// Which way a metric is better, where its name does not tell or tells wrongly.
struct DirectionOptions: ParsableArguments {
  @Flag(help: "More is better. (default: what is known of the metric)")
  var maximize = false
  @Flag(help: "Less is better.")
  var minimize = false

  /// Whether either was given.
  var isGiven: Bool { maximize || minimize }

  func validate() throws {
    if maximize, minimize { throw ValidationError("give one of --maximize and --minimize") }
  }

  /// What was given, else what is known of the metric; `nil` if nothing is.
  func direction(of metric: String) -> MetricDirection? {
    maximize ? .maximize : minimize ? .minimize : MetricDirection.known(for: metric)
  }
}
