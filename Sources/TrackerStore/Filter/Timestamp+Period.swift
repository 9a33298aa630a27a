extension Timestamp {
  /// The time that a date stands for, in UTC, as exactly as it was written: of `2026-11-01` the day, of
  /// `2026-11-01T14:30` the minute, of `2026-11-01T14:30:15Z` the second, of `….123Z` the millisecond; `nil` for a
  /// text that is none.
  static func period(_ text: String) -> Range<Timestamp>? {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard parts.count <= 2, let days = days(parts[0]) else { return nil }
    guard parts.count == 2 else { return period(days * 86_400_000, 86_400_000) }
    let clock = parts[1].hasSuffix("Z") ? parts[1].dropLast() : parts[1]
    let fields = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(fields.count) else { return nil }
    var (milliseconds, unit) = (days * 86_400_000, 3_600_000)
    for (index, field) in fields.enumerated() {
      let pieces = field.split(separator: ".", omittingEmptySubsequences: false)
      guard let value = number(pieces[0], digits: 1...2), value < (index == 0 ? 24 : 60) else {
        return nil
      }
      milliseconds += value * unit
      if pieces.count > 1 {
        guard index == 2, pieces.count == 2, let fraction = number(pieces[1], digits: 3...3) else {
          return nil
        }
        return period(milliseconds + fraction, 1)
      }
      if index < fields.count - 1 { unit /= 60 }
    }
    return period(milliseconds, unit)
  }

  private static func period(_ start: Int, _ length: Int) -> Range<Timestamp> {
    Timestamp(milliseconds: Int64(start))..<Timestamp(milliseconds: Int64(start + length))
  }

  private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.count), text.allSatisfy({ ("0"..."9").contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// Days since 1970-01-01 of a date that the calendar has (H. Hinnant, "chrono-compatible low-level date algorithms",
  /// 2013).
  private static func days(_ text: Substring) -> Int? {
    let fields = text.split(separator: "-", omittingEmptySubsequences: false)
    guard fields.count == 3, let year = number(fields[0], digits: 4...4), year > 0,
      let month = number(fields[1], digits: 1...2), (1...12).contains(month),
      let day = number(fields[2], digits: 1...2), day > 0
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
