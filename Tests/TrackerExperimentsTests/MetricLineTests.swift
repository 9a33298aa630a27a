import Testing

@testable import TrackerExperiments

@Suite("Lines of JSON from other programs")
struct MetricLineTests {
  private func parsed(_ text: String) -> MetricLine? { MetricLine(Array(text.utf8)) }

  @Test("numbers are taken in their order, and the step apart")
  func numbers() throws {
    let line = try #require(parsed(#"{"step": 3, "cost": 0.41, "note": "x", "accuracy": 1e-2}"#))
    #expect(line.step == 3)
    #expect(line.values.map(\.key) == ["cost", "accuracy"])
    #expect(line.values.map(\.value) == [0.41, 0.01])
  }

  @Test(
    "NaN and the infinities are values, as Python writes them and as tracker does",
    arguments: [
      (#"{"a": NaN}"#, Double.nan), (#"{"a": "NaN"}"#, .nan), (#"{"a": Infinity}"#, .infinity),
      (#"{"a": -Infinity}"#, -.infinity), (#"{"a": "-Infinity"}"#, -.infinity),
      (#"{"a": -0.0}"#, -0.0), (#"{"a": 5e-324}"#, .leastNonzeroMagnitude),
    ])
  func specials(text: String, value: Double) throws {
    let found = try #require(parsed(text)).values[0].value
    #expect(found.bitPattern == value.bitPattern || (found.isNaN && value.isNaN))
  }

  @Test("an epoch is the step where no step is given, and a metric beside one")
  func epochs() throws {
    #expect(try #require(parsed(#"{"epoch": 4, "a": 1}"#)).step == 4)
    let both = try #require(parsed(#"{"epoch": 4, "step": 400}"#))
    #expect(both.step == 400)
    #expect(both.values.map(\.key) == ["epoch"])
  }

  @Test("nested values are passed over, not mixed in")
  func nested() throws {
    let line = try #require(parsed(#"{"a": {"b": 1, "c": [1, {"d": 2}]}, "e": [3], "f": 4}"#))
    #expect(line.values.map(\.key) == ["f"])
  }

  @Test("keys keep their escapes and their emoji")
  func keys() throws {
    let line = try #require(parsed(#"{"a\"\n\u00e9\ud83d\ude00": 1}"#))
    #expect(line.values[0].key == "a\"\né😀")
  }

  @Test(
    "what is no JSON object is no metric line",
    arguments: [
      "", "epoch 3", "[1]", "3", "{", "{}x", #"{"a": 1"#, #"{"a" 1}"#, #"{"a": 1,}"#, #"{"a": +1}"#,
      #"{"a": "x}"#, #"{"\ud83d": 1}"#, #"{"\u00g0": 1}"#, "{\"a\n\": 1}",
    ])
  func foreignLines(text: String) { #expect(parsed(text) == nil) }

  @Test("deep nesting ends the reading, not the program")
  func depth() {
    #expect(parsed(#"{"a": "# + String(repeating: "[", count: 100_000)) == nil)
    #expect(parsed(String(repeating: #"{"a":"#, count: 100_000)) == nil)
  }

  @Test("100,000 mutated lines neither crash nor hang")
  func fuzz() {
    let seeds = [
      #"{"step": 3, "cost": 0.41, "b": [1, {"c": "d\u00e9"}], "n": NaN}"#, #"{"a": -1.5e-300}"#,
    ].map { Array($0.utf8) }
    var generator = SystemRandomNumberGenerator()
    var understood = 0
    for round in 0..<100_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(UInt8.random(in: 32...126, using: &generator), at: index)
        default: if bytes.count > 1 { bytes.remove(at: index) }
        }
      }
      if MetricLine(bytes) != nil { understood += 1 }
    }
    print("fuzzed 100000 lines of JSON, \(understood) still understood")
    #expect(understood > 0)
  }
}
