/// A metric's name as the words that it is made of, in lower case.
///
/// Words end where a sign such as `/ _ . -` stands, where a capital begins (`valLoss`), and before a number that
/// belongs to no word of the vocabulary: `layer2` is *layer* and *2*, `f1` and `top1` are words.
package struct MetricName: Hashable, Sendable {
  /// The words, in order.
  package let words: [String]
  /// The first part of a path, as in `gradients/dense/norm`; `nil` where the name is not a path.
  package let namespace: String?
  /// Whether settings stand behind a colon, as in CatBoost's `NDCG:top=10`: they are no words of the name.
  package let hasSettings: Bool

  /// The words of a name.
  package init(_ name: String) {
    let colon = name.firstIndex(of: ":").flatMap { name[$0...].contains("=") ? $0 : nil }
    hasSettings = colon != nil
    let name = name[..<(colon ?? name.endIndex)]
    let path = name.split(separator: "/", omittingEmptySubsequences: true)
    namespace = path.count > 1 ? path[0].lowercased() : nil
    var words = name.split { !$0.isLetter && !$0.isNumber }.flatMap { Self.words(of: $0) }
    if name.contains("%") { words.append("percent") }
    self.words = words
  }

  private static func words(of part: Substring) -> [String] {
    if let whole = known(part.lowercased()) { return whole }
    return pieces(of: part).flatMap { piece -> [String] in
      let piece = piece.lowercased()
      if let known = known(piece) { return known }
      let letters = piece.prefix { !$0.isNumber }
      let rest = piece.dropFirst(letters.count)
      return [String(letters), String(rest)].filter { !$0.isEmpty }
    }
  }

  /// A word of the vocabulary; one with a number after it (`map50`); one that a role is written together with
  /// (`valloss`); `nil` if it is none.
  private static func known(_ word: String) -> [String]? {
    if MetricVocabulary.contains(word) { return [word] }
    let letters = word.prefix { !$0.isNumber }
    let number = word.dropFirst(letters.count)
    if !number.isEmpty, number.allSatisfy(\.isNumber), MetricVocabulary.contains(String(letters)) {
      return [String(letters), String(number)]
    }
    for role in MetricVocabulary.roles.keys
    where word.hasPrefix(role) && word.count > role.count + 1 {
      let rest = String(word.dropFirst(role.count))
      if MetricVocabulary.terms[rest] != nil { return [role, rest] }
    }
    return nil
  }

  /// `valLoss` as `val`, `Loss`; `MSELoss` as `MSE`, `Loss`.
  private static func pieces(of part: Substring) -> [Substring] {
    var pieces: [Substring] = []
    var start = part.startIndex
    var index = start
    while index < part.endIndex {
      let next = part.index(after: index)
      if index > start, part[index].isUppercase {
        let isAfterSmall = !part[part.index(before: index)].isUppercase
        let isBeforeSmall = next < part.endIndex && part[next].isLowercase
        if isAfterSmall || isBeforeSmall {
          pieces.append(part[start..<index])
          start = index
        }
      }
      index = next
    }
    pieces.append(part[start...])
    return pieces
  }
}
