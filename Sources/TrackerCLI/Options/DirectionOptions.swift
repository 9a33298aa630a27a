import ArgumentParser
import TrackerStore

/// Which way a metric is better, where its name does not tell or tells wrongly.
struct DirectionOptions: ParsableArguments {
  @Flag(help: "More is better. (default: what is known of the metric)")
  var maximize = false
  @Flag(help: "Less is better.")
  var minimize = false

  /// What was given.
  var given: MetricDirection? { maximize ? .maximize : minimize ? .minimize : nil }

  /// Whether either was given.
  var isGiven: Bool { given != nil }

  func validate() throws {
    if maximize, minimize { throw ValidationError("give one of --maximize and --minimize") }
  }

  /// What was given, else what is known of the metric; `nil` if nothing is.
  func direction(of metric: String) -> MetricDirection? {
    given ?? MetricDirection.known(for: metric)
  }
}
