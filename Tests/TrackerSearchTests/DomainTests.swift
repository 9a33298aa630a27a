import Testing
import TrackerSearch

@Suite("What an option may be in a search")
struct DomainTests {
  @Test(
    "is read from lists and ranges",
    arguments: [
      ("0,0.1,0.5,1", ["0", "0.1", "0.5", "1"]), ("0.12,0:3", ["0.12", "0:3"]),
      ("1...5", ["1", "2", "3", "4", "5"]), ("-1...1", ["-1", "0", "1"]),
      ("0...1:0.25", ["0", "0.25", "0.5", "0.75", "1"]),
      ("0.1...0.5:0.1", ["0.1", "0.2", "0.3", "0.4", "0.5"]), ("1...3,10", ["1", "2", "3", "10"]),
      ("sgd,adam", ["sgd", "adam"]), ("step:10:0.5,constant", ["step:10:0.5", "constant"]),
      ("../data.csv", ["../data.csv"]), ("7", ["7"]),
    ])
  func lists(text: String, values: [String]) throws {
    #expect(try Domain(text) == .choices(values))
  }

  @Test("is read from distributions")
  func distributions() throws {
    #expect(try Domain("uniform:0...1") == .real(0...1, isLogarithmic: false))
    #expect(try Domain("uniform:-0.5..0.5") == .real(-0.5...0.5, isLogarithmic: false))
    #expect(try Domain("log:1e-4...1") == .real(1e-4...1, isLogarithmic: true))
    #expect(try Domain("int:10...200") == .integer(10...200, isLogarithmic: false))
    #expect(try Domain("log-int:8...512") == .integer(8...512, isLogarithmic: true))
  }

  @Test(
    "is refused where it says nothing",
    arguments: [
      "uniform:1...0", "log:0...1", "log:-1...1", "int:1.5...3", "int:a...b", "uniform:0,1", "1,,2",
      "", "1,1", "1...3,2", "1...100000", "0...1:0", "0...1:x", "5...1",
    ])
  func mistakes(text: String) { #expect(throws: DomainSyntaxError.self) { try Domain(text) } }

  @Test("goes to coordinates and back, to the letter")
  func coordinates() throws {
    for text in ["0,0.1,a", "uniform:-3...7", "log:1e-6...10", "int:-5...5", "log-int:1...1000"] {
      let domain = try Domain(text)
      for step in 0...20 {
        let coordinate: Double =
          if case .choice(let count) = domain.dimension { Double(step % count) } else {
            Double(step) / 20
          }
        let value = domain.text(at: coordinate)
        let again = try #require(domain.coordinate(of: value))
        #expect(domain.text(at: again) == value)
        #expect(value.count < 12)
        #expect(abs(again - coordinate) < (domain.isReal ? 1e-5 : 0.2))
      }
    }
    #expect(try Domain("a,b").coordinate(of: "c") == nil)
    #expect(try Domain("log:1e-4...1").text(at: 0) == "0.0001")
    #expect(try Domain("log:1e-4...1").text(at: 0.3) == "0.00158489")
    #expect(try Domain("log:1e-4...1").text(at: 1) == "1")
  }

  @Test("each whole number is as likely as the others")
  func wholeNumbers() throws {
    let domain = try Domain("int:1...5")
    let counts = Dictionary(
      (0..<1000).map { (domain.text(at: (Double($0) + 0.5) / 1000), 1) }, uniquingKeysWith: +)
    #expect(counts == ["1": 200, "2": 200, "3": 200, "4": 200, "5": 200])
  }
}

extension Domain {
  fileprivate var isReal: Bool { if case .real = self { true } else { false } }
}
