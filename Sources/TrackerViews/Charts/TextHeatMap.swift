package import TrackerStore

/// The differences of a check as a picture of characters: a layer's matrix, rows downward, columns to the
/// right, each character the largest difference of the entries that it stands for.
package struct TextHeatMap {
  /// At most so many characters a line and lines a layer.
  package static let extent = (columns: 60, lines: 17)

  /// One picture a layer, with the legend at the end; empty if the vectors do not fit the check.
  package static func text(of check: GradientCheckRecord, _ vectors: GradientCheckRecord.Vectors)
    -> String
  {
    var layers: [(name: String, rows: Int, columns: Int)] = []
    for block in check.blocks where layers.last?.name != block.name {
      layers.append((block.name, block.rows, block.columns))
    }
    guard layers.reduce(0, { $0 + $1.rows * $1.columns }) == vectors.analytic.count else {
      return ""
    }
    var offset = 0
    var parts: [String] = []
    for layer in layers {
      let end = offset + layer.rows * layer.columns
      let differences = (offset..<end).map { abs(vectors.analytic[$0] - vectors.numerical[$0]) }
      parts.append(
        "\(layer.name), \(layer.rows) × \(layer.columns)\n"
          + picture(differences, rows: layer.rows, columns: layer.columns, check.tolerance))
      offset = end
    }
    let limits = scale(check.tolerance).dropFirst().map {
      "\($0.character) from \($0.from.readable())"
    }
    return parts.joined(separator: "\n\n") + "\n\n|analytic − numerical|: · less, "
      + limits.joined(separator: ", ") + ", × not a number"
  }

  private static func scale(_ tolerance: Double) -> [(from: Double, character: Character)] {
    let start = max(tolerance, 1e-15)
    return [(0, "·"), (start, "░"), (start * 1e2, "▒"), (start * 1e4, "▓"), (start * 1e5, "█")]
  }

  private static func picture(
    _ differences: [Double], rows: Int, columns: Int, _ tolerance: Double
  ) -> String {
    let scale = scale(tolerance)
    let height = min(rows, extent.lines)
    let width = min(columns, extent.columns)
    return (0..<height).map { line in
      String(
        (0..<width).map { place -> Character in
          var largest = 0.0
          for row in line * rows / height..<(line + 1) * rows / height {
            for column in place * columns / width..<(place + 1) * columns / width {
              let difference = differences[row * columns + column]
              if difference.isNaN { return "×" }
              largest = max(largest, difference)
            }
          }
          return scale.last { largest >= $0.from }?.character ?? "·"
        })
    }.joined(separator: "\n")
  }
}
