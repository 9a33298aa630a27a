import TrackerCSV

extension CSVReader {
  /// The text of a field for a message, shortened.
  func excerpt(of field: Field) -> String {
    String(String(decoding: bytes(of: field).prefix(160), as: UTF8.self).prefix(40))
  }

  /// The number that a field of the last row is, if it is one; blanks around it do not count.
  func number(of field: Field) -> Double? { decimalNumber(bytes(of: field)) }
}

/// The number that these bytes are: decimal, with a sign, a point and an exponent, or `nan` or `inf`.
func decimalNumber(_ bytes: ArraySlice<UInt8>) -> Double? {
  var bytes = bytes
  while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
  while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
  // Whole numbers, which pixels are, need no general conversion.
  if (1...15).contains(bytes.count), bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
    return Double(bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) })
  }
  guard let first = bytes.first else { return nil }
  let isDecimal = bytes.allSatisfy { (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }
  let text = String(decoding: bytes, as: UTF8.self)
  if isDecimal { return Double(text) }
  guard (3...9).contains(bytes.count), first | 0x20 != 0x78 else { return nil }
  return ["nan", "inf", "infinity"].contains(
    text.lowercased().drop { $0 == "-" || $0 == "+" }) ? Double(text) : nil
}

extension DatasetError {
  init(_ error: CSVError, name: String) {
    switch error.reason {
    case .utf16:
      self.init(
        "\(name) is UTF-16", advice: "Convert it: iconv -f utf-16 -t utf-8 \(name) > converted.csv")
    case .tooLarge: self.init("\(name), \(error)", reason: .tooLarge)
    case .textAfterQuote:
      self.init("\(name), \(error)", advice: "Double the quotes that belong to the text.")
    case .openQuote: self.init("\(name), \(error)")
    }
  }
}

extension DataLimit {
  /// How large a row may be.
  var row: CSVReader.Limit {
    CSVReader.Limit(fields: max(1024, values / 32), bytes: max(1 << 20, values * 2))
  }
}
