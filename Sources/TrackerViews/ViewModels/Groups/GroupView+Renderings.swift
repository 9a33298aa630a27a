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
    let interval = sample.meanInterval
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
      "confidence": Self.json(test.welch?.confidence), "pValue": .number(test.pValue),
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
        let interval = group.sample.meanInterval
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
    if groups.count > Self.testedGroupLimit {
      blocks.append(
        .paragraph(
          "\(groups.count) groups are too many to be tested each against each; choose fewer keys or runs.",
          .faint))
    }
    if !tests.isEmpty {
      // Of many, those with the best group are what is asked for.
      let told = tests.count > Self.toldTestLimit ? tests.filter { $0.a == 0 } : tests
      blocks += [.heading("Differences"), .list(told.map(sentence))]
      if told.count < tests.count {
        blocks.append(
          .paragraph(
            "The other \(tests.count - told.count) are in --format json.", .faint))
      }
      blocks.append(.paragraph(testNote, .faint))
    }
    return Document(blocks)
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
