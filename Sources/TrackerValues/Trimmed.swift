extension StringProtocol {
  /// The text without white space around it.
  package var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    let end = index(after: last)
    return first == startIndex && end == endIndex ? String(self) : String(self[first..<end])
  }
}
