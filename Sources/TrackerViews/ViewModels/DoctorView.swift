package import TrackerJSON

/// The health of a store.
package struct DoctorView: Presentable {
  private let path: String
  private let facts: [(name: String, value: Cell.Value)]
  private let examinations: [Examination]

  /// One thing that was looked at.
  package struct Examination: Sendable, Hashable {
    /// What was looked at: `integrity`, `foreign keys`, `summaries`, ….
    package var name: String
    /// Whether it is as it should be.
    package var isSound: Bool
    /// What was found; empty where there is nothing to say.
    package var detail: String
    /// What to do about it, if anything.
    package var advice: String?

    /// One thing that was looked at.
    package init(name: String, isSound: Bool, detail: String = "", advice: String? = nil) {
      self.name = name
      self.isSound = isSound
      self.detail = detail
      self.advice = advice
    }
  }

  /// - Parameters:
  ///   - path: the store's file
  ///   - facts: what is worth knowing of it, such as its schema version and its size; the names are
  ///     lower camel case, as they are in JSON
  ///   - examinations: what was looked at
  package init(
    path: String, facts: KeyValuePairs<String, Cell.Value>, examinations: [Examination]
  ) {
    self.path = path
    self.facts = facts.map { ($0.key, $0.value) }
    self.examinations = examinations
  }

  /// Whether everything is as it should be.
  package var isHealthy: Bool { examinations.allSatisfy(\.isSound) }

  package var json: JSONValue {
    .object(
      [.init(key: "path", value: .string(path)), .init(key: "healthy", value: .boolean(isHealthy))]
        + facts.map { .init(key: $0.name, value: Cell($0.value).json) }
        + [
          .init(
            key: "examinations",
            value: .array(
              examinations.map { item in
                .object([
                  "name": .string(item.name), "sound": .boolean(item.isSound),
                  "detail": .string(item.detail), "advice": .string(item.advice),
                ])
              }))
        ])
  }

  package var records: DataTable {
    DataTable(
      ["name", "sound", "detail", "advice"],
      rows: examinations.map {
        [.text($0.name), Cell(.boolean($0.isSound)), .text($0.detail), .text($0.advice)]
      })
  }

  package var document: Document {
    let unsound = examinations.filter { !$0.isSound }.count
    return Document([
      .heading(path),
      .facts(facts.map { .init($0.name, Cell($0.value)) }),
      .table(
        DataTable(
          ["examined", "found", "detail"],
          rows: examinations.map { item in
            [
              .text(item.name),
              item.isSound ? .text("✓ sound", .good) : .text("✗ damaged", .bad),
              .text(item.detail.isEmpty ? nil : item.detail),
            ]
          })),
      .list(examinations.compactMap(\.advice)),
      unsound == 0
        ? .paragraph("✓ The store is sound.", .good)
        : .paragraph("✗ \(counted(unsound, "fault")) found.", .bad),
    ])
  }
}
