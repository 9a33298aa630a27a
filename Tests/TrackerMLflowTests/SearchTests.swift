import Testing
import TrackerJSON
import TrackerStore

@Suite("MLflow's search")
struct SearchTests {
  /// Four runs that differ.
  private static func client() throws -> (client: TestClient, ids: [String: String]) {
    let client = try TestClient()
    var ids: [String: String] = [:]
    let runs: [(name: String, lr: String?, loss: String?, team: String?, start: Int)] = [
      ("one", "0.1", "0.5", "Red", 1000), ("two", "1e-2", "\"NaN\"", "red", 2000),
      ("three", "0.1", "\"Infinity\"", nil, 3000),
      ("four", nil, nil, "blue", 3000),
    ]
    for run in runs {
      let id = try client.startRun(run.name, startedAt: run.start)
      ids[run.name] = id
      if let lr = run.lr {
        _ = try client.post(
          "runs/log-parameter", #"{"run_id":"\#(id)","key":"lr","value":"\#(lr)"}"#)
      }
      if let loss = run.loss {
        _ = try client.post(
          "runs/log-metric", #"{"run_id":"\#(id)","key":"val loss","value":\#(loss),"timestamp":1}"#
        )
      }
      if let team = run.team {
        _ = try client.post(
          "runs/set-tag", #"{"run_id":"\#(id)","key":"the team","value":"\#(team)"}"#)
      }
    }
    _ = try client.post(
      "runs/update", #"{"run_id":"\#(ids["one"] ?? "")","status":"FINISHED","end_time":5000}"#)
    _ = try client.post(
      "runs/log-inputs",
      #"{"run_id":"\#(ids["one"] ?? "")","datasets":[{"dataset":{"name":"digits","digest":"d1","source_type":"local","source":"{}"},"tags":[{"key":"mlflow.data.context","value":"train"}]},{"dataset":{"name":"letters","digest":"d2","source_type":"local","source":"{}"}}]}"#
    )
    return (client, ids)
  }

  static let foundList: [(String, Set<String>)] = [
    ("", ["one", "two", "three", "four"]),
    ("metrics.`val loss` < 1", ["one"]),
    ("metric.\"val loss\" >= 0.5 and attributes.status = 'RUNNING'", ["three"]),
    ("metrics.`val loss` != 0.5", ["three"]), ("metrics.none > 0", []),
    ("params.lr = '0.1'", ["one", "three"]), ("params.lr = '1e-2'", ["two"]),
    ("params.lr = '0.01'", []), ("param.lr != \"0.1\"", ["two"]),
    ("params.lr LIKE '0%'", ["one", "three"]), ("params.lr IS NULL", ["four"]),
    ("parameter.lr is not null", ["one", "two", "three"]),
    ("tags.`the team` = 'red'", ["two"]), ("tags.\"the team\" ILIKE 'RED'", ["one", "two"]),
    ("tag.`the team` LIKE '%ed'", ["one", "two"]),
    ("tags.`mlflow.runName` = 'four'", ["four"]), ("run_name LIKE 't%'", ["two", "three"]),
    ("attributes.`run name` = 'one'", ["one"]),
    ("start_time > 1000 AND created <= 2000", ["two"]), ("attributes.end_time = 5000", ["one"]),
    ("status != 'FINISHED'", ["two", "three", "four"]),
    ("user_id = 'ann'", ["one", "two", "three", "four"]), ("dataset.name = 'digits'", ["one"]),
    ("datasets.context = 'train' AND dataset.digest = 'd1'", ["one"]),
    ("dataset.name IN ('letters', 'x')", ["one"]),
    ("dataset.name NOT IN ('digits', 'letters')", []),
    ("dataset.name NOT IN ('digits')", ["one"]),
    ("artifact_uri LIKE 'mlflow-artifacts:/%/artifacts'", ["one", "two", "three", "four"]),
    ("tags.`the team` = 'it''s'", []), ("params.lr LIKE '[*?%'", []),
    ("metrics.`val loss` > -1e3", ["one", "three"]),
  ]

  @Test(
    "conditions find the runs that they are true of",
    arguments: Self.foundList)
  func conditions(filter: String, names: Set<String>) throws {
    #expect(Set(try Self.client().client.search(filter)) == names)
  }

  @Test("runs are found by their ids")
  func ids() throws {
    let (client, ids) = try Self.client()
    let (one, two) = (ids["one"] ?? "", ids["two"] ?? "")
    #expect(Set(try client.search("run_id IN ('\(one)', '\(two)')")) == ["one", "two"])
    #expect(
      Set(try client.search("attributes.run_id NOT IN ('\(one)', '\(two)')")) == ["three", "four"])
    #expect(try client.search("run_id = '\(one)'") == ["one"])
  }

  static let ordersList: [([String], [String])] = [
    (["metrics.`val loss`"], ["one", "three", "two", "four"]),
    (["metric.`val loss` DESC"], ["three", "one", "two", "four"]),
    (["params.lr desc", "attributes.start_time ASC"], ["two", "one", "three", "four"]),
    (["run_name"], ["four", "one", "three", "two"]),
    (["tags.`the team`", "start_time"], ["one", "four", "two", "three"]),
    (["start_time ASC", "name_is_none"], []),
  ]

  @Test(
    "orders: NaN comes after numbers and before what has no value, then the latest start, then ids",
    arguments: Self.ordersList)
  func orders(order: [String], names: [String]) throws {
    let client = try Self.client().client
    if names.isEmpty {
      #expect(throws: TestClient.Failure.self) { try client.search("", order: order) }
    } else {
      #expect(try client.search("", order: order) == names)
    }
  }

  static let unreadableList: [String] = [
    "params.lr > '1'", "params.lr = 1", "metrics.loss = 'a'", "metrics.loss LIKE 'a'",
    "nonsense = 'a'", "foo.bar = 'a'", "a", "params.lr = '1' OR params.lr = '2'",
    "params.lr = 'x", "status IN ('RUNNING')", "start_time IS NULL", "dataset.other = 'a'", "AND",
    "params.lr = '1';", "params. = '1'", "run_id IN ()", "metrics.a > 1 metrics.b > 2",
  ]

  @Test(
    "what cannot be read is refused",
    arguments: Self.unreadableList)
  func mistakes(filter: String) throws {
    let client = try TestClient()
    let body = JSONValue.object([
      "experiment_ids": .array([.string("0")]), "filter": .string(filter),
    ])
    let (status, answer) = try client.send("POST", "runs/search", body.compact)
    #expect(status == 400, "\(answer.compact)")
    #expect(answer["error_code"]?.text == "INVALID_PARAMETER_VALUE")
  }

  @Test("pages follow each other and end")
  func pages() throws {
    let client = try TestClient()
    for number in 0..<10 { _ = try client.startRun("\(number)", startedAt: 1) }
    var (names, token) = ([String](), "")
    for page in 0..<3 {
      let answer = try client.post(
        "runs/search", #"{"experiment_ids":["0"],"max_results":4,"page_token":"\#(token)"}"#)
      names += answer["runs"]?.items.compactMap { $0["info"]?["run_id"]?.text } ?? []
      token = answer["next_page_token"]?.text ?? ""
      #expect(token.isEmpty == (page == 2))
    }
    #expect(names == names.sorted())
    #expect(Set(names).count == 10)
  }

  @Test("points are paged, sampled over runs, and given for several runs at once")
  func histories() throws {
    let client = try TestClient()
    let runs = [try client.startRun("a"), try client.startRun("b")]
    for (place, run) in runs.enumerated() {
      for step in 0..<(10 * (place + 1)) {
        _ = try client.post(
          "runs/log-metric",
          #"{"run_id":"\#(run)","key":"m","value":1,"timestamp":1,"step":\#(step)}"#)
      }
    }
    func steps(_ answer: JSONValue) -> [String] {
      answer["metrics"]?.items.compactMap { $0["step"]?.compact } ?? []
    }
    let first = try client.get(
      "metrics/get-history", ["run_id": runs[0], "metric_key": "m", "max_results": "8"])
    #expect(steps(first) == (0..<8).map(String.init))
    let rest = try client.get(
      "metrics/get-history",
      [
        "run_id": runs[0], "metric_key": "m", "max_results": "8",
        "page_token": first["next_page_token"]?.text ?? "",
      ])
    #expect(steps(rest) == ["8", "9"])
    #expect(rest["next_page_token"] == nil)
    let sampled = try client.get(
      "metrics/get-history-bulk-interval",
      ["run_ids": runs[0], "run_ids": runs[1], "metric_key": "m", "max_results": "5"])
    #expect(steps(sampled) == ["0", "4", "8", "9", "0", "4", "8", "9", "12", "16", "19"])
    let both = try client.get(
      "/ajax-api/2.0/mlflow/metrics/get-history-bulk",
      ["run_id": runs[0], "run_id": runs[1], "metric_key": "m", "max_results": "12"])
    #expect(both["metrics"]?.items.count == 12)
  }
}
