import TestSupport
import Testing

@testable import TrackerStore

@Suite("What is written is what is read")
struct RoundTripTests {
  let folder: TemporaryFolder
  let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("tracker.sqlite"))
  }

  static let strangeTexts = [
    "", "plain", "it's \"quoted\"", "two\nlines", "nul\u{0}inside", "<script>alert(1)</script>",
    "😀 é ü 漢字", String(repeating: "long ", count: 2_000), "'; DROP TABLE run; --",
  ]

  @Test(
    "names, notes, tags and texts come back as they went, whatever is in them",
    arguments: strangeTexts)
  func texts(text: String) throws {
    let run = try store.startRun(
      RunStart(
        experiment: text, name: text, parameters: [text: .text(text)], tags: [text: text],
        note: text))
    try run.log([(text, 1)], step: 0)
    try run.logArtifact(name: text, kind: text, data: Array(text.utf8))
    try run.finish(.failed, error: text, outcome: text)
    let read = try store.run(id: run.id)
    #expect(read.experiment == text && read.name == text && read.note == text)
    #expect(read.parameters == [text: .text(text)] && read.tags == [text: text])
    #expect(read.error == text && read.outcome == text)
    #expect(read.metrics.keys.first == text)
    #expect(try store.points(run: run.id, metric: text).map(\.value) == [1])
    #expect(try store.artifact(run: run.id, name: text) == Array(text.utf8))
  }

  static let strangeNumbers: [Double] = [
    .nan, .infinity, -.infinity, -0.0, 0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
    .greatestFiniteMagnitude, 0.1, 1, 1e15,
    9_007_199_254_740_991, -1,
  ]

  @Test("every double comes back to the bit, as metric and as parameter")
  func doubles() throws {
    var parameters: [String: ParameterValue] = [:]
    for (index, value) in Self.strangeNumbers.enumerated() {
      parameters["p\(index)"] = .real(value)
    }
    let run = try store.startRun(RunStart(parameters: parameters))
    for (index, value) in Self.strangeNumbers.enumerated() {
      try run.log([("m", value), ("m\(index)", value)], step: Int64(index))
    }
    let read = try store.run(id: run.id)
    let points = try store.points(run: run.id, metric: "m")
    for (index, value) in Self.strangeNumbers.enumerated() {
      #expect(same(points[index].value, value))
      #expect(same(read.metrics["m\(index)"]?.last, value))
      #expect(same(read.metrics["m\(index)"]?.min, value))
      guard case .real(let parameter) = read.parameters["p\(index)"] else {
        Issue.record("parameter p\(index) is \(String(describing: read.parameters["p\(index)"]))")
        continue
      }
      #expect(same(parameter, value))
    }
  }

  private func same(_ a: Double?, _ b: Double) -> Bool {
    guard let a else { return false }
    return a.isNaN && b.isNaN || a.bitPattern == b.bitPattern
  }

  @Test("parameters keep their types")
  func types() throws {
    let parameters: [String: ParameterValue] = [
      "integer": .integer(.max), "least": .integer(.min), "real": 1.0, "text": "1", "yes": true,
      "no": false,
    ]
    let run = try store.startRun(RunStart(parameters: parameters))
    #expect(try store.run(id: run.id).parameters == parameters)
  }

  @Test("steps may repeat, come out of order and be as large as they can")
  func steps() throws {
    let run = try store.startRun(RunStart())
    let steps: [Int64] = [5, 5, .max, 3, 5, .min, .max]
    for (index, step) in steps.enumerated() { try run.log([("m", Double(index))], step: step) }
    let points = try store.points(run: run.id, metric: "m")
    #expect(points.map(\.step) == [.min, 3, 5, 5, 5, .max, .max])
    #expect(points.map(\.value) == [5, 3, 0, 1, 4, 2, 6])
    let summary = try #require(try store.run(id: run.id).metrics["m"])
    #expect(
      summary.count == 7 && summary.first == 0 && summary.last == 6 && summary.lastStep == .max)
  }

  @Test("NaN is not a minimum and no maximum, unless there is nothing else")
  func summaries() throws {
    let run = try store.startRun(RunStart())
    for (step, value) in [Double.nan, 3, .nan, -1, .infinity].enumerated() {
      try run.log([("m", value)], step: Int64(step))
    }
    let summary = try #require(try store.run(id: run.id).metrics["m"])
    #expect(
      summary.min == -1 && summary.max == .infinity && summary.first.isNaN
        && summary.last == .infinity)
  }

  @Test("a gradient check comes back with its blocks, worst entries and vectors")
  func checks() throws {
    let entry = GradientCheckRecord.Entry(
      block: "theta2", row: 3, column: 4, analytic: 0.9, numerical: .nan)
    let check = GradientCheckRecord(
      step: 7, moment: "step", epsilon: 1e-7, method: "central", tolerance: 1e-6,
      relativeTolerance: 1e-4,
      passed: false, seconds: 0.25, cost: 127.4,
      blocks: [
        GradientCheckRecord.Block(
          name: "theta1", part: "bias", rows: 65, columns: 100, checkedCount: 100, failedCount: 0,
          maxAbsoluteDifference: 1e-9, maxRelativeDifference: 1e-3, worst: nil),
        GradientCheckRecord.Block(
          name: "theta2", part: "weights", rows: 101, columns: 10, checkedCount: 1000,
          failedCount: 1000,
          maxAbsoluteDifference: 0.9, maxRelativeDifference: 1, worst: nil),
      ], worst: [])
    let vectors = GradientCheckRecord.Vectors(
      analytic: [1, -0.0, .nan], numerical: [.infinity, .leastNonzeroMagnitude, 2],
      parameters: [1, 2, 3], secondNumerical: [4, 5, .nan])
    let run = try store.startRun(RunStart())
    var withWorst = check
    withWorst.context.layout = "W:3x1"
    withWorst.context.exampleCount = 40
    withWorst.context.lambda = 0.5
    withWorst.context.activation = "tanh"
    withWorst.context.costForm = "mse"
    withWorst.context.costs = [1.5, 1.25]
    withWorst.context.analyticType = "float32"
    withWorst.context.numericalType = "float64"
    withWorst.context.parametersType = "int64"
    withWorst.context.secondEpsilon = 2e-7
    withWorst.worst = [entry]
    let id = try run.log(check: withWorst, vectors: vectors)
    let read = try #require(try store.run(id: run.id).gradientChecks.first)
    withWorst.id = id
    #expect(read.worst[0].numerical.isNaN && read.worst[0].analytic == 0.9)
    #expect(read.blocks == check.blocks && read.step == 7 && read.cost == 127.4 && !read.passed)
    #expect(read.checkedCount == 1100 && read.failedCount == 1000)
    let back = try #require(try store.vectors(ofCheck: id))
    for (a, b) in [(back.analytic, vectors.analytic), (back.numerical, vectors.numerical)] {
      #expect(a.map(\.bitPattern) == b.map(\.bitPattern))
    }
    #expect(back.parameters == [1, 2, 3])
    #expect(back.secondNumerical?.prefix(2) == [4, 5] && back.secondNumerical?[2].isNaN == true)
    #expect(read.context == withWorst.context)
  }

  @Test("equal contents are kept once")
  func contentAddressing() throws {
    let run = try store.startRun(RunStart())
    let data = [UInt8](repeating: 7, count: 1000)
    let first = try run.logArtifact(name: "a", kind: "file", data: data)
    let second = try run.logArtifact(name: "b", kind: "file", data: data)
    #expect(first == second)
    #expect(try store.query("SELECT count(*) FROM blob").rows == [[.integer(1)]])
    try run.logArtifact(name: "a", kind: "file", data: [])
    #expect(try store.artifact(run: run.id, name: "a").isEmpty)
    #expect(try store.artifacts(run: run.id).map(\.name) == ["a", "b"])
  }

  @Test("SHA-256 is that of FIPS 180-4's examples")
  func digest() {
    func hash(_ text: String) -> String {
      Digest.hexadecimal(Array(text.utf8).withUnsafeBytes { Digest.sha256($0) })
    }
    #expect(hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      hash(String(repeating: "a", count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
