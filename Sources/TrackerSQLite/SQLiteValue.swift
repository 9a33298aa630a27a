/// A value as SQLite stores it.
package enum SQLiteValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])

  /// The integer, if it is one.
  package var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// The text, if it is one.
  package var text: String? { if case .text(let value) = self { value } else { nil } }
}

extension SQLiteValue {
  /// A text, or NULL.
  package static func text(_ text: String?) -> SQLiteValue { text.map { .text($0) } ?? .null }
  /// An integer, or NULL.
  package static func integer(_ value: Int64?) -> SQLiteValue {
    value.map { .integer($0) } ?? .null
  }
}
