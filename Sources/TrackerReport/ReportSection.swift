import TrackerTemplates

/// A part of the report as the template `report` wants it, under a heading of its own and in the navigation.
struct ReportSection: TemplateContent {
  /// The anchor.
  let id: String
  /// How the navigation names it.
  let name: String
  /// The heading.
  let title: String
  /// The template that draws it, of those under `Reports/`.
  let template: String
  /// What fills the template.
  let content: AnyTemplateContent

  init(
    id: String, name: String? = nil, title: String, template: String? = nil,
    content: some TemplateContent
  ) {
    self.id = id
    self.name = name ?? title
    self.title = title
    self.template = template ?? id
    self.content = AnyTemplateContent(content)
  }
}
