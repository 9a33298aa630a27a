extension DataTable {
  /// The table as RFC 4180 has it, with full precision and a header line; lines end with LF.
  package var csv: String {
    var text = columns.map { quoted($0.key) }.joined(separator: ",") + "\n"
    for row in rows {
      text += row.map { quoted($0.exact) }.joined(separator: ",") + "\n"
    }
    return text
  }
}

private func quoted(_ field: String) -> String {
  let needsQuotes = field.utf8.contains { byte in
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
  }
  guard needsQuotes || field.first == " " || field.last == " " else { return field }
  var text = "\""
  for scalar in field.unicodeScalars {
    if scalar == "\"" { text += "\"" }
    text.unicodeScalars.append(scalar)
  }
  return text + "\""
}
