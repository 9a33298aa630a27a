import TrackerStore

/// Words with their numbers: `step=3 loss=0.5, acc=93.1%`.
enum KeyValuePairs {
  /// A word, its number, and the word before it.
  private struct Pair {
    var key: String
    /// What the key is of, as `valid_1` of `valid_1's auc`, and `train` of `train loss`.
    var owner: String?
    /// The word before it, which tells it from another of its name in the line, as `G` of `G loss`.
    var before: String?
    var value: Double
    var whole: Int64?

    /// What it is called where no other in the line is called so.
    var name: String { (owner.map { $0 + "/" } ?? "") + key }
  }

  /// The pairs of a line whose value is a number alone, or one of a known total (`epoch=3/10`; right answers, as of
  /// `Accuracy: 9839/10000`, are told as their share) or hundred (`93.1%`).
  ///
  /// A line of XGBoost, LightGBM or CatBoost begins with its step; LightGBM's `valid_1's auc: 0.9` is `valid_1/auc`, and
  /// `train loss: 0.5` is `train/loss`. Of a sentence before a colon (`best gain: 3`) the last word is a name only where it
  /// says that something is measured. What stands between the parentheses of `Dropout(p=0.5)`, in an address, or between
  /// backticks is none; of two values of one name the first counts.
  static func members(of line: [UInt8], sign: UInt8) -> [PrintedObject.Member] {
    let step = leadingStep(of: line)
    let pairs = pairs(of: line, sign: sign, hasStep: step != nil)
    let befores = Dictionary(pairs.map { ($0.name, Set([$0.before])) }) { $0.union($1) }
    var members: [PrintedObject.Member] = []
    var names: Set<String> = []
    for var pair in pairs {
      let isRepeated = (befores[pair.name]?.count ?? 0) > 1
      if pair.owner == nil, isRepeated { pair.owner = pair.before }
      guard names.insert(pair.name).inserted else { continue }
      members.append(.init(pair.name, pair.value, whole: pair.whole))
    }
    if let step, !members.isEmpty, !members.contains(where: { $0.key == "step" }) {
      members.insert(.init("step", Double(step), whole: step), at: 0)
    }
    return members
  }

  private static func pairs(of line: [UInt8], sign: UInt8, hasStep: Bool) -> [Pair] {
    var pairs: [Pair] = []
    var position = 0
    var owner: Range<Int>?
    // The word that stands before this one, with nothing but spaces between.
    var before: Range<Int>?
    func text(_ range: Range<Int>) -> String { String(decoding: line[range], as: UTF8.self) }
    while position < line.count {
      guard PrintedNumber.isLetter(line[position]) else {
        if line[position] != 0x20 { before = nil }
        // What begins with a digit, such as a time, is no key as a whole.
        if PrintedNumber.isDigit(line[position]) { skipKey(line, &position) } else { position += 1 }
        continue
      }
      let start = position
      skipKey(line, &position)
      if isObject(line, start, position) {
        skipParentheses(line, &position)
        continue
      }
      var end = position
      // A sentence's full stop, or a dash before a value, is not a part of a key.
      while !PrintedNumber.isWordByte(line[end - 1]) { end -= 1 }
      let word = start..<end
      if hasStep, line[position...].starts(with: "'s ".utf8) {
        owner = word
        position += 3
        continue
      }
      let (previous, of) = (before, owner)
      (before, owner) = (word, nil)
      var value = position
      skipSpace(line, &value)
      guard value < line.count, line[value] == sign else { continue }
      value += 1
      let isAdjacent = value < line.count && PrintedNumber.isDigit(line[value])
      skipSpace(line, &value)
      guard let number = PrintedNumber.read(line, at: value), isEnd(line, number.end) else {
        continue
      }
      let key = text(word)
      // A place in a file (`train.py:12`), in an address, or in what is shown as code.
      let isPlace = sign == UInt8(ascii: ":") && isAdjacent && key.utf8.contains(UInt8(ascii: "."))
      guard !isPlace, start == 0 || !"?&`".utf8.contains(line[start - 1]) else { continue }
      let metric = KnownMetric(key)
      let isCounter = StepRule.isKey(key.lowercased())
      if previous != nil, sign == UInt8(ascii: ":"), !isCounter, !metric.isMeasurement { continue }
      position = number.end
      before = nil
      let told = previous.map(text)
      let role = told.flatMap { isRole($0) && !isCounter ? $0 : nil }
      var pair = Pair(
        key: key, owner: of.map(text) ?? role, before: told, value: number.value,
        whole: Int64(exactly: number.value))
      if metric.quantity == .accuracy, let total = total(line, after: position) {
        pair.value /= total
        pair.whole = nil
      }
      pairs.append(pair)
    }
    return pairs
  }

  /// The number that a line begins with, in brackets or before a colon, and a tab: `[3]⇥train-auc:0.9`, `3:⇥learn: 0.5`.
  private static func leadingStep(of line: [UInt8]) -> Int64? {
    let isBracketed = line.first == UInt8(ascii: "[")
    let digits = line.dropFirst(isBracketed ? 1 : 0).prefix { PrintedNumber.isDigit($0) }
    guard line[digits.endIndex...].starts(with: (isBracketed ? "]\t" : ":\t").utf8) else {
      return nil
    }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// The number of which a value is told, as 10000 in `9839/10000`.
  private static func total(_ line: [UInt8], after position: Int) -> Double? {
    guard position < line.count, line[position] == UInt8(ascii: "/"),
      let total = PrintedNumber.read(line, at: position + 1)?.value, total > 0
    else { return nil }
    return total
  }

  private static func skipKey(_ line: [UInt8], _ position: inout Int) {
    while position < line.count,
      PrintedNumber.isWordByte(line[position]) || "./-@".utf8.contains(line[position])
    {
      position += 1
    }
  }

  /// Whether a word says nothing but whose examples are measured.
  private static func isRole(_ word: String) -> Bool {
    let metric = KnownMetric(word)
    return metric.role != nil && metric.words.count == 1
  }

  /// Whether a word is the name of a class before what an object of it was made with. `Train(loss=0.5)` is none.
  private static func isObject(_ line: [UInt8], _ start: Int, _ end: Int) -> Bool {
    guard end < line.count, line[end] == UInt8(ascii: "("), (0x41...0x5A).contains(line[start])
    else { return false }
    return !isRole(String(decoding: line[start..<end], as: UTF8.self))
  }

  /// Goes behind the parenthesis that closes the one here, or to the end.
  private static func skipParentheses(_ line: [UInt8], _ position: inout Int) {
    var depth = 0
    repeat {
      if line[position] == UInt8(ascii: "(") { depth += 1 }
      if line[position] == UInt8(ascii: ")") { depth -= 1 }
      position += 1
    } while depth > 0 && position < line.count
  }

  private static func skipSpace(_ line: [UInt8], _ position: inout Int) {
    while position < line.count, line[position] == 0x20 || line[position] == 0x09 { position += 1 }
  }

  /// Whether a value ends here: `0.5,` and `93.1%` and `3/10` are values, `12ms`, `1.2.3`, `16,384` and a bar's `50%|` are none.
  private static func isEnd(_ line: [UInt8], _ position: Int) -> Bool {
    guard position < line.count else { return true }
    let next = position + 1 < line.count ? line[position + 1] : 0x20
    switch line[position] {
    case UInt8(ascii: "%"): return next != UInt8(ascii: "|")
    case UInt8(ascii: "/"): return PrintedNumber.isDigit(next)
    case UInt8(ascii: ","): return !PrintedNumber.isDigit(next)
    case UInt8(ascii: ":"): return next == 0x20 || next == 0x09
    case UInt8(ascii: "."): return !PrintedNumber.isWordByte(next)
    case let byte: return !PrintedNumber.isWordByte(byte) && !"-+@".utf8.contains(byte)
    }
  }
}
