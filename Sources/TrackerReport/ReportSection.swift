import TrackerViews

/// A part of the report, under a heading of its own and in the navigation.
struct ReportSection {
  /// The anchor.
  let id: String
  /// How the navigation names it.
  let name: String
  /// The heading.
  let title: String
  /// The template that draws it, of those under `Reports/`.
  let template: String
  /// What fills the template.
  let content: [String: Any]

  init(
    id: String, name: String? = nil, title: String, template: String? = nil,
    content: [String: Any]
  ) {
    self.id = id
    self.name = name ?? title
    self.title = title
    self.template = template ?? id
    self.content = content
  }

  /// What the page's template is given.
  var templateContext: [String: Any] {
    ["id": id, "name": name, "title": title, "template": template, "content": content]
  }
}
