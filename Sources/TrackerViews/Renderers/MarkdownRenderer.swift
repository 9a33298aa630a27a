extension Document {
  /// The document in GitHub Flavored Markdown, with full precision.
  package var markdown: String {
    blocks.map(\.markdown).filter { !$0.isEmpty }.joined(separator: "\n\n")
  }
}

extension Document.Block {
  fileprivate var markdown: String {
    switch self {
    case .heading(let title): return "## " + title.markdownEscaped
    case .paragraph(let text, _): return text.markdownEscaped
    case .list(let items):
      return items.map { "- " + $0.markdownEscaped }.joined(separator: "\n")
    case .facts(let facts):
      return DataTable(["what", "value"], rows: facts.map { [.text($0.name), $0.value] }).markdown
    case .table(let table): return table.markdown
    case .picture(let picture): return "```\n" + picture + "\n```"
    case .plot(let plot):
      let lines = plot.lines(width: 80, height: 15, style: TextStyle())
      return lines.joined(separator: "\n").fencedMarkdown
    case .command(let command): return command.visible.fencedMarkdown
    }
  }
}

extension String {
  /// The text as a block of code; the fence is longer than any in the text.
  fileprivate var fencedMarkdown: String {
    var longest = 0
    var run = 0
    for character in self {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return fence + "\n" + self + "\n" + fence
  }
}
