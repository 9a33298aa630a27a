package import TrackerGradientCheck
package import TrackerJSON
import TrackerStore

/// What is likely wrong with a run, and what would confirm it.
package struct DiagnosisView: Presentable {
  private let run: Int64?
  private let findings: [Finding]

  /// A cause with its evidence.
  package struct Finding: Sendable, Hashable {
    /// The stable name, such as `saturated-clamped-output`.
    package var cause: String
    /// How likely it is, 0…1.
    package var likelihood: Double
    /// The cause in a sentence.
    package var summary: String
    /// What speaks for it.
    package var evidence: [String]
    /// The command that would confirm it, or the cure.
    package var confirm: String

    /// A cause with its evidence.
    package init(
      cause: String, likelihood: Double, summary: String, evidence: [String], confirm: String
    ) {
      self.cause = cause
      self.likelihood = likelihood
      self.summary = summary
      self.evidence = evidence
      self.confirm = confirm
    }

    /// What a rule found.
    package init(_ finding: TrackerGradientCheck.Finding) {
      self.init(
        cause: finding.cause.rawValue, likelihood: finding.likelihood, summary: finding.summary,
        evidence: finding.evidence, confirm: finding.confirm)
    }
  }

  /// - Parameters:
  ///   - run: the run; `nil` for vectors made elsewhere
  ///   - findings: likeliest first
  package init(run: Int64?, findings: [Finding]) {
    self.run = run
    self.findings = findings
  }

  package var json: JSONValue {
    .object([
      "run": .integer(run),
      "findings": .array(
        findings.map { finding in
          .object([
            "cause": .string(finding.cause), "likelihood": .number(finding.likelihood),
            "summary": .string(finding.summary),
            "evidence": .array(finding.evidence.map(JSONValue.string)),
            "confirm": .string(finding.confirm),
          ])
        }),
    ])
  }

  package var records: DataTable {
    DataTable(
      ["cause", "likelihood", "summary", "evidence", "confirm"],
      rows: findings.map { finding in
        [
          .text(finding.cause), .real(finding.likelihood), .text(finding.summary),
          .text(finding.evidence.joined(separator: "\n")), .text(finding.confirm),
        ]
      })
  }

  package var document: Document {
    var blocks: [Document.Block] = [
      .heading(run.map { "Diagnosis of run \($0)" } ?? "Diagnosis")
    ]
    if findings.isEmpty { blocks.append(.paragraph("Nothing was found.", .faint)) }
    for finding in findings {
      let share = Int(saturating: (max(0, min(1, finding.likelihood)) * 100).rounded())
      let emphasis: Emphasis =
        finding.cause == "no-fault" ? .good : finding.likelihood > 0 ? .bad : .faint
      blocks.append(
        .paragraph(finding.cause + (share > 0 ? " (\(share) % likely)" : ""), emphasis))
      blocks.append(.paragraph(finding.summary))
      blocks.append(.list(finding.evidence))
      if !finding.confirm.isEmpty {
        blocks.append(.paragraph("To confirm:"))
        // What is no command is words.
        blocks.append(
          finding.confirm.hasPrefix("tracker ")
            ? .command(finding.confirm) : .paragraph(finding.confirm))
      }
    }
    return Document(blocks)
  }
}
