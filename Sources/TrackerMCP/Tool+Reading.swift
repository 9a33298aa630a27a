import TrackerExperiments
import TrackerJSON
import TrackerStore
import TrackerViews

extension Tool {
  private static let run = Argument(
    name: "run", kind: .text,
    description: "An id, latest, latest~1, a unique name, or best:METRIC", isRequired: true)

  /// The tools that change nothing.
  static var reading: [Tool] {
    [
      Tool(
        name: "list_runs",
        description:
          "Runs, newest first: parameters and the last value of each metric. Filter with where, as in "
          + "lambda > 0.1 and status = finished and best(metrics.acc) >= 0.9",
        arguments: [
          Argument(
            name: "where", kind: .text, description: "A condition in tracker's filter language"),
          Argument(name: "sort", kind: .text, description: "Fields to sort by, such as -best(acc)"),
          Argument(
            name: "experiment", kind: .text, description: "The runs of this experiment alone"),
          Argument(name: "limit", kind: .whole, description: "At most so many; 20 by default"),
          Argument(
            name: "archived", kind: .truth, description: "Whether archived runs are among them"),
        ]
      ) { call in
        let runs = try call.store.runs(
          RunQuery(
            experiment: call.text("experiment"), includesArchived: call.flag("archived"),
            condition: call.text("where"), sort: call.text("sort"),
            limit: call.count("limit", default: 20, most: 500)))
        return .array(runs.map(\.brief))
      },
      Tool(
        name: "list_experiments", description: "Experiments with the number of their runs.",
        arguments: []
      ) { ExperimentListView(try $0.store.experimentOverviews()).json },
      Tool(
        name: "show_run",
        description:
          "Everything on one run but its curves: parameters, metrics, gradient checks, environment, artifacts, the runs above and below it.",
        arguments: [run]
      ) { call in
        let run = try call.run()
        return RunView(
          run: run, artifacts: try call.store.artifacts(run: run.id).map(RunView.Artifact.init),
          children: try call.store.children(of: run)
        ).json
      },
      Tool(
        name: "compare_runs",
        description:
          "Runs side by side: what differs in parameters, data and code; metrics with the better run.",
        arguments: [
          Argument(
            name: "runs", kind: .texts, description: "Two runs or more, the baseline first",
            isRequired: true)
        ]
      ) { call in
        let runs = try call.ids().map { try call.store.run(id: $0) }
        guard runs.count > 1 else { throw ToolError("there are not two runs to compare") }
        return ComparisonView(runs: runs).json
      },
      Tool(
        name: "diagnose_run",
        description:
          "The likeliest causes of a failed gradient check or a bad training, with evidence and what would confirm them.",
        arguments: [run]
      ) { call in
        let run = try call.run()
        let findings = try RunDiagnosis(store: call.store, run: run).findings()
        return DiagnosisView(run: run.id, findings: findings.map(DiagnosisView.Finding.init)).json
      },
      Tool(
        name: "metric_history",
        description: "A metric of a run over its steps, thinned where it has more points.",
        arguments: [
          run,
          Argument(name: "metric", kind: .text, description: "The metric's key", isRequired: true),
          Argument(name: "points", kind: .whole, description: "At most so many; 100 by default"),
        ]
      ) { call in
        let run = try call.run()
        let key = try call.required("metric")
        guard run.metrics[key] != nil else {
          let known = inReadingOrder(metrics: run.metrics.keys).joined(separator: ", ")
          throw ToolError("run \(run.id) has no metric \(key); it has: \(known)")
        }
        let count = try call.count("points", default: 100, most: 5000)
        let points = try call.store.sampledPoints(run: run.id, metric: key, spans: count)
        return MetricSeriesView(MetricCurve(run: run.id, metric: key, points: points)).json
      },
      Tool(
        name: "query",
        description:
          "One SELECT in SQLite's SQL, read-only, on the views runs, parameters, tags, metrics, metric_points, "
          + "gradient_checks, gradient_check_blocks, artifacts, alerts, experiments, sweeps.",
        arguments: [
          Argument(name: "sql", kind: .text, description: "The statement", isRequired: true)
        ]
      ) { call in
        QueryView(try call.store.query(call.required("sql"), timeout: .seconds(30))).json
      },
    ]
  }
}

extension Run {
  /// The run in a list.
  fileprivate var brief: JSONValue {
    let whole = json
    let kept = ["id", "name", "experiment", "status", "startedAt", "durationSeconds", "parameters"]
    return .object(
      kept.map { .init(key: $0, value: whole[$0] ?? .null) } + [
        .init(
          key: "metrics",
          value: .object(
            inReadingOrder(metrics: metrics.keys).map { key in
              .init(key: key, value: .number(metrics[key]?.last))
            })),
        .init(key: "tags", value: whole["tags"] ?? .null),
        .init(key: "note", value: .string(note)),
      ])
  }
}
