/// Templates by their names, each of which may put in the others.
package struct TemplateLibrary: Sendable {
  private var templates: [String: Template] = [:]
  /// The texts, to be read again where a partial is indented.
  private var texts: [String: String] = [:]

  /// Deeper partials never end: one puts in itself.
  private static let depthLimit = 50

  package init() {}

  /// Adds a template, or replaces the one of this name.
  ///
  /// - Throws: ``TemplateError`` when the text is not a template
  package mutating func add(_ text: String, named name: String) throws(TemplateError) {
    templates[name] = try Template(text)
    texts[name] = text
  }

  /// What a maker makes of each stretch of a long list, in their order.
  package typealias EachStretch =
    @Sendable (
      _ stretches: [Range<Int>], _ make: @Sendable (Range<Int>) -> Result<String, TemplateError>
    ) -> [Result<String, TemplateError>]

  /// The items of a stretch.
  private static let stretch = 64

  /// The template of this name, filled. A name that the content does not have is empty, and so is a partial that is
  /// not there.
  ///
  /// - Parameter each: fills the stretches of a long list, on whatever threads it likes
  /// - Throws: ``TemplateError`` when partials put in each other without end
  package func render(
    _ name: String, _ content: any TemplateContent,
    escaping escape: @escaping @Sendable (String) -> String,
    each: @escaping EachStretch = { stretches, make in stretches.map(make) }
  ) throws(TemplateError) -> String {
    var renderer = Renderer(
      library: self, escape: escape, each: each, contexts: [content.templateValue])
    guard let template = templates[name] else { return "" }
    try renderer.render(template.nodes)
    return renderer.output
  }

  private struct Renderer: Sendable {
    let library: TemplateLibrary
    let escape: @Sendable (String) -> String
    /// `nil` within a stretch.
    var each: EachStretch?
    /// The innermost last.
    var contexts: [TemplateValue]
    var output = ""
    var depth = 0

    mutating func render(_ nodes: [Template.Node]) throws(TemplateError) {
      for node in nodes {
        switch node {
        case .text(let text): output += text
        case .variable(let name, let isEscaped):
          if case .text(let text) = lookUp(name) { output += isEscaped ? escape(text) : text }
        case .section(let name, let isInverted, let nodes):
          try renderSection(lookUp(name), isInverted, nodes)
        case .partial(let partial): try put(in: partial)
        }
      }
    }

    private mutating func renderSection(
      _ value: TemplateValue, _ isInverted: Bool, _ nodes: [Template.Node]
    ) throws(TemplateError) {
      if isInverted {
        if !value.isTrue { try render(nodes) }
      } else if case .list(let items) = value {
        try render(nodes, for: items)
      } else if case .flag(let flag) = value {
        if flag { try render(nodes) }
      } else if value.isTrue {
        try render(nodes, within: value)
      }
    }

    private mutating func render(
      _ nodes: [Template.Node], for items: [any TemplateContent]
    ) throws(TemplateError) {
      guard let each, items.count >= 2 * TemplateLibrary.stretch else {
        for item in items { try render(nodes, within: item.templateValue) }
        return
      }
      var blank = self
      (blank.each, blank.output) = (nil, "")
      let ends = stride(from: 0, to: items.count, by: TemplateLibrary.stretch)
      let stretches = ends.map { $0..<min($0 + TemplateLibrary.stretch, items.count) }
      let made = each(stretches) { [blank] stretch in
        Result { () throws(TemplateError) in
          var renderer = blank
          try renderer.render(nodes, for: Array(items[stretch]))
          return renderer.output
        }
      }
      for part in made { output += try part.get() }
    }

    private mutating func render(
      _ nodes: [Template.Node], within context: TemplateValue
    ) throws(TemplateError) {
      contexts.append(context)
      try render(nodes)
      contexts.removeLast()
    }

    private mutating func put(in partial: Template.Partial) throws(TemplateError) {
      var name = partial.name
      if partial.isDynamic {
        guard case .text(let said) = lookUp(.init(Substring(name))) else { return }
        name = said
      }
      guard let template = library.templates[name] else { return }
      guard depth < TemplateLibrary.depthLimit else {
        throw TemplateError(
          message:
            "\(name): partials put in each other more than \(TemplateLibrary.depthLimit) deep")
      }
      depth += 1
      defer { depth -= 1 }
      if partial.indentation.isEmpty { return try render(template.nodes) }
      let text = library.texts[name] ?? ""
      try render(Template(text.indented(by: partial.indentation)).nodes)
    }

    /// What a name means here: of the contexts, from the innermost outwards, the first that has its first part.
    private func lookUp(_ name: Template.Name) -> TemplateValue {
      guard let first = name.path.first else { return contexts.last ?? .absent }
      for context in contexts.reversed() {
        guard let found = context.field(first) else {
          if name.isNearest { return .absent }
          continue
        }
        var value = found.templateValue
        for part in name.path.dropFirst() {
          guard let inner = value.field(part) else { return .absent }
          value = inner.templateValue
        }
        return value
      }
      return .absent
    }
  }
}

extension TemplateValue {
  fileprivate func field(_ name: String) -> (any TemplateContent)? {
    guard case .record(let fields) = self else { return nil }
    return fields.first { $0.name == name }?.value
  }
}

extension String {
  fileprivate func indented(by indentation: String) -> String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    // After the last line's end there is no line.
    let count = lines.last == "" ? lines.count - 1 : lines.count
    for index in 0..<count { lines[index] = indentation + lines[index] }
    return lines.joined(separator: "\n")
  }
}
