import TrackerJSON
import TrackerMLflow
import TrackerStore
import TrackerValues
import TrackerViews

/// Our own interface: what `list`, `show` and `show --metric` print as JSON, for programs that have no `tracker`.
///
///     GET /api/tracker/1/runs?where=lambda > 0.1&sort=-cost&limit=20&experiment=digits&all=true
///     GET /api/tracker/1/runs/RUN
///     GET /api/tracker/1/runs/RUN/series?metric=cost
struct TrackerAPI: Sendable {
  static let prefix = "/api/tracker/1/"

  let store: Store

  func answer(_ request: HTTPRequest) -> HTTPResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      return Self.error(405, "There is nothing to be changed here: GET it.")
    }
    do {
      guard let value = try value(request) else {
        return Self.error(404, "There is no \(request.path).")
      }
      return HTTPResponse(type: "application/json", value.compact)
    } catch {
      return Self.answer(error)
    }
  }

  /// What a client is told of an error.
  static func answer(_ error: any Error) -> HTTPResponse {
    guard let error = error as? any ExplainedError else { return Self.error(500, "\(error)") }
    let status =
      switch error.kind {
      case .usage: 400
      case .missing: 404
      case .unavailable, .inputOutput: 503
      case .data, .cannotCreate, .software: 500
      }
    return Self.error(status, error.description, advice: error.advice)
  }

  static func error(_ status: Int, _ message: String, advice: String? = nil) -> HTTPResponse {
    HTTPResponse(
      status: status, type: "application/json",
      JSONValue.object(["error": .string(message), "advice": .string(advice)]).compact)
  }

  private func value(_ request: HTTPRequest) throws -> JSONValue? {
    let parts = request.path.dropFirst(Self.prefix.count).split(separator: "/").map(String.init)
    guard parts.first == "runs" else { return nil }
    switch parts.count {
    case 1:
      let limit = try request.query("limit").map { text -> Int in
        guard let limit = Int(text), limit >= 0 else {
          throw QueryError(description: "limit is a whole number from 0, not \(text)")
        }
        return limit
      }
      return RunListView(
        runs: try store.runs(
          RunQuery(
            experiment: request.query("experiment"),
            includesArchived: request.query("all") == "true",
            condition: request.query("where"), sort: request.query("sort"), limit: limit))
      ).json
    case 2:
      let run = try store.run(id: store.runID(parts[1]))
      let artifacts = try store.artifacts(run: run.id).map(RunView.Artifact.init)
      return RunView(run: run, artifacts: artifacts, children: try store.children(of: run)).json
    case 3 where parts[2] == "series":
      guard let metric = request.query("metric") else {
        throw QueryError(description: "the series of which metric? Write ?metric=cost")
      }
      let id = try store.runID(parts[1])
      return MetricSeriesView(
        MetricCurve(run: id, metric: metric, points: try store.points(run: id, metric: metric))
      ).json
    default: return nil
    }
  }
}

/// A query that makes no sense.
private struct QueryError: ExplainedError {
  let description: String
  var kind: ExplainedErrorKind { .usage }
}
