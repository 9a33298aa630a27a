/// Takes secrets out of a command line before it is kept.
///
/// A secret is the value of an option, an assignment or a part of a URL's query whose name has one of the words `key`,
/// `token`, `secret`, `password` and their like, the password of a URL, an `Authorization` header, and what has the form
/// of a well-known service's token. Words inside a word (`sh -c '…'`) are looked at, too.
enum Secrets {
  /// What stands in a secret's place.
  static let mark = "…"

  private static let names: Set<String> = [
    "key", "token", "secret", "password", "passwd", "passphrase", "pwd", "credential",
    "credentials", "apikey",
    "authorization",
  ]
  private static let endings = ["password", "passwd", "secret", "apikey", "accesskey", "authtoken"]
  private static let tokenBeginnings = [
    "ghp_", "github_pat_", "hf_", "sk-", "xoxb-", "AKIA", "glpat-",
  ]
  /// Options whose names look like one and whose values are none.
  private static let harmless: Set<String> = ["--step-key"]

  /// The words of a command line without its secrets.
  static func hidden(in words: [String]) -> [String] {
    var isValue = false
    return words.map { word in
      // Words within a word are a command line of their own.
      if word.contains(where: \.isWhitespace) {
        isValue = false
        return lines(word)
      }
      if isValue, !word.hasPrefix("-") {
        isValue = false
        return mark
      }
      isValue = word.hasPrefix("-") && !word.contains("=") && isSecret(word)
      return hidden(in: word)
    }
  }

  private static func lines(_ text: String) -> String {
    if let colon = text.firstIndex(of: ":"), isSecret(String(text[..<colon])), !text.hasPrefix("-")
    {
      return text[...colon] + " " + mark
    }
    let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1 else { return hidden(in: text) }
    return hidden(in: parts).joined(separator: " ")
  }

  private static func hidden(in word: String) -> String {
    if tokenBeginnings.contains(where: word.hasPrefix), word.utf8.count >= 16 { return mark }
    if word.contains("://") { return url(word) }
    guard let sign = word.firstIndex(of: "="), isSecret(String(word[..<sign])) else { return word }
    return word[...sign] + mark
  }

  /// A URL without its password and without the secrets of its query.
  private static func url(_ word: String) -> String {
    guard let start = word.firstRange(of: "://")?.upperBound else { return word }
    var rest = word[start...]
    var text = String(word[..<start])
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    if let at = authority.lastIndex(of: "@") {
      let user = authority[..<at]
      text += user.firstIndex(of: ":").map { user[...$0] + mark } ?? String(user)
      rest = rest[at...]
    }
    var name = ""
    var isHidden = false
    for character in rest {
      switch character {
      case "?", "&", ";", "#", "/":
        name = ""
        isHidden = false
        text.append(character)
      case "=" where !isHidden:
        text.append(character)
        isHidden = isSecret(name)
        if isHidden { text += mark }
      default:
        name.append(character)
        if !isHidden { text.append(character) }
      }
    }
    return text
  }

  /// Whether a name has a word that tells of a secret: `--api-key`, `AWS_SECRET_ACCESS_KEY`, `accessToken`.
  private static func isSecret(_ name: String) -> Bool {
    guard !harmless.contains(name) else { return false }
    var words: [String] = [""]
    var wasLower = false
    for character in name {
      guard character.isLetter || character.isNumber else {
        words.append("")
        wasLower = false
        continue
      }
      if character.isUppercase, wasLower { words.append("") }
      wasLower = character.isLowercase
      words[words.count - 1] += character.lowercased()
    }
    return words.contains { word in names.contains(word) || endings.contains(where: word.hasSuffix)
    }
  }
}
