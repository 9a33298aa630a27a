/// Which way a metric is better.
public enum MetricDirection: String, Sendable, Hashable {
  /// Less is better.
  case minimize
  /// More is better.
  case maximize

  /// The direction of a metric that is known by its key, or `nil`: accuracies and scores are better
  /// when greater, costs, losses and errors when less.
  public static func known(for key: String) -> MetricDirection? {
    let key = key.lowercased()
    let scores = ["accuracy", "auc", "f1", "precision", "recall", "score", "r2", "reward"]
    if scores.contains(where: key.hasSuffix) { return .maximize }
    let losses = ["cost", "loss", "error", "mse", "mae", "rmse", "perplexity"]
    return losses.contains(where: key.hasSuffix) ? .minimize : nil
  }
}
