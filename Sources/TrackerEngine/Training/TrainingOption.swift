import TrackerOptimization
public import TrackerValues

/// An option of a training. All that is known of it stands in one row of ``all``: from there come validation, the parameters of a
/// run, help, completion, the values of sweeps, and what is said where runs differ.
public struct TrainingOption: Sendable {
  /// What its values are.
  public enum Kind: Sendable {
    /// A number.
    case real
    /// A whole number.
    case integer
    /// A whole number from 0 to 2⁶⁴ − 1; a text beyond 2⁶³ − 1.
    case seed
    /// Yes or no.
    case boolean
    /// One of these words.
    case word([String])
    /// A text of one of these forms, and its one spelling; `nil` for a text of none.
    case form(String, spelling: @Sendable (String) -> String?)
  }

  /// What it means for the comparison of two runs that it differs.
  public enum Comparability: Hashable, Sendable {
    /// Other examples were held out.
    case split
    /// The cost is another function.
    case cost
  }

  /// What must hold for its value, in words that follow "must be".
  struct Rule: Sendable {
    let legal: String
    let holds: @Sendable (TrainingConfiguration) -> Bool
  }

  /// Its name in lower camel case, as a run's parameters have it.
  public let key: String
  /// What it is, in a few words without a full stop.
  public let summary: String
  /// What its values are.
  public let kind: Kind
  /// What holds where it is not given, in words, if that is not a single value.
  let defaultNote: String?
  /// The methods that use it; `nil`: all.
  let methods: [OptimizerMethod]?
  /// What it means that it differs; `nil`: nothing for the comparison of metrics.
  public let comparability: Comparability?
  /// Whether it changes what comes of a training; how a gradient is checked and how often is saved only watches it.
  public let isInfluential: Bool
  /// Its place among the options that people tune first, which a list of runs shows before others; `nil`: behind them.
  public internal(set) var rank: Int?
  let rules: [Rule]
  /// Its value as a run's parameters hold it; `nil` where the training does not use it.
  let read: @Sendable (TrainingConfiguration) -> ParameterValue?
  /// Sets it; `false` for a value that it cannot have.
  let write: @Sendable (inout TrainingConfiguration, ParameterValue) -> Bool

  /// The option of this name.
  public static func named(_ key: String) -> TrainingOption? { byKey[key] }

  private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })

  /// The words that are its values, if those are few.
  public var words: [String] { if case .word(let words) = kind { words } else { [] } }

  /// What holds where it is not given.
  public var defaultText: String {
    defaultNote
      ?? read(TrainingConfiguration()).map { "\($0)".replacing("e-0", with: "e-") } ?? "none"
  }

  /// What it is, what it may be and whose it is, in one line; the default once.
  public var help: String {
    var text = summary
    if let methods {
      let names = methods.map(\.rawValue)
      let last = names.last ?? ""
      text +=
        ", for " + (names.count > 1 ? names.dropLast().joined(separator: ", ") + " and " : "")
        + last
    }
    if !words.isEmpty { text += ": " + words.joined(separator: ", ") }
    if case .form(let forms, _) = kind { text += ": " + forms }
    return text + ". (default: \(defaultText))"
  }

  /// The value that a text means, in its one spelling.
  ///
  /// - Throws: ``ConfigurationError``
  public func value(_ text: String) throws(ConfigurationError) -> ParameterValue {
    let value: ParameterValue? =
      switch kind {
      case .real: Double(text).map { .real($0) }
      case .integer: Int64(text).map { .integer($0) }
      case .seed: UInt64(text).map { .seed($0) }
      case .boolean: Bool(text).map { .boolean($0) }
      case .word(let words): words.contains(text) ? .text(text) : nil
      case .form(_, let spelling): spelling(text).map { .text($0) }
      }
    guard let value else { throw wrong(text) }
    return value
  }

  func wrong(_ value: String) -> ConfigurationError {
    ConfigurationError(
      option: key, message: "\(key) is \(value): \(expectation(beside: value))")
  }

  /// What a value would have to be, said beside one that is none.
  public func expectation(beside text: String) -> String {
    switch kind {
    case .real: "it is a number"
    case .integer: "it is a whole number"
    case .seed: "it is a whole number from 0 to \(UInt64.max)"
    case .boolean: "it is true or false"
    case .word(let words):
      nearest(text, to: words).map { "did you mean \($0)?" }
        ?? "it is one of \(words.joined(separator: ", "))"
    case .form(let forms, _): "write \(forms)"
    }
  }
}

extension ParameterValue {
  /// A seed: a whole number, or a text where it is beyond 2⁶³ − 1.
  static func seed(_ seed: UInt64) -> ParameterValue {
    Int64(exactly: seed).map(ParameterValue.integer) ?? .text("\(seed)")
  }

  var asReal: Double? {
    switch self {
    case .real(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  var asInteger: Int? { if case .integer(let value) = self { Int(value) } else { nil } }

  var asText: String? { if case .text(let text) = self { text } else { nil } }

  var asSeed: UInt64? {
    switch self {
    case .integer(let value): UInt64(exactly: value)
    case .text(let text): UInt64(text)
    default: nil
    }
  }
}
