package import TrackerJSON

/// What a network says of examples: the class of each, and how sure it is.
package struct PredictionView: Presentable {
  private let run: Int64
  private let classNames: [String]
  private let labels: [Int]?
  private let probabilities: [Double]

  /// - Parameters:
  ///   - run: the run whose network it is
  ///   - classNames: the classes' names, length K
  ///   - labels: the examples' own labels, by class number, length m, if known
  ///   - probabilities: of each class, m × K, row-major
  package init(run: Int64, classNames: [String], labels: [Int]?, probabilities: [Double]) {
    self.run = run
    self.classNames = classNames
    self.labels = labels
    self.probabilities = probabilities
  }

  private var rowCount: Int { probabilities.count / classNames.count }

  private func row(_ index: Int) -> ArraySlice<Double> {
    probabilities[index * classNames.count..<(index + 1) * classNames.count]
  }

  private func predicted(_ index: Int) -> Int {
    let row = Array(row(index))
    return row.indices.max { row[$0] < row[$1] } ?? 0
  }

  private var correctCount: Int? {
    labels.map { labels in (0..<rowCount).count { predicted($0) == labels[$0] } }
  }

  package var json: JSONValue {
    let accuracy = correctCount.map { Double($0) / Double(rowCount) }
    return .object([
      "run": .integer(run), "classes": .array(classNames.map(JSONValue.string)),
      "accuracy": .number(accuracy),
      "predictions": .array(
        (0..<rowCount).map { index -> JSONValue in
          let label = labels.map { classNames[$0[index]] }
          return .object([
            "row": .integer(index + 1), "class": .string(classNames[predicted(index)]),
            "label": label.map(JSONValue.string) ?? .null,
            "probabilities": .array(row(index).map(JSONValue.number)),
          ])
        }),
    ])
  }

  package var records: DataTable { table(withProbabilities: true) }

  package var document: Document {
    var blocks: [Document.Block] = [.table(table(withProbabilities: false))]
    if let correctCount {
      blocks.append(
        .paragraph("\(correctCount) of \(rowCount) right", .strong))
    }
    return Document(blocks)
  }

  private func table(withProbabilities isFull: Bool) -> DataTable {
    let names = isFull ? classNames.map { DataTable.Column("probability.\($0)") } : []
    return DataTable(
      columns: [.init("row"), .init("class")] + (labels == nil ? [] : [.init("label")])
        + [.init("probability")] + names,
      rows: (0..<rowCount).map { index in
        let best = predicted(index)
        let isWrong = labels.map { $0[index] != best } ?? false
        let row = row(index)
        return [.count(index + 1), .text(classNames[best], isWrong ? .bad : .plain)]
          + (labels.map { [.text(classNames[$0[index]] + (isWrong && !isFull ? " ✗" : ""))] } ?? [])
          + [.real(row[row.startIndex + best])] + (isFull ? row.map { .real($0) } : [])
      })
  }
}
