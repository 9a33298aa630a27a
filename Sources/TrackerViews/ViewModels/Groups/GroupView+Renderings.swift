package import TrackerJSON
import TrackerStore

extension GroupView {
  package var json: JSONValue {
    .object([
      "metric": .string(metric), "direction": .string(direction?.rawValue),
      "groups": .array(groups.map(json)), "tests": .array(tests.map(json)),
      "warnings": .array(warnings.map(\.json)), "leftOut": .array(leftOut.map(JSONValue.integer)),
      "unfinished": .array(unfinished.map(JSONValue.integer)),
    ])
  }

  func json(_ group: Group) -> JSONValue {
    let sample = group.sample
    let interval = group.interval
    return .object([
      "key": .object(zip(keys, group.values).map { .init(key: $0, value: $1?.json ?? .null) }),
      "runs": .array(group.runs.map(JSONValue.integer)),
      "count": .integer(sample.values.count), "mean": .number(sample.mean),
      "standardDeviation": .number(sample.knownDeviation),
      "confidence": Self.json(interval?.range),
      "confidenceMethod": .string(interval?.method.rawValue),
      "student": Self.json(sample.interval()), "bootstrap": Self.json(sample.bootstrapInterval()),
      "skewness": .number(sample.skewness.isFinite ? sample.skewness : nil),
    ])
  }

  private func json(_ test: Test) -> JSONValue {
    .object([
      "a": .integer(test.a), "b": .integer(test.b),
      "difference": .number(test.welch?.difference),
      "confidence": Self.json(test.confidence), "pValue": .number(test.pValue),
      "uncorrectedPValue": .number(test.welch?.pValue),
      "effectSize": .number(test.welch?.effectSize), "method": .string("Welch, Holm"),
      "summary": .string(sentence(test)),
    ])
  }

  private static func json(_ interval: ClosedRange<Double>?) -> JSONValue {
    guard let interval else { return .null }
    return .object([
      "lower": .number(interval.lowerBound), "upper": .number(interval.upperBound),
    ])
  }

  package var records: DataTable {
    DataTable(
      columns: keys.map { .init($0) }
        + [
          .init("count", title: "runs"), .init("mean", title: metric),
          .init("standardDeviation", title: "± sd"), .init("lower", title: "95 % from"),
          .init("upper", title: "to"), .init("method", title: "by", rank: 2),
          .init("runs", title: "which", rank: 1),
        ],
      rows: groups.map { group in
        let interval = group.interval
        return group.values.map { Cell.parameter($0) } + [
          .count(group.sample.values.count), .real(group.sample.mean),
          .real(group.sample.knownDeviation), .real(interval?.range.lowerBound),
          .real(interval?.range.upperBound), .text(interval?.method.rawValue),
          .text(group.runs.map { String($0) }.joined(separator: " ")),
        ]
      })
  }

  /// The groups under their heading, with what is to be known of them.
  var groupBlocks: [Document.Block] {
    guard !groups.isEmpty else {
      return [.paragraph("No run here has a finite metric named \(metric).", .faint)]
    }
    return [.heading("\(metric), at the end, by \(keys.joined(separator: ", "))"), .table(records)]
      + remarks
  }

  package var document: Document {
    var blocks = groupBlocks
    guard !tests.isEmpty else { return Document(blocks) }
    // Findings come first. Of many tests only the findings with the best group are told, and what cannot be told apart
    // is one line.
    let isLong = tests.count > Self.toldTestLimit
    let findings = tests.filter(isFinding)
    let open = tests.filter { !isFinding($0) }
    let told = isLong ? findings.filter { $0.a == 0 } : findings + open
    blocks.append(.heading("Differences"))
    if !told.isEmpty { blocks.append(.list(told.map(sentence))) }
    if isLong, let untold = untold(open.count) { blocks.append(.paragraph(untold)) }
    let left = isLong ? findings.count - told.count : 0
    if left > 0 { blocks.append(.paragraph("The other \(left) are in --format json.", .faint)) }
    return Document(blocks + [.paragraph(testNote, .faint)])
  }

  /// One line for all pairs of groups that cannot be told apart; `nil` where there are none.
  package func untold(_ count: Int) -> String? {
    guard count > 0 else { return nil }
    let sizes = groups.map(\.sample.values.count)
    return counted(count, count < tests.count ? "other pair" : "pair")
      + " of groups cannot be told apart"
      + ((sizes.min() ?? 0) < Self.fewRuns ? ": there are too few runs in some." : ".")
  }

  private static let toldTestLimit = 10
}

extension Sample {
  /// The standard deviation, where there is one.
  fileprivate var knownDeviation: Double? { values.count < 2 ? nil : standardDeviation }
}

/// The groups of a ``GroupView`` as a list, without tests.
package struct GroupListView: Presentable {
  private let view: GroupView
  private let limit: Int

  /// A list of the best groups.
  package init(_ view: GroupView, limit: Int? = nil) {
    self.view = view
    self.limit = limit ?? view.groups.count
  }

  package var json: JSONValue { .array(view.groups.prefix(limit).map(view.json)) }

  package var records: DataTable {
    var table = view.records
    table.rows = Array(table.rows.prefix(limit))
    return table
  }

  package var document: Document {
    let blocks = view.groupBlocks.map { block -> Document.Block in
      if case .table = block { .table(records) } else { block }
    }
    guard limit < view.groups.count else { return Document(blocks) }
    return Document(
      blocks + [
        .paragraph("\(limit) of \(counted(view.groups.count, "group")): --limit shows more", .faint)
      ])
  }
}
