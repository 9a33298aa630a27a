import Testing

@testable import TrackerJSON

@Suite("JSON in both directions")
struct JSONTests {
  @Test(
    "a text reads as its value",
    arguments: [
      ("null", .null), (" true ", .boolean(true)), ("-7", .integer(Int64(-7))),
      ("7.0", .number(Double(7))),
      ("9223372036854775807", .integer(Int64.max)),
      ("9223372036854775808", .number(Double(0x1p63))),
      ("1e-3", .number(Double(0.001))), ("-Infinity", .number(-Double.infinity)),
      (#""a\"\\\/\n\u00e9\ud83d\ude00""#, .string("a\"\\/\né😀")),
      (#""\ud83d!""#, .string("\u{FFFD}!")),
      ("[]", .array([])), ("[1, [2]]", .array([.integer(Int64(1)), .array([.integer(Int64(2))])])),
      (
        #"{"b": {"c": []}, "a": null}"#,
        .object([
          JSONValue.Member(
            key: "b", value: .object([JSONValue.Member(key: "c", value: .array([]))])),
          JSONValue.Member(key: "a", value: .null),
        ])
      ),
    ] as [(String, JSONValue)])
  func reading(text: String, value: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == value)
    #expect(try JSONValue(parsing: value.compact) == value || text.contains("Infinity"))
    #expect(try JSONValue(parsing: value.pretty) == value || text.contains("Infinity"))
  }

  @Test("−0 stays a number with its sign, and NaN is one")
  func specialNumbers() throws {
    guard case .number(let zero) = try JSONValue(parsing: "-0") else {
      Issue.record("-0 is not a number")
      return
    }
    #expect(zero == 0 && zero.sign == .minus)
    guard case .number(let value) = try JSONValue(parsing: "NaN") else {
      Issue.record("NaN is not a number")
      return
    }
    #expect(value.isNaN)
  }

  @Test(
    "what is not a JSON is refused with its place",
    arguments: [
      ("", 0), ("[1,]", 3), ("{\"a\" 1}", 5), ("nul", 0), ("1 2", 2), ("\"a", 2), ("\"\u{1}\"", 1),
      ("[1", 2), ("{\"a\":1", 6), ("01x", 2), ("--1", 0), (#""\x""#, 2), (#""\u12g4""#, 3),
      ("{1:2}", 1),
    ] as [(String, Int)])
  func refusing(text: String, offset: Int) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    #expect(error?.offset == offset)
  }

  @Test("values that nest without end are refused, not followed")
  func depth() {
    for open in ["[", "{\"a\":"] {
      #expect(throws: JSONSyntaxError.self) {
        try JSONValue(parsing: String(repeating: open, count: 1_000_000))
      }
    }
  }

  @Test("of 20,000 broken texts none does harm, and what reads is written back to the same value")
  func mutations() throws {
    let text = Array(
      #"{"a":[1,-2.5e-3,"x\u00e9\n",{"b":null,"c":[true,false]}],"d":"\ud83d\ude00"}"#.utf8)
    let seed = UInt64.random(in: 0...(.max))
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var readable = 0
    for _ in 0..<20_000 {
      var broken = text
      for _ in 0...next(3) {
        switch next(3) {
        case 0: broken[next(broken.count)] = UInt8(next(256))
        case 1: broken.remove(at: next(broken.count))
        default: broken.insert(text[next(text.count)], at: next(broken.count))
        }
      }
      guard let value = try? JSONValue(parsing: broken) else { continue }
      readable += 1
      #expect(try JSONValue(parsing: value.compact) == value, "seed \(seed)")
    }
    #expect(readable > 100)
  }
}
