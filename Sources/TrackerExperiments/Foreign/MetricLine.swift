import TrackerStore

/// A line of output that is a JSON object of numbers, as other programs print their progress:
/// `{"step": 3, "cost": 0.41}`.
///
/// Numbers count, and so do `NaN` and `Infinity` as Python's `json` writes them and the texts `"NaN"`,
/// `"Infinity"` and `"-Infinity"`. Other values are passed over.
package struct MetricLine: Hashable, Sendable {
  /// The values by key, without the step, in the order they stand.
  package var values: [(key: String, value: Double)]
  /// `step`, else `epoch`, if either is there and a whole number.
  package var step: Int64?

  /// Reads a line; `nil` if it is no JSON object, which is the case for most lines of most programs.
  package init?(_ line: some Collection<UInt8>) {
    guard let object = JSONObject(line) else { return nil }
    values = []
    var epoch: Int64?
    for member in object.members {
      switch member.key {
      case "step": step = member.value.wholeNumber
      case "epoch": epoch = member.value.wholeNumber
      default:
        if let value = member.value.number { values.append((member.key, value)) }
      }
    }
    if let epoch, step == nil {
      step = epoch
    } else if let epoch {
      values.append(("epoch", Double(epoch)))
    }
  }

  package static func == (a: MetricLine, b: MetricLine) -> Bool {
    a.step == b.step
      && a.values.elementsEqual(b.values) {
        $0.key == $1.key && $0.value.bitPattern == $1.value.bitPattern
      }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(step) }
}

extension JSONObject.Scalar {
  fileprivate var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .text("NaN"): .nan
    case .text("Infinity"): .infinity
    case .text("-Infinity"): -.infinity
    case .null, .boolean, .text: nil
    }
  }

  fileprivate var wholeNumber: Int64? {
    switch self {
    case .integer(let value): value
    case .real(let value): Int64(exactly: value)
    case .null, .boolean, .text: nil
    }
  }
}
