/// Text in HTML.
package enum HTML {
  /// The text so that HTML shows it as it is, in content and in quoted attributes.
  ///
  /// Scalar by scalar: of a quotation mark with a combining mark, which is one character, HTML sees the quotation mark.
  ///
  /// - Parameter hidingControl: makes what is not printed visible; asked only for texts beyond printable ASCII
  package static func escaped(
    _ text: String, hidingControl: (String) -> String
  ) -> String {
    var isASCII = true
    var isPlain = true
    for byte in text.utf8 {
      if byte < 0x20 || byte >= 0x7F { isASCII = false }
      if byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&")
        || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
      {
        isPlain = false
      }
    }
    if isASCII && isPlain { return text }
    let shown = isASCII ? text : hidingControl(text)
    var escaped = ""
    escaped.reserveCapacity(shown.utf8.count + 16)
    for scalar in shown.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
