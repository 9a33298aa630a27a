import TrackerDrawing
import TrackerJSON

/// What a page's data says of one thing of each run: once, where all runs have it in common, and else in the shortest of
/// a few forms. The page's script reads it (`Reports/script/02-runs.js`).
///
/// - `of`: the places of the runs that have a value; absent where all have one
/// - `all`: the value that all of them have
/// - `kinds` and `places`: few values, and for each run a digit that says which
/// - `numbers`: the numbers' bytes, in base 64
/// - `each`: the values; its texts stand between what all begin with and what all end with, `before` and `after`
struct DataColumn {
  private let values: [JSONValue?]

  /// - Parameter values: a run's value in each place; `nil` where it has none
  init(_ values: [JSONValue?]) { self.values = values }

  /// The members that say it, for an object that has others, too.
  var members: [JSONValue.Member] {
    let known = values.indices.filter { values[$0] != nil }
    let presence: [JSONValue.Member] =
      known.count == values.count
      ? [] : [.init(key: "of", value: .array(known.map { .integer($0) }))]
    return presence + Self.form(of: known.compactMap { values[$0] })
  }

  private static func form(of values: [JSONValue]) -> [JSONValue.Member] {
    guard let first = values.first else { return [.init(key: "each", value: .array([]))] }
    if values.allSatisfy({ $0 == first }) { return [.init(key: "all", value: first)] }
    return stream(values)
  }

  /// The members that say values one after the other, of which their reader knows no number.
  static func stream(_ values: [JSONValue]) -> [JSONValue.Member] {
    let forms = [kinds(values), numbers(values), each(values)].compactMap { $0 }
    return forms.min { length($0) < length($1) } ?? []
  }

  private static func length(_ form: [JSONValue.Member]) -> Int {
    JSONValue.object(form).compact.utf8.count
  }

  private static func kinds(_ values: [JSONValue]) -> [JSONValue.Member]? {
    var kinds: [JSONValue] = []
    var places: [JSONValue: Int] = [:]
    var digits: [UInt8] = []
    for value in values {
      let place = places[value] ?? kinds.count
      guard place < NumberCode.alphabet.count else { return nil }
      if place == kinds.count {
        places[value] = place
        kinds.append(value)
      }
      digits.append(NumberCode.alphabet[place])
    }
    return [
      .init(key: "kinds", value: .array(kinds)),
      .init(key: "places", value: .string(String(decoding: digits, as: UTF8.self))),
    ]
  }

  private static func numbers(_ values: [JSONValue]) -> [JSONValue.Member]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 * values.count)
    for value in values {
      let number: Double
      switch value {
      case .number(let value): number = value
      case .integer(let value): number = Double(value)
      default: return nil
      }
      withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
    }
    return [.init(key: "numbers", value: .string(base64(bytes)))]
  }

  private static func each(_ values: [JSONValue]) -> [JSONValue.Member] {
    let texts = values.compactMap { value -> [Unicode.Scalar]? in
      if case .string(let text) = value { Array(text.unicodeScalars) } else { nil }
    }
    guard texts.count == values.count, var before = texts.first.map({ $0[...] }) else {
      return [.init(key: "each", value: .array(values))]
    }
    for text in texts { before = before.prefix(sharedCount(before, text[...])) }
    var after = texts[0].dropFirst(before.count)
    for text in texts {
      let rest = text.dropFirst(before.count)
      after = after.suffix(sharedCount(after.reversed(), rest.reversed()))
    }
    func text(_ scalars: some Sequence<Unicode.Scalar>) -> JSONValue {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      return .string(String(text))
    }
    let middles = texts.map { text($0[before.count..<$0.count - after.count]) }
    return [
      .init(key: "before", value: text(before)), .init(key: "after", value: text(after)),
      .init(key: "each", value: .array(middles)),
    ].filter { $0.value != .string("") }
  }

  /// How many scalars stand at the start of both.
  private static func sharedCount(
    _ a: some Sequence<Unicode.Scalar>, _ b: some Sequence<Unicode.Scalar>
  ) -> Int {
    var count = 0
    for (x, y) in zip(a, b) {
      guard x == y else { break }
      count += 1
    }
    return count
  }
}
