import TrackerViews
package import TrackerStore

/// What the screen needs of the store.
package struct WatchRequest: Sendable, Hashable {
  /// Which runs are listed, as in `list --where`; `nil`: all that are not archived.
  package var condition: String?
  /// Their order, as in `list --sort`; `nil`: the newest first.
  package var sort: String?
  /// The runs that are read in full, each with the curve of its leading metric.
  package var rows: [Int64] = []
  /// The run that is looked at.
  package var run: Int64?
  /// The metric of ``run`` that is drawn; `nil`: the leading one.
  package var metric: String?
  /// The place of the gradient check of ``run`` whose vectors are drawn.
  package var check: Int?

  /// A question for all runs, in their usual order.
  package init(condition: String? = nil, sort: String? = nil) {
    self.condition = condition
    self.sort = sort
  }
}

/// What the store says.
package struct WatchData: Sendable {
  /// A run as the list knows it.
  package struct Entry: Sendable, Hashable {
    package var id: Int64
    package var status: RunStatus

    package init(id: Int64, status: RunStatus) {
      self.id = id
      self.status = status
    }
  }

  /// The store's file.
  package var path: String
  /// Why nothing can be read at present, and for how long that goes on.
  package var trouble: String?
  /// What is wrong with the condition or the order that was asked for.
  package var mistake: String?
  /// Whether the store has answered yet.
  package var isRead = false
  /// All runs that were asked for, in order.
  package var entries: [Entry] = []
  /// Runs in full, by number.
  package var runs: [Int64: Run] = [:]
  /// The points of runs' leading metrics, by run.
  package var curves: [Int64: [MetricPoint]] = [:]
  /// The points of the metric that is drawn.
  package var points: [MetricPoint] = []
  /// The gradient check that is drawn, character by character; empty where its vectors were not kept.
  package var picture = ""

  /// Nothing yet.
  package init(path: String) { self.path = path }

  /// The number of the newest of the runs.
  var newest: Int64? { entries.lazy.map(\.id).max() }
}

extension Run {
  /// The metric that tells most of how a run goes: the one that is aimed at, or what comes first.
  package var leadingMetric: String? {
    RankingMetric([self])?.key ?? inReadingOrder(metrics: metrics.keys).first
  }
}

extension GradientCheckRecord {
  /// The differences of the vectors as a picture of characters.
  package func picture(of vectors: Vectors) -> String { TextHeatMap.text(of: self, vectors) }
}
