import TrackerJSON

/// How many values lie in each of some ranges that follow one another. A run keeps it as JSON, which any program reads:
/// `{"min": …, "max": …, "limits": […], "counts": […]}`, a limit being the upper end of its range and the lower end of the
/// next one's; `count`, `sum` and `sumOfSquares` of all values where the source told them.
struct Histogram: Equatable {
  /// The least and the greatest value, or the ends of the ranges where that is all that is known.
  var min: Double
  var max: Double
  var count: Double?
  var sum: Double?
  var sumOfSquares: Double?
  var limits: [Double]
  var counts: [Double]

  /// The word for an artifact that is one.
  static let kind = "histogram"

  /// TensorBoard's `HistogramProto` (TensorFlow, `framework/histogram.proto`).
  init(_ message: ProtobufMessage) {
    (min, max, count, sum, sumOfSquares, limits, counts) = (0, 0, 0, 0, 0, [], [])
    for (field, value) in message {
      switch field {
      case 1: min = value.double ?? 0
      case 2: max = value.double ?? 0
      case 3: count = value.double ?? 0
      case 4: sum = value.double ?? 0
      case 5: sumOfSquares = value.double ?? 0
      case 6: limits += value.doubles
      case 7: counts += value.doubles
      default: break
      }
    }
  }

  /// Rows of a lower end, an upper end and a count, as TensorFlow 2 keeps them; `nil` where they are none.
  init?(rows: [Double]) {
    guard rows.count % 3 == 0 else { return nil }
    let places = stride(from: 0, to: rows.count, by: 3)
    (limits, counts) = (places.map { rows[$0 + 1] }, places.map { rows[$0 + 2] })
    (min, max) = (rows.first ?? 0, limits.last ?? 0)
    count = counts.reduce(0, +)
  }

  /// All ends of the ranges, one more than there are counts, as numpy, W&B and Trackio keep them.
  init?(edges: [Double], counts: [Double]) {
    guard edges.count == counts.count + 1 || edges.isEmpty && counts.isEmpty else { return nil }
    (min, max) = (edges.first ?? 0, edges.last ?? 0)
    (limits, self.counts) = (Array(edges.dropFirst()), counts)
  }

  /// As a run keeps it; `nil` where it is no histogram.
  init?(_ json: JSONValue) {
    func number(_ key: String) -> Double? { ForeignValue.number(json[key]) }
    guard let min = number("min"), let max = number("max"),
      let limits = ForeignValue.numbers(json["limits"]),
      let counts = ForeignValue.numbers(json["counts"]), limits.count == counts.count
    else { return nil }
    (self.min, self.max, self.limits, self.counts) = (min, max, limits, counts)
    (count, sum, sumOfSquares) = (number("count"), number("sum"), number("sumOfSquares"))
  }

  var json: JSONValue {
    var members: [JSONValue.Member] = []
    for (key, value) in [
      ("min", min), ("max", max), ("count", count), ("sum", sum), ("sumOfSquares", sumOfSquares),
    ] {
      if let value { members.append(.init(key: key, value: .number(value))) }
    }
    return .object(
      members + [
        .init(key: "limits", value: .array(limits.map(JSONValue.number))),
        .init(key: "counts", value: .array(counts.map(JSONValue.number))),
      ])
  }

  /// Writes it as a `HistogramProto`.
  func write(to message: inout ProtobufWriter) {
    message.double(1, min)
    message.double(2, max)
    message.double(3, count ?? counts.reduce(0, +))
    if let sum { message.double(4, sum) }
    if let sumOfSquares { message.double(5, sumOfSquares) }
    message.doubles(6, limits)
    message.doubles(7, counts)
  }

  /// The artifact of a curve's key at a step.
  func artifact(_ key: String, step: Int64) -> ForeignArtifact {
    ForeignArtifact(
      name: "\(key)/\(step).json", kind: Self.kind, content: .bytes(Array(json.compact.utf8)))
  }
}

extension ProtobufMessage.Value {
  /// A `double`, or many of them, packed.
  fileprivate var doubles: [Double] {
    switch self {
    case .fixed64(let bits): [Double(bitPattern: bits)]
    case .bytes(let bytes):
      stride(from: 0, through: bytes.count - 8, by: 8).map {
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)))
      }
    case .varint, .fixed32: []
    }
  }
}

extension ProtobufWriter {
  /// Many doubles, packed.
  fileprivate mutating func doubles(_ field: Int, _ values: [Double]) {
    var content: [UInt8] = []
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { content.append(contentsOf: $0) }
    }
    self.content(field, content)
  }
}
