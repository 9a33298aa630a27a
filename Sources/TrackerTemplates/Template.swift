/// A parsed template in Mustache's language: <https://mustache.github.io/mustache.5.html>.
///
/// Variables, unescaped variables, sections, inverted sections, partials (also of a name that the content gives,
/// `{{> *name}}`), comments and other delimiters are understood. Beyond Mustache a leading dot, `{{#.link}}`, looks a
/// name up in the nearest context alone.
struct Template: Sendable {
  /// What a template is made of.
  indirect enum Node: Sendable {
    case text(String)
    case variable(Name, isEscaped: Bool)
    case section(Name, isInverted: Bool, [Node])
    case partial(Partial)
  }

  /// Another template that is put in.
  struct Partial: Sendable {
    /// The template's name, or what the content calls it.
    var name: String
    /// Whether the content says the name.
    var isDynamic: Bool
    /// The white space before a partial that has a line to itself; each of its lines begins with it.
    var indentation: String
  }

  /// A name as it is looked up.
  struct Name: Sendable {
    /// The parts between dots; none for the context itself, `{{.}}`.
    var path: [String]
    /// Whether only the nearest context is asked.
    var isNearest: Bool

    init(_ text: Substring) {
      if text == "." {
        (path, isNearest) = ([], true)
      } else {
        isNearest = text.first == "."
        path = text.split(separator: ".").map(String.init)
      }
    }
  }

  let nodes: [Node]

  /// - Throws: ``TemplateError`` where a tag or a section is not closed, or nothing is in a tag
  init(_ text: String) throws(TemplateError) {
    var parser = TemplateParser(text)
    nodes = try parser.nodes()
  }
}

/// What keeps a template from being read or filled.
package struct TemplateError: Error, Hashable {
  /// What is wrong, and in which line.
  package let message: String
}
