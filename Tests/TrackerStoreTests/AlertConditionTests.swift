import Testing
import TrackerStore

@Suite("Conditions of alerts")
struct AlertConditionTests {
  @Test(
    "come true where they should",
    arguments: [
      ("isnan(cost)", [1, 2, Double.nan], 2), ("cost > 3 * min(cost)", [2, 1, 2.9, 3.1, 1], 3),
      ("cost - first(cost) >= 1", [1, 1.5, 2], 2), ("not cost < 5", [1, 4, 5], 2),
      ("(cost + 1) * 2 > 8 and cost < 100", [3, 3.1], 1),
      ("cost / 2 > 1 or isnan(cost)", [1, 3], 1),
      ("metrics.cost > 1e2", [99, 101], 1), ("-cost > 1", [1, -2], 1), ("`cost` = 7", [6, 7], 1),
      ("other > 0", [1, 2, 3], nil), ("cost > max(other)", [1, 2], nil),
    ] as [(String, [Double], Int?)])
  func conditions(_ text: String, _ values: [Double], _ step: Int?) throws {
    var watch = AlertWatch([try AlertCondition(text)])
    var raised: Int?
    for (index, value) in values.enumerated() {
      let alerts = watch.see([("cost", value)], step: Int64(index))
      if raised == nil, let alert = alerts.first {
        raised = index
        #expect(alert.title == text && alert.step == Int64(index))
      }
    }
    #expect(raised == step)
  }

  @Test("are told once, and again after they were false")
  func edges() throws {
    var watch = AlertWatch([try AlertCondition("cost > 1")])
    let told = [2, 3, 0, 2, 2].enumerated().map {
      watch.see([("cost", $1)], step: Int64($0)).count
    }
    #expect(told == [1, 0, 0, 1, 0])
  }

  @Test("no point for a time is seen by looking at the clock")
  func time() throws {
    let start = Timestamp(milliseconds: 0)
    var watch = AlertWatch([try AlertCondition("no point for 10m")], from: start)
    #expect(watch.look(at: Timestamp(milliseconds: 599_000)).isEmpty)
    #expect(watch.look(at: Timestamp(milliseconds: 601_000)).count == 1)
    #expect(watch.look(at: Timestamp(milliseconds: 602_000)).isEmpty)
    _ = watch.see([("cost", 1)], step: 1, at: Timestamp(milliseconds: 603_000))
    #expect(watch.look(at: Timestamp(milliseconds: 1_300_000)).count == 1)
  }

  @Test(
    "mistakes are shown where they are",
    arguments: [
      "", "cost", "cost >", "isnan(", "cost > 3 *", "foo(cost) > 1", "no point for", "cost > 1 1",
      "(((((((((((((((((cost)))))))))))))))))",
    ])
  func mistakes(_ text: String) {
    #expect(throws: FilterSyntaxError.self) { _ = try AlertCondition(text) }
  }
}
