import ArgumentParser
import TrackerExperiments
import TrackerViews
import TrackerStore
import TrackerSystem

/// What a shell offers when Tab is pressed, with the names in the store that the command line means.
///
/// It is quick, says nothing of what goes wrong, and leaves the store as it is: one that is not there or that an
/// older program wrote has nothing to offer.
enum Completion {
  /// The surroundings of the command that is being parsed.
  @TaskLocal static var context: CommandContext?

  /// Only so many of the newest runs are looked at.
  private static let runLimit = 500

  /// Runs, as every command takes them.
  static let run = words { names in
    ["latest", "latest~1"]
      + names.metrics.filter { MetricDirection.known(for: $0) != nil }.map { "best:\($0)" }
      + names.uniqueNames
      + names.runs.map { "\($0)" }
  }
  static let experiment = words(\.experiments)
  static let metric = words(\.metrics)
  static let tag = words(\.tags)
  static let preset = CompletionKind.list(Preset.all.map(\.name))

  /// Fields within a condition.
  static let condition = fields {
    StoreNames.fields + $0.fieldKeys + ["and", "or", "not", "is null"]
  }
  /// Fields with commas between them, each with a minus before it where that is wanted.
  static let sort = fields { StoreNames.fields + $0.fieldKeys }
  static let columns = fields { RunListView.columnNames + $0.fieldKeys }
  static let groupBy = fields { $0.parameters }

  private static func words(
    _ candidates: @escaping @Sendable (StoreNames) -> [String]
  ) -> CompletionKind {
    .custom { words, index, prefix in
      offer(candidates, words: words, stem: "", part: typed(words, index, prefix))
    }
  }

  /// The last name in a text of several is completed; what comes before it stays.
  private static func fields(
    _ candidates: @escaping @Sendable (StoreNames) -> [String]
  ) -> CompletionKind {
    .custom { words, index, prefix in
      let text = typed(words, index, prefix)
      let end = text.lastIndex { !($0.isLetter || $0.isNumber || "_./:~".contains($0)) }
      let start = end.map(text.index(after:)) ?? text.startIndex
      let stem = String(text[..<start])
      let isOfMetric = ["best(", "first(", "last(", "min(", "max("].contains(where: stem.hasSuffix)
      return offer(
        isOfMetric ? \.metrics : candidates, words: words, stem: stem, part: String(text[start...]))
    }
  }

  private static func offer(
    _ candidates: (StoreNames) -> [String], words: [String], stem: String, part: String
  ) -> [String] {
    guard let context, let names = names(words, context) else { return [] }
    var offered: Set<String> = []
    return candidates(names).filter {
      $0.hasPrefix(part) && !(part.isEmpty && names.hides($0))
        && !$0.contains(where: \.isNewline) && offered.insert($0).inserted
    }.map { candidate in
      let word = stem + candidate
      // In zsh a description follows a colon.
      return CompletionShell.requesting == .zsh
        ? word.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:")
        : word
    }
  }

  private static func names(_ words: [String], _ context: CommandContext) -> StoreNames? {
    var named: String?
    // bash makes a word of an equals sign.
    let words = words.filter { $0 != "=" }
    for (word, next) in zip(words, words.dropFirst() + [""]) {
      if word == "--db" { named = next }
      if word.hasPrefix("--db=") { named = String(word.dropFirst(5)) }
    }
    named = named.map(unquoted)
    if let path = named, path.hasPrefix("~/"), let home = context.terminal.environment["HOME"] {
      named = home + path.dropFirst()
    }
    let path = StoreOptions.path(named, in: context)
    return try? Store(
      path: absolutePath(path, in: context.workingDirectory), access: .reading
    ).names(inNewest: runLimit)
  }

  /// What is typed so far of the word to complete; in zsh the prefix is cut wrong where the word holds spaces. Of
  /// `--metric=co`, which zsh and fish hand on whole, it is what follows the equals sign.
  private static func typed(_ words: [String], _ index: Int, _ prefix: String) -> String {
    let isCutWrong = CompletionShell.requesting == .zsh && words.indices.contains(index)
    let word = isCutWrong ? words[index] : prefix
    guard word.hasPrefix("--"), let sign = word.firstIndex(of: "=") else { return unquoted(word) }
    return unquoted(String(word[word.index(after: sign)...]))
  }

  /// A word as it is typed so far may begin with a quotation mark.
  private static func unquoted(_ word: String) -> String {
    guard let mark = word.first, "'\"".contains(mark) else { return word }
    let rest = word.dropFirst()
    return String(rest.last == mark ? rest.dropLast() : rest)
  }
}

extension StoreNames {
  private static let scopes = ["params.", "metrics.", "tags."]

  /// Whether `field` is a key with its scope that needs none: it is offered where somebody has begun to type it.
  fileprivate func hides(_ field: String) -> Bool {
    guard let scope = Self.scopes.first(where: field.hasPrefix) else { return false }
    let key = String(field.dropFirst(scope.count))
    return !(parameters.contains(key) && metrics.contains(key))
  }

  /// Keys as a condition and a list of columns take them: without their scope, unless they are parameters and metrics
  /// alike, and with it.
  fileprivate var fieldKeys: [String] {
    let plain =
      parameters.filter { !metrics.contains($0) } + metrics.filter { !parameters.contains($0) }
      + tags
    let scoped = zip(Self.scopes, [parameters, metrics, tags]).flatMap { scope, keys in
      keys.map { scope + $0 }
    }
    return (plain + scoped).filter { key in
      key.first?.isLetter == true
        && key.allSatisfy { $0.isLetter || $0.isNumber || "_./:~-".contains($0) }
    }
  }
}
