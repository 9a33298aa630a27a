import TrackerStore

/// Words with their numbers: `step=3 loss=0.5, acc=93.1%`.
enum KeyValuePairs {
  /// The pairs of a line whose value is a number alone, or one of a known total (`epoch=3/10`; right answers, as of
  /// `Accuracy: 9839/10000`, are told as their share) or hundred (`93.1%`).
  ///
  /// A line of XGBoost, LightGBM or CatBoost begins with its step; LightGBM's `valid_1's auc: 0.9` is `valid_1/auc`.
  static func members(of line: [UInt8], sign: UInt8) -> [PrintedObject.Member] {
    let step = leadingStep(of: line)
    var members: [PrintedObject.Member] = []
    var position = 0
    // What the next key is said to be of.
    var owner: Range<Int>?
    while position < line.count {
      guard PrintedNumber.isLetter(line[position]) else {
        // What begins with a digit, such as a time, is no key as a whole.
        if PrintedNumber.isDigit(line[position]) { skipKey(line, &position) } else { position += 1 }
        continue
      }
      let start = position
      skipKey(line, &position)
      if step != nil, line[position...].starts(with: "'s ".utf8) {
        owner = start..<position
        position += 3
        continue
      }
      let of = owner.map { String(decoding: line[$0], as: UTF8.self) + "/" } ?? ""
      owner = nil
      var end = position
      // A sentence's full stop, or a dash before a value, is not a part of a key.
      while !PrintedNumber.isWordByte(line[end - 1]) { end -= 1 }
      var value = position
      skipSpace(line, &value)
      guard value < line.count, line[value] == sign else { continue }
      value += 1
      skipSpace(line, &value)
      guard let number = PrintedNumber.read(line, at: value), isEnd(line, number.end) else {
        continue
      }
      let key = of + String(decoding: line[start..<end], as: UTF8.self)
      position = number.end
      if KnownMetric(key).quantity == .accuracy, let total = total(line, after: position) {
        members.append(.init(key, number.value / total))
      } else {
        members.append(.init(key, number.value, whole: Int64(exactly: number.value)))
      }
    }
    if let step, !members.isEmpty, !members.contains(where: { $0.key == "step" }) {
      members.insert(.init("step", Double(step), whole: step), at: 0)
    }
    return members
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

  private static func skipSpace(_ line: [UInt8], _ position: inout Int) {
    while position < line.count, line[position] == 0x20 || line[position] == 0x09 { position += 1 }
  }

  /// Whether a value ends here: `0.5,` and `93.1%` and `3/10` are values, `12ms` and `1.2.3` are none.
  private static func isEnd(_ line: [UInt8], _ position: Int) -> Bool {
    guard position < line.count else { return true }
    switch line[position] {
    case UInt8(ascii: "%"): return true
    case UInt8(ascii: "/"):
      return position + 1 < line.count && PrintedNumber.isDigit(line[position + 1])
    case UInt8(ascii: "."):
      return position + 1 == line.count || !PrintedNumber.isWordByte(line[position + 1])
    case let byte: return !PrintedNumber.isWordByte(byte) && !":-+@".utf8.contains(byte)
    }
  }
}
