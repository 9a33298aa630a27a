extension JSONValue {
  /// The document over several lines, indented by two spaces, without a newline at its end.
  package var pretty: String {
    var writer = JSONWriter(indented: true)
    writer.write(self, depth: 0)
    return writer.text
  }

  /// The document in one line.
  package var compact: String {
    var writer = JSONWriter(indented: false)
    writer.write(self, depth: 0)
    return writer.text
  }
}

/// Writes UTF-8 bytes: several times faster than appending characters.
package struct JSONWriter {
  private let indented: Bool
  /// What was written, and not yet taken away.
  package var bytes: [UInt8] = []

  /// A writer of documents in one line each, or indented by two spaces.
  package init(indented: Bool = false) { self.indented = indented }

  fileprivate var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes an object as a line of its own.
  package mutating func writeLine(_ members: [(key: String, value: JSONValue)]) {
    append("{")
    var isFirst = true
    for (key, value) in members {
      if !isFirst { append(",") }
      isFirst = false
      write(key)
      append(":")
      write(value, depth: 0)
    }
    append("}\n")
  }

  fileprivate mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: append("null")
    case .boolean(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    case .number(let value): write(value)
    case .string(let value): write(value)
    case .array(let values):
      // Short rows of numbers, such as a shape, read better in one line.
      let isFlat = values.count <= 4 && values.allSatisfy(\.isScalar)
      writeList("[", "]", count: values.count, depth: depth, flat: isFlat) { writer, index in
        writer.write(values[index], depth: depth + 1)
      }
    case .object(let members):
      writeList("{", "}", count: members.count, depth: depth, flat: false) { writer, index in
        writer.write(members[index].key)
        writer.append(writer.indented ? ": " : ":")
        writer.write(members[index].value, depth: depth + 1)
      }
    }
  }

  private mutating func writeList(
    _ open: String, _ close: String, count: Int, depth: Int, flat: Bool,
    element: (inout JSONWriter, Int) -> Void
  ) {
    append(open)
    for index in 0..<count {
      if index > 0 { append(flat && indented ? ", " : ",") }
      if !flat { breakLine(depth + 1) }
      element(&self, index)
    }
    if count > 0 && !flat { breakLine(depth) }
    append(close)
  }

  private mutating func breakLine(_ depth: Int) {
    guard indented else { return }
    append("\n")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func write(_ value: Double) {
    if value.isFinite {
      append(value.description)
    } else {
      write(value.exactText)
    }
  }

  private mutating func write(_ text: String) {
    append("\"")
    // What no reader sees, such as a change of direction, is an escape: JSON that is shown shows it.
    if !text.isASCII, text.unicodeScalars.contains(where: { $0.value > 0x7F && $0.isInvisible }) {
      for scalar in text.unicodeScalars {
        if scalar.value > 0x7F, scalar.isInvisible {
          for unit in Character(scalar).utf16 {
            let digits = String(unit, radix: 16)
            append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
          }
        } else {
          write(Character(scalar).utf8)
        }
      }
    } else {
      write(text.utf8)
    }
    append("\"")
  }

  private mutating func write(_ text: some Sequence<UInt8>) {
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case 0..<0x20, 0x7F:
        append("\\u00")
        append(byte < 0x10 ? "0" : "")
        append(String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
  }
}

extension JSONValue {
  fileprivate var isScalar: Bool {
    switch self {
    case .array, .object, .string: false
    case .null, .boolean, .integer, .number: true
    }
  }
}

extension String {
  fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
