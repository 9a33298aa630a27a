extension Document {
  /// The document for a terminal.
  package func text(_ style: TextStyle) -> String {
    var text = ""
    var previous: Block?
    for block in blocks {
      let rendered = block.text(style)
      if rendered.isEmpty { continue }
      if let previous {
        // What belongs to a heading stands close under it.
        text += previous.isHeading || (previous.isProse && block.isProse) ? "\n" : "\n\n"
      }
      text += rendered
      previous = block
    }
    return text
  }
}

extension Document.Block {
  fileprivate var isHeading: Bool { if case .heading = self { true } else { false } }
  fileprivate var isProse: Bool { if case .paragraph = self { true } else { false } }

  fileprivate func text(_ style: TextStyle) -> String {
    switch self {
    case .heading(let title):
      return style.painted(title.visible.abbreviated(to: style.width ?? .max), .strong)
    case .paragraph(let text, let emphasis):
      return lines(of: text, style).map { style.painted($0, emphasis) }.joined(separator: "\n")
    case .list(let items):
      return items.map { item in
        let lines = lines(of: item, style, indentation: 2)
        return "- " + lines.joined(separator: "\n  ")
      }.joined(separator: "\n")
    case .facts(let facts):
      let width = facts.reduce(0) { max($0, $1.name.visible.displayWidth) }
      return facts.map { fact in
        // Never cut: a value may be a command, to be copied.
        style.painted(fact.name.visible.padded(to: width), .faint) + "  "
          + style.painted(fact.value.readable(style), fact.value.emphasis)
      }.joined(separator: "\n")
    case .table(let table): return table.text(style)
    case .picture(let picture): return picture
    case .plot(let plot):
      return plot.lines(width: min(style.width ?? 80, 120), height: 15, style: style)
        .joined(separator: "\n")
    case .command(let command): return "  " + command.visible
    }
  }

  /// Longer lines of sentences are hard to read, however wide the terminal is.
  private static let proseWidth = 100

  private func lines(of text: String, _ style: TextStyle, indentation: Int = 0) -> [String] {
    guard let width = style.width else { return [text.visible] }
    return text.visible.wrapped(to: max(20, min(width, Self.proseWidth) - indentation))
  }
}
