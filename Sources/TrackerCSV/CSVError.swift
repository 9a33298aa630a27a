/// What is wrong with separated values, and where.
package struct CSVError: Error, Hashable, CustomStringConvertible {
  /// What is wrong.
  package enum Reason: Hashable, Sendable {
    /// The text is UTF-16.
    case utf16
    /// A row has more fields or bytes than the limit.
    case tooLarge(CSVReader.Limit)
    /// Something other than a separator follows a closing quote.
    case textAfterQuote
    /// A quote is not closed.
    case openQuote
  }

  /// What is wrong.
  package let reason: Reason
  /// The line, from 1.
  package let line: Int
  /// The field of the row, from 1, where it is known.
  package let column: Int?

  init(_ reason: Reason, line: Int, column: Int? = nil) {
    self.reason = reason
    self.line = line
    self.column = column
  }

  /// What is wrong, in words, without the place.
  package var message: String {
    switch reason {
    case .utf16: "the text is UTF-16"
    case .tooLarge(let limit):
      "the row has more than \(limit.fields) values or \(limit.bytes) bytes"
    case .textAfterQuote: "something follows the closing quote"
    case .openQuote: "the quote is not closed"
    }
  }

  /// The place and what is wrong, such as `line 3, column 2: the quote is not closed`.
  package var description: String {
    "line \(line)\(column.map { ", column \($0)" } ?? ""): \(message)"
  }
}
