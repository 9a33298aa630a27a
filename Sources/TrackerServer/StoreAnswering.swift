package import TrackerMLflow
package import TrackerStore

/// Answers everything from one store: MLflow's clients, programs that read our JSON, and people who look at the report.
package final class StoreAnswering: RequestAnswering {
  private let store: Store
  private let mlflow: MLflowService
  private let programs: TrackerAPI
  private let pages: ReportPages
  package let feed: ChangeFeed
  /// After so much silence, in milliseconds, a client's run is taken for crashed; `nil` for never.
  private let lostAfter: Int64?

  /// - Parameter artifactRoot: as of ``MLflowService``
  /// - Throws: ``StoreError``
  package init(
    store: Store, artifactRoot: String?, lostAfterMilliseconds lostAfter: Int64?
  ) throws {
    self.store = store
    self.lostAfter = lostAfter
    programs = TrackerAPI(store: store)
    feed = ChangeFeed(store: store, runLimit: ReportPages.runLimit)
    pages = ReportPages(store: store, feed: feed)
    mlflow = try MLflowService(store: store, artifactRoot: artifactRoot)
  }

  package var folder: String {
    store.path.lastIndex(of: "/").map { String(store.path[..<$0]) } ?? "."
  }

  package func bodyLimit(_ method: String, _ path: String) -> (bytes: Int, isContent: Bool) {
    MLflowService.bodyLimit(method, path)
  }

  package func isOpen(_ path: String) -> Bool { path == "/health" || path == "/version" }

  package func everyMinute() {
    // What cannot be marked now is marked a minute later.
    if let lostAfter { try? store.markLostRuns(silentForMilliseconds: lostAfter) }
  }

  package func answer(_ request: HTTPRequest) -> HTTPResponse {
    if let response = pages.answer(request) { return response }
    return request.path.hasPrefix(TrackerAPI.prefix)
      ? programs.answer(request) : mlflow.answer(request)
  }
}
