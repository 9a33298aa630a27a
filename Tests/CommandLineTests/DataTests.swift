import Foundation
import Testing
import TrackerStore

/// Training on files.
@Suite("Data from files")
struct DataTests {
  private func table(rows: Int, header: Bool, text: Bool) -> String {
    let names = ["small", "large"]
    var lines = header ? ["height,\"wi,dth\",kind"] : []
    for index in 0..<rows {
      let label = index % 2
      let base = Double(label) * 3 + Double(index % 7) / 7
      lines.append("\(base),\(base * 2 - 1),\(text ? names[label] : String(label))")
    }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  @Test("a CSV file is learnt, with or without header, with numbers or texts for labels")
  func csv() throws {
    let bench = try Workbench()
    for (header, text) in [(true, true), (true, false), (false, true), (false, false)] {
      try table(rows: 60, header: header, text: text).write(
        toFile: bench.path("t.csv"), atomically: true, encoding: .utf8)
      let outcome = bench.run(
        [
          "run", "--data", "t.csv", "--hidden", "4", "--lambda", "0", "--epochs", "60", "--scale",
          "standard",
          "--format", "json", "--quiet",
        ] + (header ? ["--header", "--label-column", "kind"] : []))
      #expect(outcome.status == 0, "\(outcome.diagnostics)")
      let run = try #require(try outcome.json as? [String: Any])
      let metrics = try #require(run["metrics"] as? [String: [String: Any]])
      #expect(metrics["testAccuracy"]?["last"] as? Double == 1)
      let dataset = try #require(run["dataset"] as? [String: Any])
      #expect(dataset["name"] as? String == "t.csv" && dataset["rows"] as? Int == 60)
      #expect(dataset["features"] as? Int == 2 && dataset["classes"] as? Int == 2)
    }
    // The run's data is read again for a check, and must be what it was.
    #expect(bench("check", "latest").status == 0)
    try "1,2,0\n3,4,1\n".write(toFile: bench.path("t.csv"), atomically: true, encoding: .utf8)
    let changed = bench("check", "latest")
    #expect(changed.status == 65 && changed.diagnostics.contains("is not what run"))
  }

  private func idx(_ type: UInt8, _ shape: [Int], _ values: [UInt8]) -> Data {
    var bytes: [UInt8] = [0, 0, type, UInt8(shape.count)]
    for extent in shape { bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) } }
    return Data(bytes + values)
  }

  @Test("images in IDX form are learnt, plain and as gzip")
  func idxFiles() throws {
    let bench = try Workbench()
    var images: [UInt8] = []
    for index in 0..<80 {
      for pixel in 0..<4 {
        images.append(UInt8(index % 2 == 0 ? 200 - index : 20 + pixel * (index % 5)))
      }
    }
    try idx(8, [80, 2, 2], images).write(
      to: URL(fileURLWithPath: bench.path("a-images-idx3-ubyte")))
    try idx(8, [80], [UInt8]((0..<80).map { UInt8($0 % 2) })).write(
      to: URL(fileURLWithPath: bench.path("a-labels-idx1-ubyte")))
    let options = [
      "--hidden", "3", "--lambda", "0", "--epochs", "40", "--quiet", "--format", "json",
    ]
    let plain = bench.run(["run", "--data", "a-images-idx3-ubyte"] + options)
    #expect(plain.status == 0, "\(plain.diagnostics)")
    for name in ["a-images-idx3-ubyte", "a-labels-idx1-ubyte"] {
      let gzip = Process()
      gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
      gzip.arguments = [bench.path(name)]
      try gzip.run()
      gzip.finish()
    }
    let packed = bench.run(["run", "--data", "a-images-idx3-ubyte.gz"] + options)
    #expect(packed.status == 0, "\(packed.diagnostics)")
    let store = try Store(path: bench.store, access: .existing)
    #expect(
      try store.artifact(run: 1, name: "parameters/final")
        == store.artifact(run: 2, name: "parameters/final"))
  }

  @Test(
    "bad data is told with its place, and nothing is recorded",
    arguments: [
      ("1,2,a\n3,b\n", 65, "line 2: 2 values"),
      ("1,2,a\n3,x,b\n", 65, "line 2, column 2: \"x\" is not a number"),
      ("h,w,k\n1,2,a\n", 65, "add --header"), ("", 65, "holds no rows"),
      ("\n\n", 65, "holds no rows"),
      ("1,nan,a\n2,3,b\n", 65, "line 1, column 2: nan is not a finite number"),
      ("1,inf,a\n2,3,b\n", 65, "not a finite number"), ("1,2,a\n2,3,a\n", 65, "one class only"),
      ("a\nb\n", 65, "one column only"), ("1,\"2,a\n2,3,b", 65, "the quote is not closed"),
      ("1,\"2\"x,a\n", 65, "follows the closing quote"),
      ("1,2,a\n1,3,NaN\n", 65, "line 2, column 3: NaN is not a label"),
      ("1,2,-inf\n1,3,0\n", 65, "line 1, column 3: -inf is not a label"),
      ("1,2,a\n1,3,\n", 65, "line 2, column 3: the label is empty"),
      ("1,2,a\n1,0x10,b\n", 65, "line 2, column 2: \"0x10\" is not a number"),
      ("0,1,2\n3,4,0\n5,6,1\n", 65, "--no-header"),
      ("1;2,5;a\n1;3;b\n", 65, "Write decimal points"),
    ] as [(String, Int32, String)])
  func badData(content: String, status: Int32, message: String) throws {
    let bench = try Workbench()
    try content.write(toFile: bench.path("t.csv"), atomically: true, encoding: .utf8)
    let outcome = bench("run", "--data", "t.csv")
    #expect(outcome.status == status, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.contains(message), "\(outcome.diagnostics)")
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test("classes are what labels mean, and what looks odd is said")
  func labels() throws {
    let bench = try Workbench()
    func run(_ content: some Sequence<UInt8>, _ options: [String] = []) throws -> (
      Outcome, [String: Any]?
    ) {
      try Data(content).write(to: URL(fileURLWithPath: bench.path("t.csv")))
      let outcome = bench.run(
        [
          "run", "--data", "t.csv", "--hidden", "2", "--epochs", "1", "--check", "never", "--quiet",
          "--format", "json",
        ]
          + options)
      let run = outcome.status == 0 ? try outcome.json as? [String: Any] : nil
      return (outcome, run?["dataset"] as? [String: Any])
    }
    func rows(_ count: Int, _ separator: String = ",", _ row: (Int) -> [String]) -> String.UTF8View
    {
      (0..<count).map { row($0).joined(separator: separator) + "\n" }.joined().utf8
    }
    let (_, merged) = try run(
      rows(20) { ["\($0 * 7 % 5)", "\($0 % 3)", $0 % 2 == 0 ? "1" : $0 % 4 == 1 ? "1.0" : "2e0"] })
    #expect(merged?["classes"] as? Int == 2)
    let (_, semicolons) = try run(rows(20, ";") { ["\($0 * 7 % 5)", "\($0 % 3)", "\($0 % 2)"] })
    #expect(semicolons?["features"] as? Int == 2)
    let (latin, _) = try run([UInt8]("1,2,h".utf8) + [0xE4] + "\n1,3,b\n".utf8)
    #expect(
      latin.status == 65 && latin.diagnostics.contains("line 1, column 3: the text is not UTF-8"))
    let (continuous, _) = try run(rows(60) { ["\($0 % 7)", "\($0 % 3)", "\(Double($0) * 0.37)"] })
    #expect(continuous.status == 65 && continuous.diagnostics.contains("60 classes in 60 rows"))
    let (counted, kept) = try run(rows(20) { ["\($0 + 1)", "\($0 * 7 % 5)", "\($0 % 2)"] })
    #expect(
      kept?["features"] as? Int == 2
        && counted.diagnostics.contains("column 1 counts the rows from 1"))
    let (dropped, left) = try run(
      rows(20) { ["\($0 + 1)", "\($0 * 7 % 5)", "\($0 % 2)"] }, ["--drop-columns", "1"])
    #expect(left?["features"] as? Int == 1 && !dropped.diagnostics.contains("counts"))
    // What was left out stays so when the run's data is read again.
    try Data(rows(3) { ["\($0 + 1)", "\($0)"] }).write(
      to: URL(fileURLWithPath: bench.path("new.csv")))
    #expect(
      bench("predict", "latest", "new.csv", "--format", "csv").output.split(separator: "\n").count
        == 4)
  }

  @Test("a small compressed file that is a large one is refused before it fills the memory")
  func bomb() throws {
    let bench = try Workbench()
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/bin/sh")
    gzip.arguments = [
      "-c", "yes 0,0,0,0,1 | head -c 60000000 | gzip > '\(bench.path("bomb.csv.gz"))'",
    ]
    try gzip.run()
    gzip.finish()
    bench.environment = ["TRACKER_MEMORY_LIMIT": "0.1"]
    let outcome = try bench.spawn("run", "--data", "bomb.csv.gz")
    #expect(
      outcome.status == 65 && outcome.diagnostics.contains("TRACKER_MEMORY_LIMIT"),
      "\(outcome.diagnostics)")
    try
      (String(repeating: "0,", count: 300_000) + "a\n" + String(repeating: "1,", count: 300_000)
      + "b\n").write(
        toFile: bench.path("wide.csv"), atomically: true, encoding: .utf8)
    bench.environment = [:]
    let wide = try bench.spawn("run", "--data", "wide.csv", "--hidden", "100")
    #expect(wide.status == 64 && wide.diagnostics.contains("GB of memory"), "\(wide.diagnostics)")
  }

  @Test("an IDX header that promises a billion rows is refused without making room for them")
  func hugeHeader() throws {
    let bench = try Workbench()
    try idx(8, [1_000_000_000, 28, 28], [1, 2, 3]).write(
      to: URL(fileURLWithPath: bench.path("b-images-idx3-ubyte")))
    try idx(8, [3], [0, 1, 0]).write(to: URL(fileURLWithPath: bench.path("b-labels-idx1-ubyte")))
    let outcome = bench("run", "--data", "b-images-idx3-ubyte")
    #expect(
      outcome.status == 65 && outcome.diagnostics.contains("promises"), "\(outcome.diagnostics)")
    try Data([0x1F, 0x8B, 8, 0, 0]).write(to: URL(fileURLWithPath: bench.path("c.csv")))
    let cut = bench("run", "--data", "c.csv")
    #expect(cut.status == 65, "\(cut.diagnostics)")
    #expect(bench("run", "--data", "nowhere.csv").status == 66)
    #expect(bench("run", "--data", "c.csv", "--label-column", "0").status == 64)
    #expect(bench("run", "--header").status == 64)
  }
}
