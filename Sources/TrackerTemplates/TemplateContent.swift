/// What a template reads: a text, a truth, a list, or a record with named fields.
package enum TemplateValue: Sendable {
  /// Nothing, as an optional has it that is `nil`: a section of it is left out.
  case absent
  case text(String)
  case flag(Bool)
  case list([any TemplateContent])
  case record([(name: String, value: any TemplateContent)])

  /// Whether a section of it is shown. An empty text is something; an empty list is not.
  var isTrue: Bool {
    switch self {
    case .absent: false
    case .flag(let flag): flag
    case .list(let items): !items.isEmpty
    case .text, .record: true
    }
  }
}

/// What fills a template. A struct that conforms is a record of its stored properties, by their names, and needs to
/// say nothing more. One of which a page has thousands says its record itself: to be looked at takes microseconds.
package protocol TemplateContent: Sendable {
  /// The content as templates read it.
  var templateValue: TemplateValue { get }
}

extension TemplateContent {
  package var templateValue: TemplateValue {
    .record(
      Mirror(reflecting: self).children.map { child in
        guard let name = child.label, let value = child.value as? any TemplateContent else {
          preconditionFailure(
            "\(Self.self).\(child.label ?? "?") is nothing that a template can show")
        }
        return (name, value)
      })
  }
}

extension String: TemplateContent {
  package var templateValue: TemplateValue { .text(self) }
}

extension Bool: TemplateContent {
  package var templateValue: TemplateValue { .flag(self) }
}

extension Optional: TemplateContent where Wrapped: TemplateContent {
  package var templateValue: TemplateValue { self?.templateValue ?? .absent }
}

extension Array: TemplateContent where Element: TemplateContent {
  package var templateValue: TemplateValue { .list(self) }
}

/// Content of any kind, where a property may hold more than one.
package struct AnyTemplateContent: TemplateContent {
  package let templateValue: TemplateValue

  package init(_ content: any TemplateContent) { templateValue = content.templateValue }
}
