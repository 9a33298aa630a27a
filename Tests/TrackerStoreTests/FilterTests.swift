import TestSupport
import Testing

@testable import TrackerStore

@Suite("Conditions on runs")
struct FilterTests {
  let folder: TemporaryFolder
  let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("tracker.sqlite"))
    let day: Int64 = 86_400_000
    for (index, lambda) in [0.0, 0.1, 0.5, 1.0, 10.0].enumerated() {
      let run = try store.startRun(
        RunStart(
          experiment: index < 3 ? "one" : "two", name: index % 2 == 0 ? "tnc-\(index)" : nil,
          parameters: [
            "lambda": .real(lambda), "optimizer": .text(index % 2 == 0 ? "tnc" : "lbfgs"),
            "big": .boolean(index > 2), "cost": "stable",
          ],
          tags: index == 1 ? ["team": "a"] : [:],
          // From 2026-11-01 on, a day apart.
          startedAt: Timestamp(milliseconds: 1_793_491_200_000 + Int64(index) * day)))
      try run.log([("cost", 10 - Double(index)), ("accuracy", 0.9)], step: 0, time: run.startedAt)
      try run.log(
        [("cost", Double(index)), ("accuracy", 0.5), ("saturated.1", 0.25)], step: 1,
        time: run.startedAt)
      try run.finish(
        index == 4 ? .failed : .finished,
        at: Timestamp(milliseconds: run.startedAt.milliseconds + Int64(index) * 60_000))
    }
  }

  private func ids(_ condition: String) throws -> [Int64] {
    try store.runs(RunQuery(condition: condition)).map(\.id).sorted()
  }

  @Test(
    "a metric's word in a condition means that metric",
    arguments: ["cost", "val/f1", "top1 (%)", "a`b", "and", "0.5", "loss, smoothed"])
  func words(_ key: String) throws {
    let condition = try FilterParser.parse("\(FilterField.word(forMetric: key)) >= 0.5")
    guard case .compare(let field, _, _) = condition else {
      Issue.record("\(condition)")
      return
    }
    #expect(field.scope == .metrics && field.key == key)
  }

  @Test(
    "choose the runs that they are true of",
    arguments: [
      ("lambda > 0.1", [3, 4, 5]), ("params.lambda >= 0.1 and not lambda = 10", [2, 3, 4]),
      ("lambda > 9", [5]), ("lambda in (0.1, 10)", [2, 5]), ("status = finished", [1, 2, 3, 4]),
      ("status != finished or id = 1", [1, 5]), ("name like \"tnc%\"", [1, 3, 5]),
      ("name is null", [2, 4]), ("name is not null and not (id = 3)", [1, 5]),
      ("metrics.cost < 2", [1, 2]), ("max(cost) = 10", [1]), ("first(metrics.cost) <= 7", [4, 5]),
      ("best(accuracy) = 0.9", [1, 2, 3, 4, 5]), ("accuracy = 0.5 and min(cost) = 3", [4]),
      ("tags.team = \"a\"", [2]), ("team = a", [2]), ("not team = a", [1, 3, 4, 5]),
      ("big = true", [4, 5]), ("optimizer = 'tnc' and experiment = two", [5]),
      ("started > 2026-11-03", [4, 5]),
      ("started >= 2026-11-03T00:00 and started < 2026-11-04", [3]),
      ("duration < 2m", [1, 2]), ("duration >= 180s", [4, 5]),
      ("saturated.1 = 0.25", [1, 2, 3, 4, 5]),
      ("metrics.`saturated.1` > 1", []), ("lambda = 1e1 OR (id = 1 AND lambda = 0)", [1, 5]),
      ("not not id = 2", [2]), ("params.nothing is null", [1, 2, 3, 4, 5]),
      ("lambda like '0.%'", [1, 2, 3]),
      ("started = 2026-11-03", [3]), ("started != 2026-11-03", [1, 2, 4, 5]),
      ("started <= 2026-11-02", [1, 2]), ("startedAt > 2026-11-04T00:00", [5]),
      ("started in (2026-11-01, 2026-11-04T00:00:00.000Z)", [1, 4]),
      ("durationSeconds = 60", [2]), ("parameters.lambda = 10", [5]), ("uuid is null", []),
      ("tags.\"team\" = a", [2]), ("tags.'team' is not null", [2]),
      ("optimizer not in (tnc)", [2, 4]), ("name not like '%4'", [1, 2, 3, 4]),
    ] as [(String, [Int64])])
  func conditions(condition: String, expected: [Int64]) throws {
    #expect(try ids(condition) == expected)
  }

  @Test(
    "that cannot be read say where and why",
    arguments: [
      ("lambda >", 8, "expected a number, a text or a date"), ("lambda 3", 7, "expected =, !="),
      ("(lambda > 1", 11, "closing parenthesis"), ("lambda > 1)", 10, "unexpected"),
      ("lamda > 1", 0, "no run has"), ("cost < 1", 0, "is a parameter and a metric"),
      ("lambda > \"x", 9, "the quote is not closed"),
      ("mean(metrics.cost) > 1", 0, "is not an aggregate"),
      ("lambda = null", 9, "null is not compared"), ("lambda ! 1", 7, "alone is not an operator"),
      ("started > yesterday", 10, "started is a date"), ("lambda > 1x", 9, "not a number"),
      ("", 0, "expected"),
      ("lambda > 1 and", 14, "expected"), ("name like 3", 10, "like takes a text"),
      ("§", 0, "means nothing"),
      ("id in (1", 8, "a comma or a closing"), ("best(lambda) > 1", 5, "no run has"),
      ("started = 2026-02-31", 10, "started is a date"), ("started > 7d", 10, "started is a date"),
      ("started like \"2026%\"", 0, "started is a date"),
      ("status = done", 9, "there is no status done"),
      ("id = latest", 5, "id is a number"), ("metrics.cost = low", 15, "cost is a number"),
      ("lambda = abc", 9, "is a number in every run"), ("optimizer > 3", 12, "is a text in every"),
      ("metrics.cots < 1", 0, "no run has a metric named cots"),
      ("min(params.lambda) > 1", 4, "no run has a metric named lambda"),
      ("max(params.cost) > 1", 4, "only metrics have more than one value"),
      ("best(saturated.1) > 0", 5, "is better is not known"),
      ("metrics.cost > nan", 15, "nothing is above or below NaN"),
      ("and", 0, "\"and\" is unexpected"), ("status = or", 9, "\"or\" is unexpected"),
      ("\"team\" = a", 0, "\"team\" is a text"), ("name like tnc%", 13, "means nothing"),
      ("  ", 2, "the condition is empty"),
    ])
  func mistakes(condition: String, place: Int, message: String) throws {
    let error = #expect(throws: FilterSyntaxError.self) { try ids(condition) }
    #expect(error?.range.lowerBound == place, "\(error?.marked ?? "")")
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(
    "a mistake suggests what was meant",
    arguments: [
      ("lamda > 1", "did you mean lambda?"), ("LAMBDA > 1", "did you mean lambda?"),
      ("metrics.cots < 1", "did you mean metrics.cost?"),
      ("param.lambda > 1", "did you mean params.lambda?"), ("x = 1", nil),
      ("status = finish", "did you mean finished?"),
      ("status = done", "it is running, finished, failed, interrupted or crashed"),
      ("min(lambda) > 1", "write lambda without min()"),
      ("max(acuracy) > 1", "did you mean accuracy?"),
      ("lambda > 1 && id = 1", "write and"), ("name like tnc%", "put a text between quotes"),
      ("\"a b\" = 1", "a name with spaces stands between backquotes: `a b`"),
    ] as [(String, String?)])
  func suggestions(condition: String, suggestion: String?) {
    let error = #expect(throws: FilterSyntaxError.self) { try ids(condition) }
    #expect(error?.suggestion == suggestion)
  }

  @Test("carets stand below the mistake, in a condition of several lines, too")
  func carets() {
    let error = #expect(throws: FilterSyntaxError.self) { try ids("id = 1\n\tor lamda > 1") }
    #expect(error?.marked == "id = 1  or lamda > 1\n           ^^^^^")
  }

  @Test(
    "compare numbers with numbers and texts with texts, where runs have both",
    arguments: [
      ("x > 1", [3]), ("x >= 0.5", [1, 3]), ("x < 1", [1]), ("x <= zzz", [2]), ("x != 3", [1, 2]),
      ("x = abc", [2]), ("x > aaa", [2]), ("x in (abc, 3)", [2, 3]), ("not x > 1", [1, 2, 4]),
      ("hidden > 60", [1]), ("hidden = 100", [1]), ("hidden in (50, 100)", [1, 2]),
      ("hidden = \"300,100\"", [3]), ("fold > 1", [2]), ("fold = 1", [1]),
      ("fold in (1, two)", [1, 3]), ("name = 5", [4]), ("loss = nan", [2]), ("loss != nan", [3]),
      ("loss is null", [1, 4]), ("loss is not null", [2, 3]), ("loss < 2", [3]),
      ("tags.`a ``b`` c` = yes", [4]), ("params.rate = nan", [4]),
      ("params.rate is null", [1, 2, 3]),
    ] as [(String, [Int64])])
  func mixedTypes(condition: String, expected: [Int64]) throws {
    let store = try Store(path: folder.file("mixed.sqlite"))
    let made: [RunStart] = [
      RunStart(parameters: ["x": 0.5, "hidden": "100"], tags: ["fold": "1"]),
      RunStart(parameters: ["x": "abc", "hidden": "50"], tags: ["fold": "10"]),
      RunStart(parameters: ["x": 3, "hidden": "300,100"], tags: ["fold": "two"]),
      RunStart(name: "5", parameters: ["rate": .real(.nan)], tags: ["a `b` c": "yes"]),
    ]
    for (index, start) in made.enumerated() {
      let run = try store.startRun(start)
      if index == 1 || index == 2 { try run.log([("loss", index == 1 ? .nan : 1)], step: 0) }
      try run.finish()
    }
    #expect(try store.runs(RunQuery(condition: condition)).map(\.id).sorted() == expected)
  }

  @Test("may be long, but not deep")
  func size() throws {
    let numbers = (3...2000).map(String.init)
    #expect(try ids("id in (\(numbers.joined(separator: ", ")))") == [3, 4, 5])
    #expect(try ids(numbers.map { "id = \($0)" }.joined(separator: " or ")) == [3, 4, 5])
    #expect(try ids(numbers.map { "not id = \($0)" }.joined(separator: " and ")) == [1, 2])
    func nested(_ depth: Int) -> String {
      String(repeating: "id > 0 and not (", count: depth) + "id = 1 or id in (2, 3, 4)"
        + String(repeating: ")", count: depth)
    }
    #expect(try ids(nested(2)) == [1, 2, 3, 4] && ids(nested(11)) == [5])
    let error = #expect(throws: FilterSyntaxError.self) { try ids(nested(12)) }
    #expect(error?.message == "the condition is nested too deeply")
  }

  @Test("values are bound, not pasted")
  func injection() throws {
    #expect(try ids("name = \"x' OR 1 = 1 --\"").isEmpty)
    #expect(try ids("params.`x' OR 1 = 1 --` is not null").isEmpty)
    #expect(try store.runCount() == 5)
  }

  @Test("50,000 mutated conditions neither crash nor hang")
  func fuzz() {
    let seeds = [
      "lambda > 0.1 and best(metrics.cost) in (1, 2) or not name like \"tnc%\"",
      "started >= 2026-11-03T00:00 and (tags.team is not null or `a b` = 5m)",
    ].map { Array($0) }
    let pieces = Array("()\"'`,.<>=!-0aé 😀\n")
    var generator = SystemRandomNumberGenerator()
    var understood = 0
    for round in 0..<50_000 {
      var text = seeds[round % 2]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<text.count, using: &generator)
        if Bool.random(using: &generator) {
          text.remove(at: index)
        } else {
          text.insert(pieces[Int.random(in: 0..<pieces.count, using: &generator)], at: index)
        }
      }
      if (try? FilterParser.parse(String(text))) != nil { understood += 1 }
    }
    _ = try? FilterParser.parse(String(repeating: "(", count: 100_000))
    _ = try? FilterParser.parse(String(repeating: "not ", count: 100_000) + "id = 1")
    print("fuzzed 50000 conditions, \(understood) still understood")
    #expect(understood > 0)
  }

  @Test(
    "order runs by any field, and what has no value goes last",
    arguments: [
      ("id", [1, 2, 3, 4]), ("-id", [4, 3, 2, 1]), ("lambda", [2, 3, 1, 4]),
      ("-lambda", [1, 3, 2, 4]), ("-max(accuracy)", [2, 1, 3, 4]),
      ("best(cost), -name", [3, 1, 2, 4]), ("tags.team,-id", [3, 1, 4, 2]),
      ("-metrics.`accuracy`", [1, 3, 2, 4]), ("status, id", [1, 2, 3, 4]),
    ])
  func sorting(order: String, expected: [Int64]) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("tracker.sqlite"))
    // Run 4 has nothing at all.
    let made: [(Double, [Double], [Double], [String: String])] = [
      (10, [0.5, 0.9], [2, 1], ["team": "b"]), (0.5, [0.95, 0.1], [3, 1], [:]),
      (9, [0.2, 0.3], [0.5, 0.6], ["team": "a"]),
    ]
    for (lambda, accuracy, cost, tags) in made {
      let run = try store.startRun(
        RunStart(name: "n\(lambda)", parameters: ["lambda": .real(lambda)], tags: tags))
      for step in 0...1 {
        try run.log([("accuracy", accuracy[step]), ("cost", cost[step])], step: Int64(step))
      }
      try run.finish()
    }
    try store.startRun(RunStart()).finish()
    #expect(try store.runs(RunQuery(sort: order)).map(\.id) == expected)
    #expect(try store.runs(RunQuery(sort: order, limit: 2)).map(\.id) == Array(expected.prefix(2)))
    let read = try store.runs(RunQuery(condition: "id > 1", sort: order))
    #expect(read.map(\.id) == expected.filter { $0 > 1 })
    #expect(read.first { $0.id == 3 }?.metrics["cost"]?.last == 0.6)
  }

  @Test(
    "an order that cannot be read says where",
    arguments: ["lamda", "-", "id,", "id desc", "sum(id)"])
  func wrongOrder(order: String) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("tracker.sqlite"))
    try store.startRun(RunStart(parameters: ["lambda": 1])).finish()
    #expect(throws: FilterSyntaxError.self) { try store.runs(RunQuery(sort: order)) }
  }
}
