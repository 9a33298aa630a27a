import Foundation
import Testing
import TrackerGradientCheck

/// A case that `Fixtures/make_foreign_faults.py` wrote: the vectors of a program of any kind, and what its author would
/// say of it.
private struct ForeignCase: Decodable {
  let name: String
  let seed: Int
  /// The causes that would be right as the first finding; `a+b` wants both, in any place.
  let expected: String
  let analytic: Data
  let numerical: Data
  let theta: Data?
  let shapes: String?
  let bias: BiasPlacement?
  let layout: String?
  let examples: Int?
  let lambda: Double?
  let epsilon: Double
  let cost: Double?
  let checkMethod: DifferenceMethod?

  static func read(_ name: String) throws -> [ForeignCase] {
    let url = try #require(
      Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "jsonl"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
      try decoder.decode(ForeignCase.self, from: Data($0.utf8))
    }
  }

  private static func vector(_ data: Data) -> [Double] {
    data.withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map {
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
  }

  func findings() throws -> [Finding] {
    let values = Self.vector(analytic)
    let parameters =
      try layout.map { try ParameterLayout(describedBy: $0) }
      ?? shapes.map { try ParameterLayout(parsing: $0, bias: bias ?? .firstRow) }
      ?? ParameterLayout(plain: values.count)
    let method = checkMethod ?? .central
    let check = GradientCheck(
      analytic: parameters.rowMajor(values),
      numerical: parameters.rowMajor(Self.vector(numerical)),
      parameters: theta.map { parameters.rowMajor(Self.vector($0)) }, cost: cost,
      layout: parameters, method: method, epsilon: epsilon,
      rounding: cost.map { method.roundingError(cost: $0, epsilon: epsilon) } ?? 0)
    return diagnose(DiagnosisInput(check: check, exampleCount: examples, lambda: lambda))
  }
}

@Suite("Gradients as people get them wrong")
struct ForeignCorpusTests {
  /// What says that the gradient is not at fault.
  private static let quiet: Set<Cause> = [
    .noFault, .epsilonTooLarge, .epsilonTooSmall, .singlePrecision, .nonSmoothActivation, .vacuous,
    .saturatedInitialization,
  ]

  @Test("Two hundred right gradients of other kinds raise no alarm")
  func noFalseAlarm() throws {
    let cases = try ForeignCase.read("right-gradients")
    #expect(cases.count >= 200)
    for one in cases {
      let findings = try one.findings()
      #expect(
        findings.allSatisfy { Self.quiet.contains($0.cause) },
        "\(one.name) \(one.seed): \(findings.map(\.cause))")
      // Whole numbers or tiny steps do not hide in a right gradient of scaled inputs.
      if one.name != "unscaled_inputs", one.name != "float32", one.name != "deep_tanh" {
        let kinks: Set<Cause> = [.noFault, .nonSmoothActivation]
        #expect(
          kinks.contains(findings[0].cause), "\(one.name) \(one.seed): \(findings.map(\.cause))")
      }
    }
  }

  @Test("Nine in ten faults are named first, and at most three in a hundred misleadingly")
  func faults() throws {
    let cases = try ForeignCase.read("foreign-faults")
    var matrix = ConfusionMatrix()
    var (right, misleading) = (0, [String]())
    for one in cases {
      let findings = try one.findings()
      matrix.count(one.name, as: findings.first?.cause)
      let causes = Set(findings.map(\.cause.rawValue))
      let both = one.expected.split(separator: "+").map(String.init)
      let isRight =
        both.count > 1
        ? causes.isSuperset(of: both)
        : one.expected.split(separator: " ").contains { $0 == findings[0].cause.rawValue }
      if isRight {
        right += 1
      } else if findings[0].cause != .unknown, findings[0].likelihood >= 0.5 {
        misleading.append("\(one.name) \(one.seed): \(findings[0].cause.rawValue)")
      }
    }
    #expect(Double(right) >= 0.9 * Double(cases.count), "\(right) of \(cases.count)")
    #expect(Double(misleading.count) <= 0.03 * Double(cases.count), "\(misleading)")
    guard ProcessInfo.processInfo.environment["TRACKER_PRINT_CONFUSION"] != nil else { return }
    print("\n\(right) of \(cases.count) right, misleading: \(misleading)\n\n\(matrix.markdown)\n")
  }
}
