import Testing

@testable import TrackerStore

@Suite("Parameters as they are typed")
struct TypedParameterTests {
  @Test(
    "what prints back as it was typed is a number",
    arguments: [
      ("0", .integer(0)), ("3", .integer(3)), ("-17", .integer(-17)),
      ("9223372036854775807", .integer(.max)), ("0.1", .real(0.1)), ("-0.5", .real(-0.5)),
      ("1.0", .real(1)), ("100.25", .real(100.25)), ("-0.0", .real(-0.0)), ("1e-3", .real(0.001)),
      ("1e-4", .real(0.0001)), ("5e-05", .real(5e-5)), ("2.5e-4", .real(2.5e-4)),
      ("1e5", .real(1e5)),
      ("1e+16", .real(1e16)), ("-3e8", .real(-3e8)), ("5e-324", .real(.leastNonzeroMagnitude)),
      ("1.7976931348623157e+308", .real(.greatestFiniteMagnitude)), ("Infinity", .real(.infinity)),
      ("-Infinity", .real(-.infinity)), ("true", .boolean(true)), ("false", .boolean(false)),
      ("True", .boolean(true)), ("False", .boolean(false)),
    ] as [(String, ParameterValue)])
  func numbers(text: String, value: ParameterValue) {
    #expect(ParameterValue(typed: text) == value)
  }

  @Test(
    "what does not is a text: places, versions, commits, numbers of more digits than there are",
    arguments: [
      "12e4567", "1234e56", "123e456", "1e23456", "0e12345", "1e00012", "10e-3", "1.0e-3", "02134",
      "007", "1.10", "3.9.0", "+1", "-02", "-0", "1.", ".5", "1_000", "1,5", "0x10", "0x1p4", "1e",
      "e5",
      "1e-", "1E5", "inf", "nan", "-inf", "INF", "infinity", "snan", "nan(0x1)", " 1", "1 ", "",
      "TRUE",
      "yes", "None", "9223372036854775808", "0.10000000000000000001", "1.00000000000000000001e-3",
      "12345678901234567890.5", "١٢", "１２", "1e400", "1e-400", "--1", "1e5e5", "1.2.3", "1.2e3.4",
      "..", "-", "2024-01-01", "00", "0.0.0.0",
    ])
  func texts(text: String) { #expect(ParameterValue(typed: text) == .text(text)) }

  @Test("every number reads back from what it is printed as")
  func everyNumber() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let value = Double(bitPattern: UInt64.random(in: 0...(.max), using: &generator))
      guard value.isFinite else { continue }
      #expect(ParameterValue(typed: value.description) == .real(value))
    }
  }
}
