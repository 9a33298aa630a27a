import TrackerJSON
import TrackerStore

extension MLflowService {
  func metricHistory(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let run = try Self.runID(message)
    let key = try message.requiredText("metric_key")
    let limit = try message.integer("max_results").flatMap { $0 > 0 ? Int(clamping: $0) : nil }
    let offset = try PageToken.offset(message.text("page_token"))
    // A run that is not there is an error, not one without points.
    let found = try store.history(
      run: run, metric: key, limit: limit.map { min($0, Int(Int32.max) - 1) + 1 }, offset: offset)
    if found.isEmpty { _ = try store.clientRun(run) }
    let (page, token) = PageToken.page(found, limit: limit ?? .max - 1, offset: offset)
    return .json(
      .object(["metrics": .array(page.map { ClientMetric(key: key, point: $0).answer })])
        .with(token: token))
  }

  func metricHistoryOfRuns(_ call: Call) throws -> HTTPResponse {
    let runs = call.request.query.filter { $0.key == "run_id" }.map(\.value)
    let name = "GetMetricHistoryBulk request"
    guard !runs.isEmpty else {
      throw MLflowError.invalid("\(name) must specify at least one run_id.")
    }
    guard runs.count <= Limits.runsOfHistory else {
      throw MLflowError.invalid(
        "\(name) cannot specify more than \(Limits.runsOfHistory) run_ids. Received \(runs.count) run_ids."
      )
    }
    guard let key = call.request.query("metric_key") else {
      throw MLflowError.invalid("\(name) must specify a metric_key.")
    }
    let wanted = try Message(query: call.request.query).integer("max_results")
    let limit = min(max(0, Int(clamping: wanted ?? .max)), Limits.pointsOfHistory)
    var points: [JSONValue] = []
    for run in runs.sorted() where points.count < limit {
      points += try store.history(
        run: RunID.internal(run), metric: key, limit: limit - points.count, offset: 0
      ).map { ClientMetric(key: key, point: $0, run: run).answer }
    }
    return .json(.object(["metrics": .array(points)]))
  }

  func metricHistoryByInterval(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let runs = try message.texts("run_ids", isFromQuery: true)
    guard !runs.isEmpty else { throw MLflowError.missing("run_ids") }
    guard runs.count <= Limits.runsOfHistory else {
      throw MLflowError.invalid(
        "GetMetricHistoryBulkInterval request must specify at most \(Limits.runsOfHistory) run_ids. "
          + "Received \(runs.count) run_ids.")
    }
    let key = try message.requiredText("metric_key")
    let count = try message.integer("max_results") ?? Int64(Limits.pointsOfInterval)
    guard (1...Int64(Limits.pointsOfInterval)).contains(count) else {
      throw MLflowError.invalid("max_results must be between 1 and \(Limits.pointsOfInterval).")
    }
    let (start, end) = (try message.integer("start_step"), try message.integer("end_step"))
    var steps: ClosedRange<Int64>?
    if let start, let end {
      guard start <= end else {
        throw MLflowError.invalid(
          "end_step must be greater than start_step. Found start_step=\(start) and end_step=\(end)."
        )
      }
      steps = start...end
    } else if start != nil || end != nil {
      throw MLflowError.invalid(
        "If either start step or end step are specified, both must be specified.")
    }
    let points = try store.sampledHistory(
      runs: runs.map(RunID.internal), metric: key, steps: steps, count: Int(count),
      limit: Limits.pointsOfHistory)
    return .json(
      .object([
        "metrics": .array(
          points.map {
            ClientMetric(key: key, point: $0.point, run: RunID.external($0.run)).answer
          })
      ]))
  }
}
