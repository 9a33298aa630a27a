/// A condition on the metrics of a run that goes on, as `--alert` reads it.
///
///     condition   = conjunction { "or" conjunction }
///     conjunction = negation { "and" negation }
///     negation    = "not" negation | "isnan" "(" sum ")" | "no point for" duration
///                 | sum sign sum | "(" condition ")"
///     sum         = product { ("+" | "-") product }
///     product     = factor { ("*" | "/") factor }
///     factor      = number | "-" factor | key | aggregate "(" key ")" | "(" sum ")"
///
/// Keys, aggregates (`first`, `last`, `min`, `max`), signs and durations are those of `--where`; a key is its last
/// value. A comparison with a metric that has no value yet, or with NaN, is false. Signs of arithmetic stand between
/// spaces, for names may hold them.
package struct AlertCondition: Hashable, Sendable {
  /// The condition as it was written.
  package let text: String
  /// The metrics that it names.
  package let keys: [String]
  let root: Node

  indirect enum Node: Hashable, Sendable {
    case and(Node, Node)
    case or(Node, Node)
    case not(Node)
    case isNaN(Expression)
    case compare(Expression, FilterOperator, Expression)
    case noPoint(seconds: Double)
  }

  indirect enum Expression: Hashable, Sendable {
    case number(Double)
    case metric(String, FilterField.Aggregate)
    case negative(Expression)
    case binary(Expression, Character, Expression)
  }

  /// Reads a condition.
  ///
  /// - Throws: ``FilterSyntaxError``, which says where it goes wrong and what was expected
  package init(_ text: String) throws(FilterSyntaxError) {
    var parser = try AlertParser(text)
    root = try parser.condition()
    try parser.requireEnd()
    self.text = text
    keys = parser.keys
  }

  /// Whether it asks how long ago the last point came.
  package var asksForTime: Bool { Self.asksForTime(root) }

  private static func asksForTime(_ node: Node) -> Bool {
    switch node {
    case .and(let a, let b), .or(let a, let b): asksForTime(a) || asksForTime(b)
    case .not(let node): asksForTime(node)
    case .noPoint: true
    case .isNaN, .compare: false
    }
  }

  /// Whether it is true of what was logged.
  ///
  /// - Parameter idle: the seconds since the last point
  package func isTrue(of metrics: [String: MetricSummary], idle: Double) -> Bool {
    Self.isTrue(root, metrics, idle)
  }

  private static func isTrue(
    _ node: Node, _ metrics: [String: MetricSummary], _ idle: Double
  ) -> Bool {
    switch node {
    case .and(let a, let b): isTrue(a, metrics, idle) && isTrue(b, metrics, idle)
    case .or(let a, let b): isTrue(a, metrics, idle) || isTrue(b, metrics, idle)
    case .not(let node): !isTrue(node, metrics, idle)
    case .isNaN(let expression): value(expression, metrics)?.isNaN ?? false
    case .noPoint(let seconds): idle >= seconds
    case .compare(let left, let sign, let right):
      if let a = value(left, metrics), let b = value(right, metrics) {
        switch sign {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
      } else {
        false
      }
    }
  }

  private static func value(
    _ expression: Expression, _ metrics: [String: MetricSummary]
  ) -> Double? {
    switch expression {
    case .number(let number): return number
    case .negative(let expression): return value(expression, metrics).map { -$0 }
    case .metric(let key, let aggregate):
      guard let metric = metrics[key] else { return nil }
      switch aggregate {
      case .first: return metric.first
      case .last: return metric.last
      case .min: return metric.min
      case .max: return metric.max
      case .best: return MetricDirection.known(for: key).map { $0.best(of: metric) }
      }
    case .binary(let left, let sign, let right):
      guard let a = value(left, metrics), let b = value(right, metrics) else { return nil }
      switch sign {
      case "+": return a + b
      case "-": return a - b
      case "*": return a * b
      default: return a / b
      }
    }
  }
}
