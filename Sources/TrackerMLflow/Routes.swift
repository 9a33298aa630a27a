/// Which request is answered by what.
enum Routes {
  /// What follows the prefix of MLflow's interface, such as `mlflow/runs/get`; `nil` where there is none.
  static func rest(of path: String) -> Substring? {
    for prefix in ["/api/2.0/", "/ajax-api/2.0/", "/api/3.0/", "/ajax-api/3.0/"]
    where path.hasPrefix(prefix) {
      return path.dropFirst(prefix.count)
    }
    return nil
  }

  static func find(
    _ method: String, _ path: String
  ) -> (handler: MLflowService.Handler, parts: [String])? {
    // The same without its body, which the sender leaves out.
    let method = method == "HEAD" ? "GET" : method
    // Some paths come with a slash too many.
    let path = path.hasPrefix("//") ? String(path.dropFirst()) : path
    guard let rest = rest(of: path) else { return plain["\(method) \(path)"].map { ($0, []) } }
    if let handler = fixed["\(method) \(rest)"] { return (handler, []) }
    for (folder, handlers) in open where rest.hasPrefix(folder) {
      let tail = rest.dropFirst(folder.count)
      if folder == artifactFolder {
        return handlers["\(method)"].map { ($0, [String(tail)]) }
      }
      let parts = tail.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard let id = parts.first, !id.isEmpty else { return nil }
      // `logged-models/ID`, `…/ID/tags`, `…/ID/tags/KEY`, `…/ID/artifacts/directories`.
      let action = parts.dropFirst().joined(separator: "/")
      if let handler = handlers["\(method) \(action)"] { return (handler, [id]) }
      if action.hasPrefix("tags/"), let handler = handlers["\(method) tags/*"] {
        return (handler, [id, String(action.dropFirst(5))])
      }
      return nil
    }
    return nil
  }

  /// The methods that a path is answered to; none where there is no such path.
  static func methods(of path: String) -> [String] {
    ["GET", "POST", "PUT", "PATCH", "DELETE"].filter { find($0, path) != nil }
  }

  private static let plain: [String: MLflowService.Handler] = [
    "GET /health": { _, _ in HTTPResponse(type: "text/plain; charset=utf-8", "OK") },
    "GET /version": { _, _ in
      HTTPResponse(type: "text/plain; charset=utf-8", MLflowService.version)
    },
    "GET /get-artifact": { try $0.getArtifact($1) },
    "GET /model-versions/get-artifact": { try $0.getModelVersionArtifact($1) },
  ]

  private static let fixed: [String: MLflowService.Handler] = [
    "GET mlflow/server-info": { service, _ in service.serverInfo() },
    "POST mlflow/experiments/create": { try $0.createExperiment($1) },
    "GET mlflow/experiments/get": { try $0.getExperiment($1) },
    "GET mlflow/experiments/get-by-name": { try $0.getExperimentByName($1) },
    "POST mlflow/experiments/search": { try $0.searchExperiments($1) },
    "GET mlflow/experiments/search": { try $0.searchExperiments($1) },
    // MLflow 1's name for a search.
    "GET mlflow/experiments/list": { try $0.searchExperiments($1) },
    "POST mlflow/experiments/update": { try $0.updateExperiment($1) },
    "POST mlflow/experiments/delete": { try $0.deleteExperiment($1) },
    "POST mlflow/experiments/restore": { try $0.restoreExperiment($1) },
    "POST mlflow/experiments/set-experiment-tag": { try $0.setExperimentTag($1) },
    "POST mlflow/experiments/delete-experiment-tag": { try $0.deleteExperimentTag($1) },
    "POST mlflow/experiments/search-datasets": { try $0.searchDatasets($1) },
    "POST mlflow/runs/create": { try $0.createRun($1) },
    "POST mlflow/runs/update": { try $0.updateRun($1) },
    "POST mlflow/runs/delete": { try $0.deleteRun($1) },
    "POST mlflow/runs/restore": { try $0.restoreRun($1) },
    "GET mlflow/runs/get": { try $0.getRun($1) },
    "POST mlflow/runs/search": { try $0.searchRuns($1) },
    "POST mlflow/runs/log-metric": { try $0.logMetric($1) },
    "POST mlflow/runs/log-parameter": { try $0.logParameter($1) },
    "POST mlflow/runs/set-tag": { try $0.setTag($1) },
    "POST mlflow/runs/delete-tag": { try $0.deleteTag($1) },
    "POST mlflow/runs/log-batch": { try $0.logBatch($1) },
    "POST mlflow/runs/log-model": { try $0.logModel($1) },
    "POST mlflow/runs/log-inputs": { try $0.logInputs($1) },
    "POST mlflow/runs/outputs": { try $0.logOutputs($1) },
    "GET mlflow/metrics/get-history": { try $0.metricHistory($1) },
    "GET mlflow/metrics/get-history-bulk": { try $0.metricHistoryOfRuns($1) },
    "GET mlflow/metrics/get-history-bulk-interval": { try $0.metricHistoryByInterval($1) },
    "GET mlflow/artifacts/list": { try $0.listArtifacts($1) },
    "POST mlflow/upload-artifact": { try $0.uploadArtifact($1) },
    "GET mlflow-artifacts/artifacts": { try $0.listProxiedArtifacts($1) },
    "POST mlflow/logged-models": { try $0.createModel($1) },
    "POST mlflow/logged-models/search": { try $0.searchModels($1) },
  ]

  private static let artifactFolder: Substring = "mlflow-artifacts/artifacts/"

  private static let open: [(folder: Substring, handlers: [String: MLflowService.Handler])] = [
    (
      artifactFolder,
      [
        "GET": { try $0.getProxiedArtifact($1) },
        "PUT": { try $0.putProxiedArtifact($1) },
        "DELETE": { try $0.deleteProxiedArtifact($1) },
      ]
    ),
    (
      "mlflow/logged-models/",
      [
        "GET ": { try $0.getModel($1) },
        "PATCH ": { try $0.finalizeModel($1) },
        "DELETE ": { try $0.deleteModel($1) },
        "POST params": { try $0.logModelParameters($1) },
        "PATCH tags": { try $0.setModelTags($1) },
        "DELETE tags/*": { try $0.deleteModelTag($1) },
        "GET artifacts/directories": { try $0.listModelArtifacts($1) },
        "GET artifacts/files": { try $0.getModelArtifact($1) },
      ]
    ),
  ]
}
