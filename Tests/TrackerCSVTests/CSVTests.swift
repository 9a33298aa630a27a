import Testing
import TrackerCSV
import TrackerSystem

@Suite("Separated values")
struct CSVTests {
  /// The rows of a text that comes in pieces of `size` bytes.
  private func rows(
    _ text: String, separator: UInt8? = nil, limit: CSVReader.Limit = .init(), size: Int = 1 << 14
  ) throws -> [[String?]] {
    var rest = Array(text.utf8)[...]
    let source: PieceSource = {
      defer { rest = rest.dropFirst(size) }
      return rest.isEmpty ? nil : Array(rest.prefix(size))
    }
    var reader = try CSVReader(source, separator: separator, limit: limit)
    var rows: [[String?]] = []
    var row: [CSVReader.Field] = []
    while try reader.next(into: &row) { rows.append(row.map { reader.text(of: $0) }) }
    return rows
  }

  @Test(
    "A row is cut at its separators, whatever ends the lines and however the bytes come",
    arguments: ["\n", "\r\n", "\r"], [1, 3, 1 << 14])
  func lineEnds(end: String, size: Int) throws {
    let text = ["a,b", "", "1,\"x,\"\"y\"\"\(end)z\"", "2,"].joined(separator: end)
    #expect(
      try rows(text, size: size) == [["a", "b"], ["1", "x,\"y\"\(end)z"], ["2", ""]])
  }

  @Test(
    "The separator is the one that cuts the first lines into most fields, and each into as many",
    arguments: [
      ("a,b\n1,2\n", ","), ("a;b\n1,5;2,5\n", ";"), ("a\tb\n1\t2\n", "\t"),
      ("\"a;b\",c\n1,2\n", ","),
      // Rows of other lengths: the first line tells.
      ("a\tb\tc\n1\t2\n", "\t"), ("loss\n1\n", ","),
    ])
  func separators(text: String, separator: String) throws {
    let reader = try CSVReader(pieces(of: Array(text.utf8)))
    #expect(reader.separator == separator.utf8.first)
  }

  @Test("A row without a line end is told from one that is whole")
  func growing() throws {
    var reader = try CSVReader(pieces(of: Array("a,b\n1,0.2".utf8)))
    var row: [CSVReader.Field] = []
    #expect(try reader.next(into: &row) && reader.isRowEnded)
    #expect(try reader.next(into: &row) && !reader.isRowEnded)
    #expect(try !reader.next(into: &row))
  }

  @Test(
    "What is wrong is said with its line and column",
    arguments: [
      ("a,b\n1,\"2", "line 2, column 2: the quote is not closed"),
      ("a,\"b\"x\n", "line 1, column 2: something follows the closing quote"),
      ("1,2,3,4,5\n", "line 1: the row has more than 4 values or 64 bytes"),
      (
        "a\n\(String(repeating: "x", count: 99))\n",
        "line 2: the row has more than 4 values or 64 bytes"
      ),
      (
        "a\n\"\(String(repeating: "x", count: 99))",
        "line 2: the row has more than 4 values or 64 bytes"
      ),
    ])
  func mistakes(text: String, message: String) throws {
    let error = #expect(throws: CSVError.self) {
      try rows(text, separator: UInt8(ascii: ","), limit: .init(fields: 4, bytes: 64))
    }
    #expect(error?.description == message)
  }

  @Test("A text that is not UTF-8 is no text, and UTF-16 is refused")
  func encodings() throws {
    var reader = try CSVReader(pieces(of: [0x61, 0x2C, 0xE9, 0x0A]))
    var row: [CSVReader.Field] = []
    #expect(try reader.next(into: &row))
    #expect(row.map { reader.text(of: $0) } == ["a", nil])
    #expect(throws: CSVError.self) { try CSVReader(pieces(of: [0xFF, 0xFE, 0x61, 0])) }
  }

  @Test("What is written is read back")
  func roundTrip() throws {
    let fields = ["", "a", " a", "a ", "a,b", "a\"b", "\"", "a\nb", "a\rb", "ä😀", "1.5", "'", ";"]
    let line = CSVWriter.line(fields)
    #expect(try rows(line, separator: UInt8(ascii: ",")) == [fields])
    #expect(line.hasPrefix(",a,\" a\",\"a \",\"a,b\",\"a\"\"b\",\"\"\"\",\"a\nb\""))
    #expect(CSVWriter.quoted("1") == "\"1\"")
  }
}
