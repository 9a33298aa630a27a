public import TrackerValues

/// A condition on runs, as `--where` reads it: a tree of comparisons.
///
///     lambda > 0.1 and metrics.accuracy >= 0.95 and tags.team = "a" and name like "tnc%"
package indirect enum FilterExpression: Hashable, Sendable {
  case and([FilterExpression])
  case or([FilterExpression])
  case not(FilterExpression)
  case compare(FilterField, FilterOperator, FilterLiteral)
  case isIn(FilterField, [FilterLiteral])
  case like(FilterField, pattern: String, isCaseSensitive: Bool = false)
  case isNull(FilterField)
}

/// What a comparison is about.
package struct FilterField: Hashable, Sendable {
  /// Where a key is looked up.
  package enum Scope: String, Sendable, CaseIterable {
    case params, metrics, tags

    /// One of them, in a sentence.
    var noun: String {
      switch self {
      case .params: "parameter"
      case .metrics: "metric"
      case .tags: "tag"
      }
    }

    /// `params`, or `parameters` as in the JSON and CSV that `list` writes.
    init?(written: Substring) {
      self.init(rawValue: written == "parameters" ? "params" : String(written))
    }
  }
  /// Which of a metric's values is meant.
  package enum Aggregate: String, Sendable, CaseIterable {
    case first, last, min, max, best
  }
  /// `params`, `metrics` or `tags`, where one was written.
  var scope: Scope?
  /// The key, or the name of a column such as `status`.
  var key: String
  /// The value of a metric that is meant, where one was written.
  var aggregate: Aggregate?
  /// Where in the text the field stands, in characters, for messages.
  var range: Range<Int>
  /// What it means, where another language than ours says so.
  var resolved: ResolvedField?

  init(scope: Scope?, key: String, aggregate: Aggregate?, range: Range<Int>) {
    self.scope = scope
    self.key = key
    self.aggregate = aggregate
    self.range = range
  }

  /// A field of another language.
  package init(_ resolved: ResolvedField) {
    self.init(scope: nil, key: resolved.name, aggregate: nil, range: resolved.range)
    self.resolved = resolved
  }
}

/// What runs are ordered by.
package struct FilterSortKey: Hashable, Sendable {
  var field: FilterField
  /// The highest first.
  var isDescending: Bool

  package init(field: FilterField, isDescending: Bool) {
    self.field = field
    self.isDescending = isDescending
  }
}

/// How two values are compared.
package enum FilterOperator: String, Hashable, Sendable, CaseIterable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// A value that was written in a condition.
package struct FilterLiteral: Hashable, Sendable {
  package enum Value: Hashable, Sendable {
    case number(Double)
    case text(String)
    case boolean(Bool)
    /// `5m`, `1.5h`: seconds.
    case duration(seconds: Double)
  }
  var value: Value
  var range: Range<Int>

  init(value: Value, range: Range<Int>) {
    self.value = value
    self.range = range
  }

  /// A literal of another language.
  package init(_ value: Value) { self.init(value: value, range: 0..<0) }

  /// The number that was written; a duration is its seconds.
  var number: Double? {
    switch value {
    case .number(let number): number
    case .duration(let seconds): seconds
    case .boolean, .text: nil
    }
  }

  /// 1 for true, 0 for false, as parameters keep them.
  var truth: Double? {
    if case .boolean(let value) = value { value ? 1 : 0 } else { nil }
  }

  /// The text that was written, without its quotes.
  var text: String? {
    if case .text(let text) = value { text } else { nil }
  }

  /// The literal as it stands in the condition.
  func written(in condition: String) -> String {
    String(Array(condition)[range])
  }
}

/// A condition that cannot be read: where, what was found and what was expected.
public struct FilterSyntaxError: ExplainedError, Hashable {
  /// The condition.
  public let text: String
  /// Where it goes wrong, in characters from 0.
  public let range: Range<Int>
  /// What is wrong there.
  public let message: String
  /// The nearest right name, or the forms that are known; `nil` where there is no telling.
  public let suggestion: String?

  /// The condition with carets under the place that is wrong.
  public var marked: String {
    let carets = String(repeating: "^", count: Swift.max(1, range.count))
    // On one line, and no wider: else the carets would not stand below.
    let line = String(text.map { $0.isWhitespace ? " " : $0 })
    return "\(line)\n\(String(repeating: " ", count: range.lowerBound))\(carets)"
  }

  /// What is wrong, and on two more lines where.
  public var description: String { "\(message)\n\(marked)" }
  /// What sort of trouble it is.
  public var kind: ExplainedErrorKind { .usage }
  /// What to do about it.
  public var advice: String? { suggestion }
}
