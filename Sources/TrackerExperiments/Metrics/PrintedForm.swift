/// Knows the lines of an object that Python prints over several: `print(optimizer)`, `print(model)`, a settings' `repr`.
///
///     Adam (
///     Parameter Group 0
///         lr: 0.001
///     )
///
/// What stands in them was told to the program, not measured by it.
struct PrintedForm {
  /// An object is no longer than so many lines: else what began it was none.
  private static let mostLines = 500
  /// How many parentheses are open.
  private var depth = 0
  private var lineCount = 0

  /// Whether a line belongs to such an object, its first and its last included.
  mutating func contains(_ line: [UInt8]) -> Bool {
    let isOpening = line.last == UInt8(ascii: "(") && (depth > 0 || Self.beginsWithClass(line))
    guard depth > 0 || isOpening else { return false }
    lineCount += 1
    if isOpening { depth += 1 }
    if line.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: ")") { depth -= 1 }
    guard depth > 0, lineCount < Self.mostLines else {
      (depth, lineCount) = (0, 0)
      return true
    }
    return true
  }

  /// Whether a line is the name of a class and the parenthesis.
  private static func beginsWithClass(_ line: [UInt8]) -> Bool {
    guard let first = line.first, (0x41...0x5A).contains(first) else { return false }
    return line.dropLast().allSatisfy { PrintedNumber.isWordByte($0) || " .".utf8.contains($0) }
  }
}
