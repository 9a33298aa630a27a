/// What in a text names a person, a machine, a place in a file system or a commit, and is put as `…` in a report for
/// anonymous review.
///
/// Known names are found anywhere. Of others the form tells: absolute paths, addresses, and hashes of commits. A name that
/// nobody recorded as a user or host cannot be known.
struct PrivateWords {
  static let mark = "…"

  /// In small letters, the longest first.
  private let names: [[Character]]
  private let commits: [String]

  /// - Parameters:
  ///   - names: of users and hosts, as they were recorded
  ///   - commits: whole hashes
  init(names: some Sequence<String>, commits: some Sequence<String>) {
    var all: Set<String> = []
    for name in names {
      all.insert(name.lowercased())
      // A host is called by its first label too.
      if let label = name.split(separator: ".").first { all.insert(label.lowercased()) }
    }
    self.names = all.filter { $0.count > 1 }.sorted { ($0.count, $0) > ($1.count, $1) }.map(
      Array.init)
    self.commits = commits.map { $0.lowercased() }.filter { !$0.isEmpty }
  }

  /// The text without them.
  func hidden(in text: String) -> String {
    var result = ""
    var word = ""
    for character in text {
      if Self.isBetweenWords(character) {
        result += hidden(word: word)
        word = ""
        result.append(character)
      } else {
        word.append(character)
      }
    }
    return withoutNames(result + hidden(word: word))
  }

  /// The value of something that has a key: a text is nobody's business where the key says that it names a person, a
  /// machine or a place.
  func hidden(in text: String, key: String) -> String {
    Self.isPrivate(key: key) ? Self.mark : hidden(in: text)
  }

  /// Whether a key such as `git_commit`, `outputDir` or `mlflow.user` says that its value is private.
  static func isPrivate(key: String) -> Bool {
    words(of: key).contains(where: privateKeys.contains)
  }

  private static let privateKeys: Set<String> = [
    "account", "author", "cluster", "cmd", "command", "commit", "cwd", "dir", "directory", "email",
    "entity",
    "folder", "host", "hostname", "mail", "machine", "node", "owner", "pid", "path", "repo",
    "repository",
    "uri", "url",
    "user", "userid", "username", "workdir",
  ]

  /// The words of a key, in small letters.
  private static func words(of key: String) -> [String] {
    var words = [""]
    var isAfterSmall = false
    for character in key {
      if !character.isLetter || (character.isUppercase && isAfterSmall) { words.append("") }
      if character.isLetter { words[words.count - 1] += character.lowercased() }
      isAfterSmall = character.isLowercase
    }
    return words
  }

  private static func isBetweenWords(_ character: Character) -> Bool {
    character.isWhitespace || "\"'`,;()[]{}<>|=".contains(character)
  }

  /// A word without blanks.
  private func hidden(word: String) -> String {
    if word.isEmpty || word == "/" || word == "@" { return word }
    if word.contains("://") || isAddress(word) { return Self.mark }
    if let path = Self.hiddenPath(word) { return path }
    return isCommit(word) ? Self.mark : word
  }

  /// `ada@lab`, and not `@decorated` or `top@5`.
  private func isAddress(_ word: String) -> Bool {
    let parts = word.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(where: \.isLetter)
  }

  /// An absolute path as its last part, where that is a file's name; `nil` for anything else.
  private static func hiddenPath(_ word: String) -> String? {
    let isWindows = word.contains(":\\") || word.contains(":/") || word.hasPrefix("\\\\")
    let isUnix =
      word.hasPrefix("/") || word.hasPrefix("~") || word.hasPrefix("../") || word.contains("/../")
    guard isWindows || isUnix, word.contains(where: \.isLetter) else { return nil }
    // A line after a path, as compilers and tracebacks write it, stays.
    let parts = word.split(whereSeparator: { $0 == "/" || $0 == "\\" })
    guard parts.count > 2, let last = parts.last, let dot = last.lastIndex(of: "."),
      dot != last.startIndex
    else { return mark }
    return "\(mark)/\(last)"
  }

  private func isCommit(_ word: String) -> Bool {
    let word = word.lowercased()
    guard word.count >= 7, word.allSatisfy(\.isHexDigit) else { return false }
    return word.count == 40 || commits.contains { $0.hasPrefix(word) || word.hasPrefix($0) }
  }

  private func withoutNames(_ text: String) -> String {
    let characters = Array(text)
    let small = characters.map { Character($0.lowercased().first.map(String.init) ?? "") }
    func isInWord(_ index: Int) -> Bool {
      characters.indices.contains(index)
        && (characters[index].isLetter || characters[index].isNumber)
    }
    var result = ""
    var index = 0
    while index < characters.count {
      let name =
        isInWord(index - 1)
        ? nil
        : names.first { name in
          small[index...].starts(with: name) && !isInWord(index + name.count)
        }
      if let name {
        result += Self.mark
        index += name.count
      } else {
        result.append(characters[index])
        index += 1
      }
    }
    return result
  }
}
