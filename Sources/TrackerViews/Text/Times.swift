package import TrackerStore
import TrackerSystem

extension Timestamp {
  /// ISO 8601 in UTC with milliseconds, `2026-11-24T00:13:14.120Z`: what other programs read.
  package var iso8601: String {
    let date = CivilTime(self)
    let fraction = milliseconds - milliseconds.flooredQuotient(by: 1000) * 1000
    return "\(date.day)T\(date.clock):\(padded(date.second))."
      + (fraction < 100 ? "0" : "") + padded(Int(fraction)) + "Z"
  }

  /// The moment as people say it, seen from `now`: `just now`, `5 min ago`, `3 h ago`, and before
  /// yesterday the local date and hour, `2026-11-20 14:05`.
  package func readable(now: Timestamp) -> String {
    let seconds = (now.milliseconds - milliseconds) / 1000
    switch seconds {
    case 0..<10: return "just now"
    case 10..<60: return "\(seconds) s ago"
    case 60..<3600: return "\(seconds / 60) min ago"
    case 3600..<86_400: return "\(seconds / 3600) h ago"
    default:
      let local = CivilTime(local: self)
      return "\(local.day) \(local.clock)"
    }
  }

  /// The local date and hour, `2026-11-20 14:05`.
  package var localMinute: String {
    let local = CivilTime(local: self)
    return "\(local.day) \(local.clock)"
  }
}

/// A length of time as people say it: `12 ms`, `8.3 s`, `2 min 5 s`, `1 h 12 min`, `3 d 4 h`.
package func readable(seconds: Double) -> String {
  guard seconds.isFinite else { return seconds.readable() }
  if seconds < 0 { return "-" + readable(seconds: -seconds) }
  if seconds == 0 { return "0 s" }
  if seconds < 0.9995 { return (seconds * 1000).readable(digits: 3) + " ms" }
  if seconds < 59.95 { return seconds.fixed(1) + " s" }
  let whole = seconds.rounded() < 1e15 ? Int(saturating: seconds.rounded()) : Int(1e15)
  switch whole {
  case ..<3600: return pair(whole / 60, "min", whole % 60, "s")
  case ..<86_400: return pair(whole / 3600, "h", whole % 3600 / 60, "min")
  default: return pair(whole / 86_400, "d", whole % 86_400 / 3600, "h")
  }
}

/// A length of time that goes on, to the second: `9 s`, `2 min 5 s`.
package func readable(wholeSeconds seconds: Double) -> String {
  let whole = seconds.rounded()
  return whole >= 0 && whole < 60 ? "\(Int(saturating: whole)) s" : readable(seconds: whole)
}

private func pair(_ major: Int, _ unit: String, _ minor: Int, _ minorUnit: String) -> String {
  minor == 0 ? "\(major) \(unit)" : "\(major) \(unit) \(minor) \(minorUnit)"
}

private func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

/// A date and a time of day in the proleptic Gregorian calendar.
private struct CivilTime {
  var year: Int
  var month: Int
  var dayOfMonth: Int
  var hour: Int
  var minute: Int
  var second: Int

  var day: String {
    let digits = String(year.magnitude)
    let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
    return (year < 0 ? "-" : "") + zeros + digits + "-\(padded(month))-\(padded(dayOfMonth))"
  }
  var clock: String { "\(padded(hour)):\(padded(minute))" }

  /// In UTC. Days to date after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  init(_ time: Timestamp) {
    let seconds = time.milliseconds.flooredQuotient(by: 1000)
    let days = seconds.flooredQuotient(by: 86_400)
    let ofDay = Int(seconds - days * 86_400)
    let shifted = Int(days) + 719_468
    let era = Int(Int64(shifted).flooredQuotient(by: 146_097))
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    hour = ofDay / 3600
    minute = ofDay % 3600 / 60
    second = ofDay % 60
  }

  /// In the zone of this machine.
  init(local time: Timestamp) {
    var seconds = time_t(time.milliseconds.flooredQuotient(by: 1000))
    var parts = tm()
    // The difference to UTC alone is asked of the system, so that both are cut up in one place.
    let offset = localtime_r(&seconds, &parts) == nil ? 0 : parts.tm_gmtoff
    self.init(Timestamp(milliseconds: time.milliseconds + Int64(offset) * 1000))
  }
}

extension Int64 {
  fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
