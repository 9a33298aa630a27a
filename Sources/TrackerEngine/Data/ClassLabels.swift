/// The labels of a table's rows, made classes.
///
/// A label is what the class is called: labels that all are numbers are one class where their numbers are equal (`1` and
/// `1.0`), others where their texts are.
struct ClassLabels {
  /// The distinct texts, in the order of their first rows.
  private var texts: [String] = []
  private var places: [String: Int] = [:]
  /// The place of each row's text.
  private var rows: [Int] = []

  /// Takes a row's label.
  ///
  /// - Throws: what is wrong with it, without its place
  mutating func append(_ text: String) throws(LabelMistake) {
    if let place = places[text] { return rows.append(place) }
    guard !text.isEmpty else { throw LabelMistake(what: "the label is empty") }
    if let number = Self.number(text), !number.isFinite {
      throw LabelMistake(what: "\(text) is not a label")
    }
    places[text] = texts.count
    rows.append(texts.count)
    texts.append(text)
  }

  /// The classes' names in their order, and the class of each row.
  func classes() -> (names: [String], labels: [Int]) {
    let numbers = texts.map(Self.number)
    guard numbers.allSatisfy({ $0 != nil }) else {
      let order = texts.indices.sorted { texts[$0] < texts[$1] }
      return (order.map { texts[$0] }, labels(inOrder: order.map { [$0] }))
    }
    let order = texts.indices.sorted { (numbers[$0] ?? 0) < (numbers[$1] ?? 0) }
    var groups: [[Int]] = []
    for place in order {
      if let last = groups.last?.first, numbers[last] == numbers[place] {
        groups[groups.count - 1].append(place)
      } else {
        groups.append([place])
      }
    }
    return (groups.map { Self.name(texts[$0[0]]) }, labels(inOrder: groups))
  }

  /// The distinct texts, and the place of each row's among them.
  func distinct() -> (texts: [String], rows: [Int]) { (texts, rows) }

  private func labels(inOrder groups: [[Int]]) -> [Int] {
    var label = [Int](repeating: 0, count: texts.count)
    for (index, group) in groups.enumerated() { for place in group { label[place] = index } }
    return rows.map { label[$0] }
  }

  /// What looks odd in the labels, in words; `column` is theirs, from 1.
  ///
  /// - Throws: ``DatasetError`` where nearly each row is a class of its own
  func remarks(name: String, column: Int) throws -> [String] {
    let (names, _) = classes()
    let place = "\(name), column \(column)"
    if names.count > 20, 2 * names.count > rows.count {
      throw DatasetError(
        "\(place): \(names.count) classes in \(rows.count) rows: this is a number or a name of each row, not its class",
        reason: .labelColumn)
    }
    var remarks: [String] = []
    let hasFractions = texts.contains { text in
      Self.number(text).map { $0 != $0.rounded() } ?? false
    }
    if names.count > 2, hasFractions || (names.count > 10 && 5 * names.count > rows.count) {
      let examples = names.prefix(3).joined(separator: ", ")
      remarks.append(
        "\(place): the \(names.count) classes of \(rows.count) rows, \(examples) …, look like amounts. Is this the column of the labels?"
      )
    }
    let missing = ["na", "n/a", "null", "none", "#n/a", "?", "missing"]
    for text in texts where missing.contains(text.lowercased()) {
      remarks.append(
        "\(place): \"\(text)\" is a class like the others. If it means that the label is missing, leave such rows out."
      )
    }
    return remarks
  }

  /// The number that a label is, if it is one.
  static func number(_ text: String) -> Double? { decimalNumber(Array(text.utf8)[...]) }

  /// The name of a label's class among classes that are numbers.
  static func name(_ text: String) -> String {
    guard let number = number(text) else { return text }
    return Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }
}

/// What is wrong with a label.
struct LabelMistake: Error {
  let what: String
}
