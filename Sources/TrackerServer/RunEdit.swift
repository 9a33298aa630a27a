import TrackerJSON
import TrackerStore
import TrackerValues

/// What people may change of a run: its name, its note, its tags, and whether it is archived. As JSON, with what is to stay left
/// out, and null for what is to go:
///
///     {"name": "baseline", "note": null, "tags": {"team": "a", "draft": null}, "archived": true}
struct RunEdit: Hashable {
  private var name: String??
  private var note: String??
  private var tags: [String: String?] = [:]
  private var isArchived: Bool?

  /// - Throws: ``EditError`` for what is none
  init(_ bytes: [UInt8]) throws {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      throw EditError(description: "the edit cannot be read: \(error)")
    }
    guard case .object(let members) = value, !members.isEmpty else {
      throw EditError(description: "an edit is an object such as {\"name\": \"baseline\"}")
    }
    for member in members {
      switch (member.key, member.value) {
      case ("name", let value): name = .some(try Self.filled(value, "name"))
      case ("note", let value): note = .some(try Self.filled(value, "note"))
      case ("tags", .object(let tags)):
        for tag in tags {
          guard !tag.key.isEmpty else { throw EditError(description: "a tag has a name") }
          self.tags[tag.key] = .some(try Self.text(tag.value, "the tag \(tag.key)"))
        }
      case ("archived", .boolean(let isArchived)): self.isArchived = isArchived
      default:
        throw EditError(
          description: "there is no edit of this kind: \(member.key)",
          advice:
            "There are name, note (texts or null), tags (an object of these), archived (true or false)."
        )
      }
    }
  }

  /// An empty text is none, as in `tracker rename` and `tracker note`.
  private static func filled(_ value: JSONValue, _ what: String) throws -> String? {
    try text(value, what).flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func text(_ value: JSONValue, _ what: String) throws -> String? {
    switch value {
    case .null: return nil
    case .string(let text): return text
    default: throw EditError(description: "\(what) is a text or null, not \(value.compact)")
    }
  }

  /// Changes the run.
  ///
  /// - Returns: the edit that takes it back
  /// - Throws: ``StoreError``
  func apply(to id: Int64, in store: Store) throws -> JSONValue {
    let run = try store.run(id: id)
    var before: [JSONValue.Member] = []
    func keep(_ key: String, _ value: JSONValue) { before.append(.init(key: key, value: value)) }
    if let name {
      try store.rename(run: id, to: name)
      keep("name", .string(run.name))
    }
    if let note {
      try store.setNote(note, run: id)
      keep("note", .string(run.note))
    }
    if !tags.isEmpty {
      try store.edit(
        runs: [id], settingTags: tags.compactMapValues { $0 },
        removingTags: tags.filter { $0.value == nil && run.tags[$0.key] != nil }.map(\.key))
      keep(
        "tags", .object(tags.keys.sorted().map { .init(key: $0, value: .string(run.tags[$0])) }))
    }
    if let isArchived {
      try isArchived ? store.archive(runs: [id]) : store.restore(runs: [id])
      keep("archived", .boolean(run.archivedAt != nil))
    }
    return .object(before)
  }
}

/// An edit that makes no sense.
struct EditError: ExplainedError {
  let description: String
  var advice: String?
  var kind: ExplainedErrorKind { .usage }
}
