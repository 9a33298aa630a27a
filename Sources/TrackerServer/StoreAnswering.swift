import Synchronization
package import TrackerMLflow
package import TrackerStore

/// Answers everything from one store: MLflow's clients, programs that read our JSON, and people who look at the report.
package final class StoreAnswering: RequestAnswering {
  private let store: Store
  private let mlflow: MLflowService
  private let programs: TrackerAPI
  private let makePage: @Sendable () throws -> String
  /// After so much silence, in milliseconds, a client's run is taken for crashed; `nil` for never.
  private let lostAfter: Int64?
  /// The page as it was made last, and for which state of the store.
  private let page = Mutex<(change: Int64, html: [UInt8])?>(nil)

  /// - Parameters:
  ///   - artifactRoot: as of ``MLflowService``
  ///   - page: makes the report as HTML
  /// - Throws: ``StoreError``
  package init(
    store: Store, artifactRoot: String?, lostAfterMilliseconds lostAfter: Int64?,
    page makePage: @escaping @Sendable () throws -> String
  ) throws {
    self.store = store
    self.makePage = makePage
    self.lostAfter = lostAfter
    programs = TrackerAPI(store: store)
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
    if request.path == "/" { return report(request) }
    return request.path.hasPrefix(TrackerAPI.prefix)
      ? programs.answer(request) : mlflow.answer(request)
  }

  private func report(_ request: HTTPRequest) -> HTTPResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      return TrackerAPI.error(405, "The report is there to be read: GET it.")
    }
    do {
      let change = try store.changeNumber()
      let html = try page.withLock { page -> [UInt8] in
        if let page, page.change == change { return page.html }
        let html = Array(try makePage().utf8)
        page = (change, html)
        return html
      }
      return HTTPResponse(
        headers: [
          KeyedText(key: "Content-Type", value: "text/html; charset=utf-8"),
          KeyedText(key: "Cache-Control", value: "no-cache"),
          KeyedText(key: "X-Content-Type-Options", value: "nosniff"),
          KeyedText(key: "X-Frame-Options", value: "DENY"),
          KeyedText(key: "Referrer-Policy", value: "no-referrer"),
        ], body: .bytes(html))
    } catch {
      return TrackerAPI.error(503, "The report cannot be made: \(error)")
    }
  }
}
