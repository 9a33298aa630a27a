import Testing
import TrackerGradientCheck

@Suite("Diagnosis of trainings")
struct TrainingDiagnosisTests {
  private func input(
    lambda: Double = 0.5, m: Int = 1437, _ change: (inout TrainingCurves) -> Void
  ) -> DiagnosisInput {
    var curves = TrainingCurves()
    change(&curves)
    return DiagnosisInput(exampleCount: m, lambda: lambda, curves: curves)
  }

  @Test("A training like any other has no fault, though its last held-out cost is not its best")
  func ordinary() {
    let input = input { curves in
      curves.cost = [7.1, 2.3, 0.8, 0.2, 0.08]
      curves.penalty = [0.01, 0.02, 0.03, 0.04, 0.045]
      curves.trainAccuracy = [0.1, 0.7, 0.95, 0.99, 1]
      curves.testAccuracy = [0.1, 0.68, 0.93, 0.97, 0.972]
      curves.testCost = [7.1, 2.4, 0.9, 0.3, 0.31]
      curves.gradientNorm = [1.2, 0.5, 0.1, 0.02, 1e-4]
      curves.saturated = [[0, 0, 0.01, 0.02, 0.05], [0, 0.1, 0.7, 0.9, 0.95]]
    }
    #expect(diagnose(input).map(\.cause) == [.noFault])
  }

  @Test("Stalled at chance because the initial units are saturated")
  func stalled() {
    var input = input { curves in
      curves.cost = [127.4, 127.3, 127.1]
      curves.trainAccuracy = [0.101, 0.101, 0.102]
      curves.saturated = [[1, 1, 1], [1, 1, 1]]
    }
    input.initialRange = "0:3"
    let findings = diagnose(input)
    #expect(findings.map(\.cause) == [.saturatedInitialization])
    #expect(findings[0].evidence.contains("the initial range is 0:3"))
    #expect(findings[0].confirm == "tracker run --init-range 0.12")
  }

  @Test("Saturated units that were learnt away are said to have been luck")
  func luck() {
    let input = input { curves in
      curves.cost = [1364, 3, 0.1]
      curves.trainAccuracy = [0.1, 0.3, 1]
      curves.saturated = [[1, 0.9, 0.5], [1, 0.9, 0.9]]
    }
    let findings = diagnose(input)
    #expect(findings.map(\.cause) == [.saturatedInitialization])
    #expect(findings[0].likelihood < 0.8)
  }

  @Test(
    "A cost that is not finite, or grows, has diverged",
    arguments: [[1, 30, .nan], [1, 5, 400], [2, 1e9, .infinity]])
  func diverged(cost: [Double]) {
    #expect(diagnose(input { $0.cost = cost }).map(\.cause) == [.diverged])
  }

  @Test("The line search failed on a flat cost, which at a minimum is no fault")
  func lineSearch() {
    var flat = input { curves in
      curves.cost = [127.4]
      curves.trainAccuracy = [0.101]
      curves.gradientNorm = [27]
    }
    flat.stopReason = "The line search found no lower point."
    #expect(diagnose(flat).map(\.cause) == [.lineSearchFailed])
    var minimum = input { curves in
      curves.cost = [7, 1, 0.06]
      curves.gradientNorm = [1.3, 0.2, 1e-6]
    }
    minimum.stopReason = "lineSearchFailed"
    #expect(diagnose(minimum).map(\.cause) == [.noFault])
  }

  @Test("Over-fitted: right in training, worse and worse held out")
  func overfitted() {
    let input = input { curves in
      curves.cost = [2.3, 0.5, 0.01]
      curves.trainAccuracy = [0.1, 0.9, 1]
      curves.testAccuracy = [0.1, 0.85, 0.8]
      curves.testCost = [2.3, 0.7, 1.9]
    }
    #expect(diagnose(input).map(\.cause) == [.overfitted])
  }

  @Test("λ so large that the weights vanish")
  func overregularized() {
    let input = input(lambda: 1000) { curves in
      curves.cost = [20, 5, 3.25]
      curves.penalty = [13, 1, 1e-6]
      curves.trainAccuracy = [0.1, 0.1, 0.1]
    }
    let findings = diagnose(input)
    #expect(findings.map(\.cause) == [.overregularized])
    #expect(findings[0].confirm == "tracker run --lambda 10")
  }

  @Test("Nothing known is no fault that could be named")
  func nothing() {
    let findings = diagnose(DiagnosisInput())
    #expect(findings.map(\.cause) == [.noFault])
    #expect(findings[0].likelihood == 0.5)
  }
}
