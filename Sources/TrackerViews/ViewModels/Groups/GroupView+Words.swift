extension GroupView {
  /// What a test says, in a sentence.
  package func sentence(_ test: Test) -> String {
    let (a, b) = (groups[test.a], groups[test.b])
    let (nameA, nameB, shared) = names(a, b)
    let counts = [a, b].map(\.sample.values.count)
    let least = counts.min() ?? 0
    guard let welch = test.welch, let pValue = test.pValue, let confidence = test.confidence else {
      return least < 2
        ? "\(nameA) and \(nameB) cannot be compared\(shared): one of them has only \(repeats(least, a, b))."
        : "\(nameA) and \(nameB)\(shared): neither varies, so chance cannot be judged."
    }
    let p = pValue < 0.001 ? "p < 0.001" : "p = \(pValue.readable(digits: 2))"
    let each =
      counts[0] == counts[1]
      ? "\(repeats(least, a, b)) each" : "\(counts[0]) and \(repeats(counts[1], a, b))"
    let effect = "effect size \(abs(welch.effectSize).readable(digits: 2))"
    guard pValue < 0.05 else {
      let interval = interval(confidence.lowerBound, confidence.upperBound)
      let verdict =
        least < Self.fewRuns
        ? "\(each) are too few to tell" : "they cannot be told apart by \(each)"
      return "\(nameA) and \(nameB)\(shared): \(verdict). The difference is "
        + "\(amount(welch.difference))\(unit) (95 %: \(interval), \(p), \(effect))."
    }
    let word = direction.map { _ in "better" } ?? (welch.difference > 0 ? "greater" : "less")
    let ends = [confidence.lowerBound, confidence.upperBound]
    let interval =
      welch.difference > 0 ? interval(ends[0], ends[1]) : interval(-ends[1], -ends[0])
    return "\(nameA) is \(word) than \(nameB)\(shared) by \(amount(abs(welch.difference)))\(unit) "
      + "(95 %: \(interval), \(p), \(effect), \(each))."
  }

  /// What two groups are called beside each other: what differs, and once what does not.
  private func names(_ a: Group, _ b: Group) -> (a: String, b: String, shared: String) {
    let pairs = zip(a.settings, b.settings)
    let shared = pairs.filter { $0 == $1 }.map(\.0).joined(separator: ", ")
    func own(_ settings: [String], _ others: [String]) -> String {
      zip(settings, others).filter { $0 != $1 }.map(\.0).joined(separator: ", ")
    }
    return (
      own(a.settings, b.settings), own(b.settings, a.settings),
      shared.isEmpty ? "" : " (both \(shared))"
    )
  }

  /// Whether a test shows a difference that chance alone hardly makes.
  package func isFinding(_ test: Test) -> Bool { (test.pValue ?? 1) < 0.05 }

  private func repeats(_ count: Int, _ a: Group, _ b: Group) -> String {
    counted(count, a.hasSeeds && b.hasSeeds ? "seed" : "run")
  }

  /// Points are how people say differences of shares.
  private var isShare: Bool { metric.lowercased().hasSuffix("accuracy") }
  private var unit: String { isShare ? " points" : "" }

  private func amount(_ value: Double) -> String {
    isShare ? (value * 100).readable(digits: 2) : value.readable(digits: 3)
  }

  private func interval(_ lower: Double, _ upper: Double) -> String {
    "\(amount(lower)) to \(amount(upper))"
  }

  /// What is to be known of the groups before they are believed.
  var remarks: [Document.Block] {
    var remarks = warnings.map { Document.Block.paragraph("⚠ \($0.message)", .warning) }
    let skewed = groups.filter { $0.interval?.method == .bootstrap }.map(\.name)
    if !skewed.isEmpty {
      remarks.append(
        .paragraph(
          "Of skewed samples the interval is the bootstrap's, not Student's: "
            + skewed.joined(separator: "; ") + ".", .faint))
    }
    if !leftOut.isEmpty {
      remarks.append(
        .paragraph("Left out, without a finite \(metric): \(spoken(leftOut)).", .warning))
    }
    if !unfinished.isEmpty {
      remarks.append(
        .paragraph(
          "Not finished, with the last value so far: \(spoken(unfinished)).", .warning))
    }
    if groups.contains(where: { $0.sample.values.count < Self.fewRuns }) {
      remarks.append(
        .paragraph(
          "Too few runs in some groups to tell: give each at least \(Self.fewRuns) seeds, such as with "
            + "tracker sweep --seed 1...5", .warning))
    }
    return remarks
  }

  /// What the words and figures of the tests mean.
  package var testNote: String {
    (groups.count > Self.testedGroupLimit
      ? "The best group is tested against each of the others. " : "")
      + "Welch's test of means; p-values after Holm for \(counted(tests.count, "test")), intervals corrected alike. "
      + "Effect sizes are Hedges' g, in standard deviations: 0.2 is small, 0.5 medium, 0.8 large."
  }

  private func spoken(_ ids: [Int64]) -> String {
    let shown = ids.prefix(10).map(String.init).joined(separator: ", ")
    return (ids.count == 1 ? "run " : "runs ") + shown + (ids.count > 10 ? ", …" : "")
  }
}
