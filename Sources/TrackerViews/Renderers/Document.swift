/// What a view has to say to people, in order; the terminal and Markdown render the same one.
package struct Document: Sendable, Hashable {
  /// The parts in order.
  package var blocks: [Block]

  /// A part.
  package enum Block: Sendable, Hashable {
    /// The name of what follows.
    case heading(String)
    /// A sentence or more.
    case paragraph(String, Emphasis)
    /// Names with their values.
    case facts([Fact])
    /// Points under each other.
    case list([String])
    /// A table.
    case table(DataTable)
    /// Lines of characters that make a picture.
    case picture(String)
    /// Curves.
    case plot(BraillePlot)
    /// A command, to be typed as it stands.
    case command(String)
  }

  /// A name and its value.
  package struct Fact: Sendable, Hashable {
    /// The name.
    package var name: String
    /// The value.
    package var value: Cell

    package init(_ name: String, _ value: Cell) {
      self.name = name
      self.value = value
    }
  }

  package init(_ blocks: [Block]) { self.blocks = blocks }
}

extension Document.Block {
  package static func paragraph(_ text: String) -> Self { .paragraph(text, .plain) }
}
