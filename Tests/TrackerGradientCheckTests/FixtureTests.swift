import Foundation
import Testing
import TrackerGradientCheck

/// A case of `Fixtures/faults.csv`, which `Fixtures/make_faults.py` writes.
struct FaultFixture: Sendable, CustomTestStringConvertible {
  let cause: Cause
  let exampleCount: Int
  let lambda: Double
  let check: GradientCheck
  var testDescription: String { cause.rawValue }

  static let all: [FaultFixture] = {
    guard let url = Bundle.module.url(forResource: "Fixtures/faults", withExtension: "csv"),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { return [] }
    return text.split(separator: "# ").compactMap { FaultFixture(String($0)) }
  }()

  private init?(_ text: String) {
    let lines = text.split(separator: "\n")
    let head = lines[0].split(separator: " ").map(String.init)
    let rows = lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    guard head.count == 6, let cause = Cause(rawValue: head[0]), let m = Int(head[2]),
      let lambda = Double(head[3]), let epsilon = Double(head[4]),
      let method = DifferenceMethod(rawValue: head[5])
    else { return nil }
    self.cause = cause
    exampleCount = m
    self.lambda = lambda
    check = GradientCheck(
      analytic: rows.map { $0[0] }, numerical: rows.map { $0[1] }, parameters: rows.map { $0[2] },
      layout: ParameterLayout(layerSizes: head[1].split(separator: ",").compactMap { Int($0) }),
      method: method, epsilon: epsilon)
  }
}

@Suite("Faults made in numpy")
struct FixtureTests {
  @Test("There are as many as the script writes")
  func count() { #expect(FaultFixture.all.count == 21) }

  @Test("Each is named first, with all facts", arguments: FaultFixture.all)
  func withFacts(fixture: FaultFixture) {
    let findings = diagnose(
      DiagnosisInput(
        check: fixture.check, exampleCount: fixture.exampleCount, lambda: fixture.lambda,
        command: "tracker run"))
    #expect(findings.first?.cause == fixture.cause, "\(findings)")
  }

  @Test(
    "Each is named first without m and λ, but for a penalty that only they can size",
    arguments: FaultFixture.all.filter { $0.cause != .regularizationNotAveraged })
  func withoutFacts(fixture: FaultFixture) {
    let findings = diagnose(DiagnosisInput(check: fixture.check, command: "tracker run"))
    #expect(findings.first?.cause == fixture.cause, "\(findings)")
  }
  @Test(
    "Without θ too, but where nothing else tells the cause",
    arguments: FaultFixture.all.filter { !needsParameters.contains($0.cause) })
  func withoutParameters(fixture: FaultFixture) {
    let check = GradientCheck(
      analytic: fixture.check.analytic, numerical: fixture.check.numerical,
      layout: fixture.check.layout, method: fixture.check.method, epsilon: fixture.check.epsilon)
    let findings = diagnose(
      DiagnosisInput(check: check, exampleCount: fixture.exampleCount, command: "tracker run"))
    #expect(findings.first?.cause == fixture.cause, "\(findings)")
  }

  /// Penalties of another factor, and a shift that stands beside a penalty in place.
  private static let needsParameters: Set<Cause> = [
    .regularizationNotAveraged, .regularizationDoubled, .biasColumnMisaligned,
  ]
}
