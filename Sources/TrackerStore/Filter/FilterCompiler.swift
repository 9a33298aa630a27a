import TrackerSQLite

/// Turns a condition into SQL with bound values.
struct FilterCompiler {
  private let text: String
  private let fields: FieldResolver
  private(set) var values: [SQLiteValue] = []

  init(text: String, known: KnownKeys) {
    self.text = text
    fields = FieldResolver(text: text, known: known)
  }

  mutating func sql(_ expression: FilterExpression) throws(FilterSyntaxError) -> String {
    switch expression {
    case .and(let terms):
      var parts: [String] = []
      for term in terms { parts.append(try sql(term)) }
      return Self.joined(parts[...], by: "AND")
    case .or(let terms):
      var parts: [String] = []
      for term in terms { parts.append(try sql(term)) }
      return Self.joined(parts[...], by: "OR")
    // What is not known is not so: NOT of it must be so.
    case .not(let a): return "(\(try sql(a)) IS NOT TRUE)"
    case .compare(let field, let comparison, let literal):
      return try sql(fields.resolve(field), comparison, literal)
    case .isIn(let field, let literals):
      let field = try fields.resolve(field)
      var parts: [String] = []
      for literal in literals { parts.append(try sql(field, .equal, literal)) }
      return Self.joined(parts[...], by: "OR")
    case .like(let field, let pattern):
      let field = try fields.resolve(field)
      guard field.kind != .column(.time) else {
        throw mistake(
          field.range, "\(field.name) is a date, and like compares texts",
          "a date is its whole day: write \(field.name) = 2026-11-01")
      }
      return "(\(value(of: field)) LIKE \(bind(.text(pattern))))"
    case .isNull(let field):
      let field = try fields.resolve(field, mustBeKnown: false)
      guard field.isKeyed else { return "(\(field.sql) IS NULL)" }
      return "(NOT EXISTS (\(rows(of: field))))"
    }
  }

  /// The terms of an ORDER BY; what has no value goes last.
  mutating func order(_ keys: [FilterSortKey]) throws(FilterSyntaxError) -> String {
    var terms: [String] = []
    for key in keys {
      let field = try fields.resolve(key.field)
      terms.append("\(value(of: field)) IS NULL")
      terms.append(value(of: field) + (key.isDescending ? " DESC" : ""))
    }
    return terms.joined(separator: ", ")
  }

  /// Halved again and again: SQLite takes expressions of any width, but not of any depth.
  private static func joined(_ parts: ArraySlice<String>, by word: String) -> String {
    if let only = parts.first, parts.count == 1 { return only }
    let middle = parts.startIndex + parts.count / 2
    return "(\(joined(parts[..<middle], by: word)) \(word) \(joined(parts[middle...], by: word)))"
  }

  private mutating func sql(
    _ field: ResolvedField, _ comparison: FilterOperator, _ literal: FilterLiteral
  ) throws(FilterSyntaxError) -> String {
    switch try fields.operand(literal, for: field) {
    case .number(let number) where number.isNaN: return try isNaN(field, comparison, literal)
    case .number(let number):
      // A cast gives the bound value an affinity, so that a text such as "100" is compared as the number it is.
      let compared =
        "\(value(of: field)) \(comparison.rawValue) CAST(\(bind(.real(number))) AS REAL)"
      // To SQLite any other text is above all numbers.
      guard [.greater, .greaterOrEqual].contains(comparison) else { return "(\(compared))" }
      return "(\(compared) AND \(value(of: field)) <= CAST(9e999 AS REAL))"
    case .text(let text):
      let compared = "\(value(of: field)) \(comparison.rawValue) \(bind(.text(text)))"
      // To SQLite any number is below all texts.
      guard [.less, .lessOrEqual].contains(comparison) else { return "(\(compared))" }
      return "(\(compared) AND \(value(of: field)) >= '')"
    case .period(let period):
      let start = "\(period.lowerBound.milliseconds)"
      let end = "\(period.upperBound.milliseconds)"
      return switch comparison {
      case .equal: "(\(field.sql) >= \(start) AND \(field.sql) < \(end))"
      case .notEqual: "(\(field.sql) < \(start) OR \(field.sql) >= \(end))"
      case .less: "(\(field.sql) < \(start))"
      case .lessOrEqual: "(\(field.sql) < \(end))"
      case .greater: "(\(field.sql) >= \(end))"
      case .greaterOrEqual: "(\(field.sql) >= \(start))"
      }
    }
  }

  /// NaN is stored as NULL, in a row that is there.
  private mutating func isNaN(
    _ field: ResolvedField, _ comparison: FilterOperator, _ literal: FilterLiteral
  ) throws(FilterSyntaxError) -> String {
    let isNull: String
    switch comparison {
    case .equal: isNull = "IS NULL"
    case .notEqual: isNull = "IS NOT NULL"
    default:
      throw mistake(literal.range, "nothing is above or below NaN", "use = nan or != nan")
    }
    guard field.isKeyed else { return "(\(field.sql) \(isNull))" }
    return "(EXISTS (\(rows(of: field)) AND \(field.column) \(isNull)))"
  }

  private mutating func value(of field: ResolvedField) -> String {
    if let key = field.key { values.append(.text(key)) }
    return field.sql
  }

  private mutating func rows(of field: ResolvedField) -> String {
    if let key = field.key { values.append(.text(key)) }
    return field.rows
  }

  private mutating func bind(_ value: SQLiteValue) -> String {
    values.append(value)
    return "?"
  }

  private func mistake(
    _ range: Range<Int>, _ message: String, _ suggestion: String
  ) -> FilterSyntaxError {
    FilterSyntaxError(text: text, range: range, message: message, suggestion: suggestion)
  }
}
