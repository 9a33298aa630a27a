/// A JSON document whose objects keep the order of their keys, so that what is printed is stable.
package enum JSONValue: Sendable, Hashable {
  /// Absent.
  case null
  /// Yes or no.
  case boolean(Bool)
  /// A whole number.
  case integer(Int64)
  /// A number. JSON has no NaN and no ±∞: they are written as the strings `"NaN"`, `"Infinity"` and
  /// `"-Infinity"`.
  case number(Double)
  /// A text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Members in order; the keys are distinct.
  case object([Member])

  /// A key and its value.
  package struct Member: Sendable, Hashable {
    /// The key.
    package var key: String
    /// Its value.
    package var value: JSONValue

    /// A member of an object.
    package init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }
}

extension JSONValue {
  /// An object with these members in this order.
  package static func object(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member(key: $0.key, value: $0.value) })
  }

  /// A text, or null.
  package static func string(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
  /// A number, or null.
  package static func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
  /// A whole number, or null.
  package static func integer(_ value: Int64?) -> JSONValue {
    value.map(JSONValue.integer) ?? .null
  }
  /// A whole number.
  package static func integer(_ value: Int) -> JSONValue { .integer(Int64(value)) }
  /// Yes, no, or null.
  package static func boolean(_ value: Bool?) -> JSONValue { value.map(JSONValue.boolean) ?? .null }

  /// This object with more members at its end; anything else is left as it is.
  package func appending(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    guard case .object(let own) = self else { return self }
    return .object(own + members.map { Member(key: $0.key, value: $0.value) })
  }
}
