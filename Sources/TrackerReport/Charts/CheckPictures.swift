import TrackerDrawing
import TrackerStore
import TrackerSystem
import TrackerViews

/// |analytic − numerical| of one layer, entry by entry, on a logarithmic scale.
struct HeatMap: Sendable {
  /// The layer's name.
  let name: String
  /// Inputs, with the bias, and units.
  let rows: Int
  let columns: Int
  /// Whether the layer's rows run across, so that the picture is wider than high.
  let isTransposed: Bool
  let picture: PalettePicture

  /// The exponents of ten between which colours change; below the first an entry is drawn as equal.
  static let exponents = -12...0

  /// One map a layer. The blocks name the layers in the order of the vectors, which are row-major.
  static func maps(of check: GradientCheckRecord, _ vectors: GradientCheckRecord.Vectors)
    -> [HeatMap]
  {
    var names: [String] = []
    var layers: [GradientCheckRecord.Block] = []
    for block in check.blocks where !names.contains(block.name) {
      names.append(block.name)
      layers.append(block)
    }
    let total = layers.reduce(0) { $0 + $1.rows * $1.columns }
    guard total == vectors.analytic.count, total == vectors.numerical.count else { return [] }
    var offset = 0
    return layers.map { layer in
      let range = offset..<(offset + layer.rows * layer.columns)
      offset = range.upperBound
      let levels = range.map { level(of: abs(vectors.analytic[$0] - vectors.numerical[$0])) }
      return HeatMap(
        name: layer.name, rows: layer.rows, columns: layer.columns, levels: levels)
    }
  }

  private init(name: String, rows: Int, columns: Int, levels: [UInt8]) {
    self.name = name
    self.rows = rows
    self.columns = columns
    let isTransposed = rows > columns
    self.isTransposed = isTransposed
    let pixels =
      isTransposed
      ? (0..<columns).flatMap { column in (0..<rows).map { levels[$0 * columns + column] } }
      : levels
    picture = PalettePicture(
      width: isTransposed ? rows : columns, height: isTransposed ? columns : rows,
      palette: Self.palette, pixels: pixels)
  }

  /// Colours from agreement to disagreement, even in lightness, told apart by colour-blind readers:
  /// after P. Kovesi's and S. van der Walt's advice on sequential maps. The last is for NaN.
  static let palette: [[UInt8]] = [
    [226, 232, 238, 255], [207, 218, 230, 255], [187, 205, 222, 255], [167, 191, 214, 255],
    [146, 177, 205, 255], [126, 162, 195, 255], [107, 147, 184, 255], [92, 131, 171, 255],
    [98, 112, 152, 255], [122, 93, 128, 255], [152, 74, 98, 255], [181, 56, 66, 255],
    [203, 44, 36, 255], [150, 20, 20, 255], [0, 0, 0, 255],
  ]

  private static func level(of difference: Double) -> UInt8 {
    if difference.isNaN { return UInt8(palette.count - 1) }
    guard difference > 0 else { return 0 }
    let exponent = log10(difference).rounded(.down)
    let clamped = min(Double(exponents.upperBound), max(Double(exponents.lowerBound - 1), exponent))
    return UInt8(Int(saturating: clamped) - exponents.lowerBound + 1)
  }
}

/// Analytic against numerical derivatives: where they agree, points lie on the diagonal.
struct AgreementPlot: Sendable {
  static let size = 160
  /// The same for both axes.
  let scale: ChartScale
  let picture: PalettePicture
  let notFiniteCount: Int

  init(_ vectors: GradientCheckRecord.Vectors, check: GradientCheckRecord) {
    scale = ChartScale(
      covering: vectors.analytic + vectors.numerical, spacing: .linear, tickCount: 4)
    var pixels = [UInt8](repeating: 0, count: Self.size * Self.size)
    var lost = 0
    for (analytic, numerical) in zip(vectors.analytic, vectors.numerical) {
      guard let across = scale.position(numerical), let up = scale.position(analytic) else {
        lost += 1
        continue
      }
      let difference = abs(analytic - numerical)
      let allowed = check.tolerance + check.relativeTolerance * max(abs(analytic), abs(numerical))
      // A disagreement may be one pixel among thousands: it is drawn over what agrees, and larger.
      let isOff = difference > allowed
      let column = Int(saturating: across * Double(Self.size - 1))
      let row = Int(saturating: (1 - up) * Double(Self.size - 1))
      for y in max(0, row - 1)...min(Self.size - 1, row + 1) {
        for x in max(0, column - 1)...min(Self.size - 1, column + 1) {
          if isOff {
            pixels[y * Self.size + x] = 2
          } else if pixels[y * Self.size + x] == 0 {
            pixels[y * Self.size + x] = 1
          }
        }
      }
    }
    notFiniteCount = lost
    picture = PalettePicture(
      width: Self.size, height: Self.size,
      palette: [[0, 0, 0, 0], [70, 130, 180, 255], [213, 72, 30, 255]], pixels: pixels)
  }
}
