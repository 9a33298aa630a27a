import TrackerStore
import TrackerValues
import TrackerViews

/// That none of some runs has the metric that was asked for, or any.
func unknownMetric(_ metric: String?, known: [String]) -> CommandError {
  CommandError(
    status: .usage,
    message: metric.map { "no run here has a metric named \"\($0)\"" } ?? "no run here has metrics",
    advice: known.isEmpty
      ? "Try: tracker list" : metric.flatMap { meant($0, among: known) } ?? listed(known))
}

/// That a run does not have the metric that was asked for.
func unknownMetric(_ metric: String, of run: Run) -> CommandError {
  let known = inReadingOrder(metrics: run.metrics.keys)
  return CommandError(
    status: .noInput, message: "run \(run.id) has no metric named \"\(metric)\"",
    advice: known.isEmpty
      ? "It has no metrics at all." : meant(metric, among: known) ?? listed(known))
}

private func meant(_ metric: String, among known: [String]) -> String? {
  nearest(metric, to: known).map { "did you mean \($0)?" }
}

private func listed(_ known: [String]) -> String { "There are: \(known.joined(separator: ", "))" }
