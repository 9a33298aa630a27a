/// Separated values as RFC 4180 has them; lines end with LF.
package enum CSVWriter {
  /// A line of fields, each in quotes where it needs them.
  package static func line(_ fields: some Sequence<String>) -> String {
    fields.lazy.map(field).joined(separator: ",") + "\n"
  }

  /// A field, in quotes where it needs them: around separators, quotes, line ends, and blanks at an end.
  package static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    return needsQuotes || text.first == " " || text.last == " " ? quoted(text) : text
  }

  /// A field in quotes, which tell a text from a number or from nothing.
  package static func quoted(_ text: String) -> String {
    var bytes = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }
}
