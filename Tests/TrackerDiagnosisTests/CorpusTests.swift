import Foundation
import Testing
import TrackerDiagnosis
import TrackerGradientCheck

/// Small trainings in numpy, right and wrong, by Fixtures/make-corpus.py; nothing in the rules was fitted to them.
///
/// `TRACKER_CORPUS=FILE swift test --filter CorpusTests` takes others of the same form, and prints what is missed.
@Suite("A corpus of right and wrong trainings")
struct CorpusTests {
  struct Case {
    let name: String
    let causes: [String]
    let evidence: TrainingEvidence
  }

  private static let other = ProcessInfo.processInfo.environment["TRACKER_CORPUS"]

  private static func cases(withParameters: Bool) throws -> [Case] {
    let url =
      try other.map(URL.init(fileURLWithPath:)) ?? #require(
        Bundle.module.url(forResource: "Fixtures/corpus", withExtension: "jsonl"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    return try lines.map { line in
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      var parameters: [String: String] = [:]
      for (key, value) in object["params"] as? [String: Any] ?? [:] {
        if let range = value as? [String: Any] {
          for (part, value) in range { parameters["\(key).\(part)"] = "\(value)" }
        } else if let list = value as? [Any] {
          parameters[key] = list.map { "\($0)" }.joined(separator: ",")
        } else {
          parameters[key] = "\(value)"
        }
      }
      var evidence = TrainingEvidence()
      if withParameters { evidence.settings = TrainingSettings(parameters: parameters) }
      let curves = object["curves"] as? [String: [Any]] ?? [:]
      func curve(_ key: String) -> Curve? {
        curves[key].map { values in
          Curve(
            name: key,
            values: values.map { value in
              let text = (value as? String)?.replacingOccurrences(of: "Infinity", with: "inf")
              return text.flatMap(Double.init) ?? (value as? NSNumber)?.doubleValue ?? .nan
            })
        }
      }
      evidence.loss = curve("loss")
      evidence.heldOutLoss = curve("val_loss")
      evidence.accuracy = curve("accuracy")
      evidence.heldOutAccuracy = curve("val_accuracy")
      return Case(
        name: object["name"] as? String ?? "", causes: object["causes"] as? [String] ?? [],
        evidence: evidence)
    }
  }

  /// What is seen, and is right of any training that is bad.
  private static let symptoms: Set<Cause> = [
    .notLearning, .outputsConstant, .outputsClipped, .notFinite, .diverged,
  ]

  @Test(
    "what is said with 80 % or more is right at least eight times of ten; right trainings are left alone",
    arguments: [false, true])
  func likelihoods(withParameters: Bool) throws {
    var table: [Int: (right: Int, all: Int)] = [:]
    var (bad, detected, named, alarms) = (0, 0, 0, [String]())
    for one in try Self.cases(withParameters: withParameters) {
      let found = diagnoseTraining(one.evidence).filter { $0.cause.isFault && $0.likelihood > 0 }
      for finding in found {
        let isRight =
          !one.causes.isEmpty
          && (Self.symptoms.contains(finding.cause) || one.causes.contains(finding.cause.rawValue))
        let row = Int(finding.likelihood * 10)
        table[row, default: (0, 0)].all += 1
        if isRight { table[row, default: (0, 0)].right += 1 }
      }
      if one.causes.isEmpty {
        if found.contains(where: { $0.likelihood > 0.5 }) { alarms.append(one.name) }
      } else {
        bad += 1
        if !found.isEmpty { detected += 1 }
      }
      let first = found.first { !Self.symptoms.contains($0.cause) }
      let isNamed = first.map { one.causes.contains($0.cause.rawValue) } ?? false
      if isNamed { named += 1 }
      if Self.other != nil, !isNamed, one.causes.isEmpty ? !found.isEmpty : true {
        print(one.name, one.causes, "→", found.map { "\($0.cause.rawValue) \($0.likelihood)" })
      }
    }
    print(withParameters ? "curves and parameters" : "curves alone", "· said with · right of all")
    for row in table.sorted(by: { $0.key < $1.key }) {
      print("  \(row.key * 10)–\(row.key * 10 + 9) %", row.value.right, "of", row.value.all)
    }
    print(
      "  of \(bad) wrong: detected \(detected), a right cause named first \(named); alarms \(alarms.count)"
    )
    let sure = table.filter { $0.key >= 8 }.values
    let right: Int = sure.map(\.right).reduce(0, +)
    let all: Int = sure.map(\.all).reduce(0, +)
    #expect(10 * right >= 8 * all)
    #expect(alarms.isEmpty)
    #expect(detected * 10 >= bad * 9, "\(detected) of \(bad)")
  }

  @Test("trainings that only look odd raise nothing above 50 %")
  func odd() {
    var generator = SplitMix(state: 20261128)
    func noise() -> Double { Double.random(in: -1...1, using: &generator) }
    for _ in 0..<50 {
      // Fine-tuned: begins low, falls a little, wavers.
      let tuned = (0..<60).map { 0.31 - 0.0004 * Double($0) + 0.02 * noise() }
      // Resumed: goes on where it was.
      let resumed = (0..<40).map { 0.08 + 0.004 * noise() - 0.0001 * Double($0) }
      // One epoch, logged by batches.
      let batches = (0..<500).map { 2.1 / (1 + Double($0) / 300) + 0.25 * noise() }
      for values in [tuned, resumed, batches] {
        let found = diagnoseTraining(TrainingEvidence(loss: Curve(name: "loss", values: values)))
        #expect(found.allSatisfy { !$0.cause.isFault || $0.likelihood <= 0.5 }, "\(found)")
      }
      // Two networks against each other; a reward beside a loss that grows.
      var game = TrainingEvidence(
        loss: Curve(
          name: "g_loss", values: (0..<80).map { 0.7 + 0.02 * Double($0) + 0.4 * noise() }))
      game.games = ["d_loss", "g_loss"]
      #expect(diagnoseTraining(game).allSatisfy { $0.likelihood <= 0.5 })
    }
  }
}

/// Random numbers that are the same at each run: SplitMix64.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
