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

  /// For conditions whose fields are resolved.
  init() { self.init(text: "", known: KnownKeys(parameters: [:], metrics: [], tags: [])) }

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
    case .like(let field, let pattern, let isCaseSensitive):
      let field = try fields.resolve(field)
      guard field.kind != .column(.time) else {
        throw mistake(
          field.range, "\(field.name) is a date, and like compares texts",
          "a date is its whole day: write \(field.name) = 2026-11-01")
      }
      return condition(on: field) { compiler in
        isCaseSensitive
          ? "\(field.column) GLOB \(compiler.bind(.text(Self.globPattern(pattern))))"
          : "\(field.column) LIKE \(compiler.bind(.text(pattern)))"
      }
    case .isNull(let field):
      let field = try fields.resolve(field, mustBeKnown: false)
      guard field.isKeyed else { return "(\(field.sql) IS NULL)" }
      return "(NOT \(condition(on: field)))"
    }
  }

  /// The terms of an ORDER BY; what has no value goes last.
  mutating func order(_ keys: [FilterSortKey]) throws(FilterSyntaxError) -> String {
    var terms: [String] = []
    for key in keys {
      let field = try fields.resolve(key.field)
      if field.kind == .metric {
        // NaN, which is NULL in a row that is there, goes between the numbers and what has no value.
        let isNaN = ResolvedField(
          name: field.name, range: field.range, kind: .metric, column: "\(field.column) IS NULL",
          table: field.table, key: field.key, condition: field.condition, values: field.values,
          owner: field.owner)
        terms.append(value(of: isNaN) + " NULLS LAST")
      }
      terms.append(value(of: field) + (key.isDescending ? " DESC" : "") + " NULLS LAST")
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
      // To SQLite any text is above all numbers. A cast gives the bound value an affinity, so that a text such as "100"
      // is compared as the number it is; where there are no texts, an index does the comparing.
      func real(_ value: Double, _ compiler: inout FilterCompiler) -> String {
        let bound = compiler.bind(.real(value))
        return field.hasTexts ? "CAST(\(bound) AS REAL)" : bound
      }
      return condition(on: field) { compiler in
        var sql = "\(field.column) \(comparison.rawValue) \(real(number, &compiler))"
        if [.greater, .greaterOrEqual].contains(comparison) {
          sql += " AND \(field.column) <= \(real(.infinity, &compiler))"
        }
        return sql
      }
    case .text(let text):
      return condition(on: field) { compiler in
        let sql = "\(field.column) \(comparison.rawValue) \(compiler.bind(.text(text)))"
        // To SQLite any number is below all texts.
        return [.less, .lessOrEqual].contains(comparison) ? sql + " AND \(field.column) >= ''" : sql
      }
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
    return condition(on: field) { _ in "\(field.column) \(isNull)" }
  }

  private mutating func value(of field: ResolvedField) -> String {
    values += field.bound
    return field.sql
  }

  /// A pattern of LIKE as one of GLOB, which tells capital letters from small ones.
  private static func globPattern(_ pattern: String) -> String {
    pattern.map { character in
      switch character {
      case "%": "*"
      case "_": "?"
      case "*", "?", "[": "[\(character)]"
      default: String(character)
      }
    }.joined()
  }

  /// Whether the field's value is as `sql` says; without it, whether there is one. Of a field with a key, the runs
  /// that it is true of are found in one go: to look the value up run by run takes several times as long.
  private mutating func condition(
    on field: ResolvedField, _ sql: ((inout FilterCompiler) -> String)? = nil
  ) -> String {
    guard let table = field.table else {
      return "(\(sql.map { $0(&self) } ?? "\(field.column) IS NOT NULL"))"
    }
    values += field.bound
    let (id, reference) = (field.owner.id, field.owner.reference)
    let found = "\(id) IN (SELECT \(reference) FROM \(table) WHERE \(field.rows)"
    return found + (sql.map { " AND (" + $0(&self) + ")" } ?? "") + ")"
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
