package import TrackerMLflow
package import TrackerStore

/// Answers everything from one store.
package final class StoreAnswering: RequestAnswering {
  private let store: Store
  private let mlflow: MLflowService

  /// - Throws: ``StoreError``
  package init(store: Store, artifactRoot: String?) throws {
    self.store = store
    mlflow = try MLflowService(store: store, artifactRoot: artifactRoot)
  }

  package var folder: String {
    store.path.lastIndex(of: "/").map { String(store.path[..<$0]) } ?? "."
  }

  package func bodyLimit(_ method: String, _ path: String) -> (bytes: Int, isContent: Bool) {
    MLflowService.bodyLimit(method, path)
  }

  package func isOpen(_ path: String) -> Bool { path == "/health" || path == "/version" }

  package func answer(_ request: HTTPRequest) -> HTTPResponse { mlflow.answer(request) }
}
