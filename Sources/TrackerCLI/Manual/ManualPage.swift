/// A command's page in the language of man(7), in ASCII.
struct ManualPage {
  let command: CommandDescription
  /// The program with its version.
  let source: String
  /// The day that stands at the foot, `2026-11-24`.
  let day: String

  /// The page's source, which groff and mandoc set without a complaint.
  var text: String {
    var page = [
      ".TH \(command.pageName.uppercased().roff) 1 \(day) \"\(source.roff)\" \"User Commands\"",
      // Neither words nor commands are broken, and lines are not stretched.
      ".nh", ".ad l", ".SH NAME",
      "\(command.pageName.roff) \\- \(summary.roff)", ".SH SYNOPSIS", synopsis,
    ]
    var sections = Self.sections(of: command.discussion ?? "")
    let description = sections.isEmpty ? [] : sections.removeFirst().lines
    page += [".SH DESCRIPTION"] + Self.paragraphs([command.abstract ?? "", ""] + description)
    if !command.aliases.isEmpty {
      let names = command.aliases.map { "\\fB\($0.roff)\\fR" }.joined(separator: ", ")
      page += [".PP", "Also: \(names)."]
    }
    page += list("ARGUMENTS", arguments.filter { $0.kind == .positional })
    page += options
    page += commands
    for section in sections {
      page += [".SH \(section.title.roff)"]
      page += Self.paragraphs(section.lines)
    }
    page += [".SH SEE ALSO", seeAlso]
    return page.joined(separator: "\n") + "\n"
  }

  private var arguments: [CommandDescription.Argument] {
    command.arguments.filter(\.shouldDisplay)
  }

  /// The abstract as whatis(1) wants it: without a capital and a full stop.
  private var summary: String {
    let text = command.abstract ?? ""
    return text.prefix(1).lowercased()
      + (text.hasSuffix(".") ? text.dropLast() : text[...])
      .dropFirst()
  }

  private var synopsis: String {
    var words = ["\\fB\(command.fullName.roff)\\fR"]
    if !command.subcommands.isEmpty { words.append("\\fIcommand\\fR") }
    if arguments.contains(where: { $0.kind != .positional }) { words.append("[\\fIoptions\\fR]") }
    for argument in arguments where argument.kind == .positional {
      let name = "\\fI\((argument.valueName ?? "value").roff)\\fR"
      let repeated = argument.isRepeating ? name + " ..." : name
      words.append(argument.isOptional ? "[\(repeated)]" : repeated)
    }
    return words.joined(separator: " ")
  }

  /// The options, those without a title first.
  private var options: [String] {
    let options = arguments.filter { $0.kind != .positional }
    var titles: [String] = []
    for title in options.compactMap(\.sectionTitle) where !titles.contains(title) {
      titles.append(title)
    }
    var text = list("OPTIONS", options.filter { $0.sectionTitle == nil })
    if text.isEmpty, !titles.isEmpty { text = [".SH OPTIONS"] }
    for title in titles {
      text += [".SS \(title.roff)"] + options.filter { $0.sectionTitle == title }.flatMap(entry)
    }
    return text
  }

  private func list(_ title: String, _ arguments: [CommandDescription.Argument]) -> [String] {
    arguments.isEmpty ? [] : [".SH \(title)"] + arguments.flatMap(entry)
  }

  private func entry(_ argument: CommandDescription.Argument) -> [String] {
    let value = "\\fI\((argument.valueName ?? "value").roff)\\fR"
    var tag = argument.names.map { "\\fB\($0.roff)\\fR" }.joined(separator: ", ")
    switch argument.kind {
    case .positional: tag = value
    case .option: tag += " " + value
    case .flag: break
    }
    let byDefault = argument.defaultValue.map { "(default: \($0))" }
    let words = [argument.abstract, argument.discussion, byDefault].compactMap(\.self)
    return [".TP", tag, words.joined(separator: " ").roff]
  }

  private var commands: [String] {
    let subcommands = command.subcommands.filter { $0.commandName != "help" }
    guard !subcommands.isEmpty else { return [] }
    return [".SH COMMANDS"]
      + subcommands.flatMap { subcommand in
        [
          ".TP", "\\fB\(subcommand.pageName.roff)\\fR(1)",
          (subcommand.abstract ?? "").roff,
        ]
      }
  }

  private var seeAlso: String {
    if command.superCommands.isEmpty { return "\\fBsqlite3\\fR(1)" }
    return "\\fB\(command.superCommands.joined(separator: "-").roff)\\fR(1)"
  }

  /// A discussion, cut at its lines in capitals; the first part has no title.
  private static func sections(of discussion: String) -> [(title: String, lines: [String])] {
    var sections = [(title: "", lines: [String]())]
    for line in discussion.split(separator: "\n", omittingEmptySubsequences: false) {
      let isTitle =
        line.first?.isUppercase == true && line.allSatisfy { $0.isUppercase || $0 == " " }
      if isTitle {
        sections.append((String(line), []))
      } else {
        sections[sections.count - 1].lines.append(String(line))
      }
    }
    return sections
  }

  /// Running text in paragraphs; what is indented line by line, as commands and tables are.
  private static func paragraphs(_ lines: [String]) -> [String] {
    var text: [String] = []
    var isNew = true
    var isIndented = false
    for line in lines {
      guard let start = line.firstIndex(where: { $0 != " " }) else {
        isNew = true
        continue
      }
      let indent = line.distance(from: line.startIndex, to: start)
      if indent > 2, isIndented, let last = text.last {
        // A command goes on: the shell's sign for it is not needed where lines are filled.
        let joint = last.hasSuffix("\\e") ? last.dropLast(2) : last[...]
        text[text.count - 1] = joint + String(line[start...]).roff
        continue
      }
      if indent > 0 {
        if !isIndented { text += (text.isEmpty ? [] : [".PP"]) + [".PD 0"] }
        text += item(String(line[start...]))
      } else {
        if isIndented { text.append(".PD") }
        text += ((isNew || isIndented) && !text.isEmpty ? [".PP"] : []) + [line.roff]
      }
      isIndented = indent > 0
      isNew = false
    }
    return text + (isIndented ? [".PD"] : [])
  }

  /// An indented line: a command and what is said of it, if anything, behind a gap.
  private static func item(_ line: String) -> [String] {
    guard let gap = line.firstRange(of: "   ") else { return [".HP 4", line.roff] }
    let explanation = line[gap.upperBound...].drop { $0 == " " }
    return [".TP 4", String(line[..<gap.lowerBound]).roff, String(explanation).roff]
  }
}

extension String {
  /// The text so that roff takes nothing in it for a command; spaces keep their width.
  fileprivate var roff: String {
    var text = first == "." || first == "'" ? "\\&" : ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\\": text += "\\e"
      case "-": text += "\\-"
      case "'": text += "\\(aq"
      case "\"": text += "\\(dq"
      case "`": text += "\\(ga"
      case "^": text += "\\(ha"
      case "~": text += "\\(ti"
      case "\n": text += " "
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
        text += scalar.isASCII ? String(scalar) : "\\[u\(zeros)\(digits)]"
      }
    }
    return text
  }
}
