package import TrackerJSON

/// A view with a remark under it for people, such as how to ask for another metric; other programs get the view alone.
package struct NotedView<Content: Presentable>: Presentable {
  private let content: Content
  private let note: String?

  fileprivate init(_ content: Content, _ note: String?) {
    self.content = content
    self.note = note
  }

  package var json: JSONValue { content.json }
  package var records: DataTable { content.records }

  package var document: Document {
    Document(content.document.blocks + (note.map { [.paragraph($0, .faint)] } ?? []))
  }
}

extension Presentable {
  /// The same with a remark for people.
  package func noted(_ note: String?) -> NotedView<Self> { NotedView(self, note) }
}
