import TrackerJSON
import TrackerStore

/// The fields of a request's message, as Protobuf's JSON has them: numbers may be texts, unknown fields are ignored, null
/// is absent. A list and what is in it are told apart by their path, such as `metrics[0].timestamp`.
struct Message {
  private let fields: [String: JSONValue]
  private let path: String

  init(_ object: JSONValue, path: String = "") throws {
    guard case .object(let members) = object else {
      throw MLflowError.invalid(object, for: path.isEmpty ? "request" : path)
    }
    var fields: [String: JSONValue] = [:]
    for member in members where member.value != .null { fields[member.key] = member.value }
    self.fields = fields
    self.path = path
  }

  /// The fields of a query; a name that comes again is a list.
  init(query: [KeyedText]) {
    var lists: [String: [JSONValue]] = [:]
    for item in query { lists[item.key, default: []].append(.string(item.value)) }
    fields = lists.mapValues { $0.count == 1 ? $0[0] : .array($0) }
    path = ""
  }

  func name(_ field: String) -> String { path.isEmpty ? field : "\(path).\(field)" }

  func has(_ field: String) -> Bool { fields[field] != nil }

  private func invalid(_ value: JSONValue, _ field: String) -> MLflowError {
    MLflowError.invalid(
      value, for: name(field),
      " Hint: Value was of type '\(value.pythonType)'. See the API docs for more information about "
        + "request parameters.")
  }

  /// A text, or `nil`.
  func text(_ field: String) throws -> String? {
    guard let value = fields[field] else { return nil }
    guard case .string(let text) = value else { throw invalid(value, field) }
    return text
  }

  /// A text that must be there and not be empty.
  func requiredText(_ field: String) throws -> String {
    guard let text = try text(field), !text.isEmpty else { throw MLflowError.missing(name(field)) }
    return text
  }

  /// A whole number, or `nil`.
  func integer(_ field: String) throws -> Int64? {
    guard let value = fields[field] else { return nil }
    if case .integer(let number) = value { return number }
    if case .number(let number) = value, let whole = Int64(exactly: number) { return whole }
    if case .string(let text) = value {
      if let number = Int64(text) { return number }
      if let number = Self.number(text), let whole = Int64(exactly: number) { return whole }
    }
    throw invalid(value, field)
  }

  /// A number, or `nil`.
  func number(_ field: String) throws -> Double? {
    guard let value = fields[field] else { return nil }
    if case .integer(let number) = value { return Double(number) }
    if case .number(let number) = value { return number }
    if case .string(let text) = value {
      switch text {
      case "NaN", "nan": return .nan
      case "Infinity", "inf", "+Infinity": return .infinity
      case "-Infinity", "-inf": return -.infinity
      default: if let number = Self.number(text) { return number }
      }
    }
    throw invalid(value, field)
  }

  /// A decimal number in a text; not what Swift reads besides, such as `0x10` and `infinity`.
  private static func number(_ text: String) -> Double? {
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
    return isPlain ? Double(text) : nil
  }

  /// Yes or no, or `nil`.
  func truth(_ field: String) throws -> Bool? {
    guard let value = fields[field] else { return nil }
    if case .boolean(let truth) = value { return truth }
    if case .string(let text) = value {
      switch text.lowercased() {
      case "true": return true
      case "false": return false
      default: break
      }
    }
    throw invalid(value, field)
  }

  /// The word of an enumeration, which may be written as its number; `nil` where there is none.
  func word(_ field: String, of words: [Int64: String]) throws -> String? {
    guard let value = fields[field] else { return nil }
    if case .string(let text) = value, words.values.contains(text) { return text }
    if let number = try? integer(field), let word = words[number] { return word }
    throw invalid(value, field)
  }

  /// A list; empty where there is none. One value of a query is a list of one.
  private func list(_ field: String, isFromQuery: Bool = false) throws -> [JSONValue] {
    guard let value = fields[field] else { return [] }
    if case .array(let values) = value { return values }
    if isFromQuery, case .string = value { return [value] }
    throw invalid(value, field)
  }

  /// A list of texts.
  func texts(_ field: String, isFromQuery: Bool = false) throws -> [String] {
    try list(field, isFromQuery: isFromQuery).map { value in
      guard case .string(let text) = value else {
        throw invalid(fields[field] ?? .null, field)
      }
      return text
    }
  }

  /// A list of messages.
  func messages(_ field: String) throws -> [Message] {
    try list(field).enumerated().map { index, value in
      try Message(value, path: "\(name(field))[\(index)]")
    }
  }

  /// A message in this one, or `nil`.
  func message(_ field: String) throws -> Message? {
    try fields[field].map { try Message($0, path: name(field)) }
  }
}

extension JSONValue {
  /// What Python calls a value of this kind.
  fileprivate var pythonType: String {
    switch self {
    case .null: "NoneType"
    case .boolean: "bool"
    case .integer: "int"
    case .number: "float"
    case .string: "str"
    case .array: "list"
    case .object: "dict"
    }
  }
}
