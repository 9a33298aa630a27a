import TestGallery
import Testing
import TrackerJSON
import TrackerStore

@testable import TrackerViews

@Suite("Text")
struct TextTests {
  @Test(
    "Numbers for people have four significant digits",
    arguments: [
      (0.0, "0"), (127.4, "127.4"), (0.95, "0.95"), (9.999_96, "10"), (0.903_171, "0.9032"),
      (1.2345e-7, "1.235e-7"), (-0.000_123_456, "-0.0001235"), (1_234_567, "1234567"),
      (12_345_678, "1.235e7"), (.nan, "NaN"), (.infinity, "∞"), (-.infinity, "-∞"),
      (1e-4, "0.0001"), (.leastNonzeroMagnitude, "4.941e-324"), (1.797e308, "1.797e308"),
    ])
  func readableNumbers(value: Double, text: String) { #expect(value.readable() == text) }

  @Test(
    "Lengths of time are said as people say them",
    arguments: [
      (0.0, "0 s"), (0.0123, "12.3 ms"), (0.9999, "1.0 s"), (8.34, "8.3 s"), (59.96, "1 min"),
      (125, "2 min 5 s"), (4320, "1 h 12 min"), (273_600, "3 d 4 h"), (.nan, "NaN"),
    ])
  func durations(seconds: Double, text: String) { #expect(readable(seconds: seconds) == text) }

  @Test("Times are ISO 8601 in UTC with milliseconds, before 1970 too")
  func times() {
    #expect(Timestamp(milliseconds: 0).iso8601 == "1970-01-01T00:00:00.000Z")
    #expect(Gallery.now.iso8601 == "2026-11-24T00:13:14.120Z")
    #expect(Timestamp(milliseconds: 1_709_164_800_007).iso8601 == "2024-02-29T00:00:00.007Z")
    #expect(Timestamp(milliseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
    let earlier = Timestamp(milliseconds: Gallery.now.milliseconds - 300_000)
    #expect(earlier.readable(now: Gallery.now) == "5 min ago")
  }

  @Test(
    "Characters take the columns that a terminal gives them",
    arguments: [
      ("abc", 3), ("数字", 4), ("e\u{301}", 1), ("🧪", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("λ", 1), ("ｱ", 1),
      ("❤️", 2), ("", 0), ("한", 2),
    ])
  func width(text: String, columns: Int) { #expect(text.displayWidth == columns) }

  @Test("What would disturb a terminal is shown as an escape")
  func visible() {
    #expect("a\nb\tc\u{1B}[31m".visible == "a\\nb\\tc\\u{1b}[31m")
    #expect("\u{202E}evil".visible == "\\u{202e}evil")
    #expect("a\r\nb".visible == "a\\r\\nb")
    #expect("👩‍👩‍👧 λ".visible == "👩‍👩‍👧 λ")
    #expect("\u{200D}".visible == "\\u{200d}")
  }

  @Test("A long text is abbreviated in the middle, to the column")
  func abbreviation() {
    #expect("a-very-long-name".abbreviated(to: 9) == "a-ve…name")
    #expect("数字数字数字".abbreviated(to: 8).displayWidth <= 8)
    #expect("short".abbreviated(to: 5) == "short")
    #expect("short".abbreviated(to: 1) == "…")
    #expect("short".abbreviated(to: 0) == "")
  }

  @Test("Text is broken at spaces, and only long words inside")
  func wrapping() {
    #expect("one two three".wrapped(to: 8) == ["one two", "three"])
    #expect("abcdefghij k".wrapped(to: 4) == ["abcd", "efgh", "ij k"])
    #expect("".wrapped(to: 4) == [])
  }

  @Test("What a table leaves out for want of width is named whole, on as many lines as it takes")
  func leftOut() {
    let names = (1...9).map { "a-long-column-\($0)" }
    let table = DataTable(
      columns: [.init("id")] + names.map { .init($0, rank: 1) },
      rows: [[.integer(7)] + names.map { _ in .integer(1_234_567_890) }])
    let lines = table.text(TextStyle(width: 40)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 40 })
    // The last columns go first.
    #expect(lines[0].contains("a-long-column-1 ") && lines[0].contains("a-long-column-2"))
    let words = lines.dropFirst(2).joined(separator: " ")
    #expect(words.hasPrefix("left out to fit the width: "))
    #expect(names.allSatisfy { name in words.contains(name) || lines[0].contains(name) })
  }

  @Test("A sparkline keeps spikes and marks what is not a number")
  func sparkline() {
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 8) == "▁▂▃▄▅▆▇█")
    #expect(Sparkline.text([1, .nan, 2], width: 3) == "▁×█")
    #expect(Sparkline.text([5, 5, 5], width: 8) == "▅▅▅")
    #expect(Sparkline.text([], width: 8) == "")
    #expect(Sparkline.text([.nan, .infinity], width: 8) == "××")
    var spiked = [Double](repeating: 0, count: 1000)
    spiked[500] = 1
    #expect(Sparkline.text(spiked, width: 10).contains("█"))
    #expect(Sparkline.text([-1e308, 1e308], width: 2).count == 2)
  }

  @Test("JSON escapes what it must, and keeps numbers to the last bit")
  func json() {
    let value = JSONValue.object([
      "text": .string("a\"\\\n\u{1}\u{7F}λ🧪\u{2028}"), "nan": .number(.nan),
      "low": .number(-.infinity), "tenth": .number(0.1), "least": .number(.leastNonzeroMagnitude),
      "none": .null, "list": .array([]),
    ])
    #expect(
      value.compact
        == #"{"text":"a\"\\\n\u0001\u007fλ🧪\u2028"#
        + #"","nan":"NaN","low":"-Infinity","tenth":0.1,"least":5e-324,"none":null,"list":[]}"#)
    #expect(JSONValue.array([.object(["a": .integer(1)])]).pretty == "[\n  {\n    \"a\": 1\n  }\n]")
  }

  @Test("CSV quotes what would break it")
  func csv() {
    let table = DataTable(
      ["a,b", "c"], rows: [[.text("say \"hi\"\r\nnow"), .real(1e-7)], [.missing, .real(.nan)]])
    #expect(table.csv == "\"a,b\",c\n\"say \"\"hi\"\"\r\nnow\",1e-07\n,NaN\n")
  }

  @Test("Nothing in a text becomes Markdown")
  func markdown() {
    #expect("a|b <i>*x*</i>\n`c`".markdownEscaped == "a\\|b &lt;i&gt;\\*x\\*&lt;/i&gt;\\\\n\\`c\\`")
  }

  @Test(
    "text that is printed keeps its lines and nothing that steers a terminal, but for styles of ours"
  )
  func printable() {
    #expect("a\nb ─ é 😀".printable == "a\nb ─ é 😀")
    #expect(
      "\u{1B}]0;x\u{7}\n\u{9B}1m\r\u{202E}".printable == "\\u{1b}]0;x\\u{7}\n\\u{9b}1m\\r\\u{202e}")
    #expect("\u{1B}[31mred".printable == "\\u{1b}[31mred")
    #expect(
      "\u{1B}[1;31mred\u{1B}[0m\u{1B}[2J".printableStyled == "\u{1B}[1;31mred\u{1B}[0m\\u{1b}[2J")
    for scalar in (0...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)
    where scalar.isInvisible && scalar != "\n" {
      #expect(
        !"a\(scalar)b".printable.unicodeScalars.contains(scalar) || scalar.value == 0x200C
          || scalar.value == 0x200D || (0xE0020...0xE007F).contains(scalar.value))
    }
  }
}
