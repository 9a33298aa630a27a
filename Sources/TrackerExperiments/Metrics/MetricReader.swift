/// Makes metrics of what a program prints, line by line.
package struct MetricReader {
  /// The values of one line, and the step that they belong to.
  package struct Row: Hashable, Sendable {
    package var step: Int64
    package var keys: [String]
    package var values: [Double]
  }

  /// Where a program prints.
  package enum Stream: Int, CaseIterable, Sendable {
    case output
    case diagnostics
  }

  /// Lines that are read, for those who wonder what they might be.
  package static let examples = [
    #"{"step": 1, "loss": 0.5}"#, "{'loss': 0.5, 'epoch': 1.0}",
  ]

  /// The longest line that is read, in bytes.
  package static var lineLimit: Int { LineSplitter.limit }

  private let patterns: [MetricPattern]
  private var rule: StepRule
  private var splitters = Stream.allCases.map { _ in LineSplitter() }
  private var keras = Stream.allCases.map { _ in KerasLines() }
  private var forms = Stream.allCases.map { _ in PrintedForm() }
  /// What would read the lines so far, where nothing else does.
  private var guess: PatternGuess?

  /// - Parameters:
  ///   - patterns: what to make of lines that are not JSON and no Python
  ///   - stepKey: the key of the step; `nil`: the usual ones
  package init(patterns: [MetricPattern] = [], stepKey: String? = nil) {
    self.patterns = patterns
    rule = StepRule(key: stepKey)
    guess = patterns.isEmpty ? PatternGuess() : nil
  }

  /// The known form that reads most of the lines so far, and how many, where nothing was read from any.
  package var suggestion: (pattern: String, lineCount: Int)? { guess?.best }

  /// Lets lines without a step count on from this one, of a run that goes on.
  package mutating func goOn(at step: Int64) { rule.goOn(at: step) }

  /// The lines that were too long to be read.
  package var longLineCount: Int { splitters.reduce(0) { $0 + $1.longLineCount } }

  /// Takes the next piece of a stream.
  ///
  /// - Returns: what the lines say that it completes
  package mutating func take(_ piece: ArraySlice<UInt8>, from stream: Stream = .output) -> [Row] {
    var lines: [[UInt8]] = []
    splitters[stream.rawValue].feed(piece) { lines.append($0) }
    return lines.flatMap { read($0, from: stream) }
  }

  /// Takes note of the end: a last line may have no newline.
  package mutating func finish() -> [Row] {
    var rows: [Row] = []
    for stream in Stream.allCases {
      var lines: [[UInt8]] = []
      splitters[stream.rawValue].finish { lines.append($0) }
      rows += lines.flatMap { read($0, from: stream) }
    }
    return rows
  }

  private mutating func read(_ line: [UInt8], from stream: Stream) -> [Row] {
    // Most lines of most programs are nothing to us: that is seen without a copy.
    guard !patterns.isEmpty || guess?.isDone == false || line.contains(UInt8(ascii: "{")) else {
      return []
    }
    let text = PlainText.of(line)
    let isOfForm = forms[stream.rawValue].contains(text)
    var rows = PrintedObject.all(in: text).map(\.members).filter { !$0.isEmpty }
    if rows.isEmpty, isOfForm { return [] }
    if rows.isEmpty {
      for pattern in patterns where rows.isEmpty {
        let members = members(of: text, pattern, stream)
        if !members.isEmpty { rows = [members] }
      }
    }
    if rows.isEmpty { guess?.take(text) } else { guess = nil }
    return rows.compactMap { members in
      rule.place(members).map {
        Row(step: $0.step, keys: $0.values.map(\.key), values: $0.values.map(\.value))
      }
    }
  }

  private mutating func members(
    of line: [UInt8], _ pattern: MetricPattern, _ stream: Stream
  ) -> [PrintedObject.Member] {
    switch pattern {
    case .keras: keras[stream.rawValue].members(of: line)
    case .pairs(let sign): KeyValuePairs.members(of: line, sign: sign)
    case .template(let template): template.members(of: line)
    }
  }
}
