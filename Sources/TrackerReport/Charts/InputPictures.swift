import TrackerDrawing
import TrackerViews
import TrackerStore

/// Pictures of what a network sees: examples, and what each unit of its first layer looks for.
enum InputPictures {
  /// More units or larger ones are not drawn: a report is to be sent.
  static let pixelLimit = 10_000

  /// An example of side × side inputs, dark where they are great.
  ///
  /// - Parameters:
  ///   - features: the inputs, row-major, side × side
  ///   - range: what is white and what is black
  static func example(
    _ features: [Double], side: Int, range: ClosedRange<Double>
  ) -> PalettePicture {
    let width = range.upperBound - range.lowerBound
    let palette = (0..<16).map { level -> [UInt8] in
      let grey = UInt8(255 - level * 17)
      return [grey, grey, grey, 255]
    }
    return PalettePicture(
      width: side, height: side, palette: palette,
      pixels: features.map { value in
        guard width > 0 else { return 0 }
        return min(15, UInt8(saturating: ((value - range.lowerBound) / width * 15).rounded()))
      })
  }

  /// The weights of the first layer's units, a picture a unit, side by side: blue below zero, red above.
  ///
  /// - Parameters:
  ///   - weights: inputs × units, row-major
  ///   - side: the side of the picture that the inputs are
  ///   - units: the layer's units
  /// - Returns: the picture, and how many units are in it
  static func units(_ weights: [Double], side: Int, units: Int) -> (PalettePicture, shown: Int) {
    let inputs = side * side
    let shown = max(1, min(units, pixelLimit / inputs))
    let across = min(shown, max(1, 180 / (side + 1)))
    let down = (shown + across - 1) / across
    let (width, height) = (across * (side + 1) - 1, down * (side + 1) - 1)
    var greatest = 0.0
    for index in weights.indices where index % units < shown && weights[index].isFinite {
      greatest = max(greatest, abs(weights[index]))
    }
    // The last colour is the gap between units.
    var pixels = [UInt8](repeating: 15, count: width * height)
    for unit in 0..<shown {
      let (left, top) = (unit % across * (side + 1), unit / across * (side + 1))
      for input in 0..<inputs {
        let weight = weights[input * units + unit]
        let share = greatest > 0 && weight.isFinite ? weight / greatest : 0
        pixels[(top + input / side) * width + left + input % side] = UInt8(
          7 + Int(saturating: (share * 7).rounded()))
      }
    }
    return (
      PalettePicture(width: width, height: height, palette: diverging, pixels: pixels), shown
    )
  }

  /// Blue over near-white to red, even in lightness on both sides.
  private static let diverging: [[UInt8]] = {
    func mix(_ a: [Double], _ b: [Double], _ share: Double) -> [UInt8] {
      var colour: [UInt8] = zip(a, b).map { UInt8(saturating: ($0 + ($1 - $0) * share).rounded()) }
      colour.append(255)
      return colour
    }
    let (blue, middle, red) = ([25.0, 84, 158], [245.0, 245, 242], [178.0, 40, 38])
    var palette: [[UInt8]] = (0..<7).map { mix(blue, middle, Double($0) / 7) }
    palette += (0...7).map { mix(middle, red, Double($0) / 7) }
    palette.append([0, 0, 0, 0])
    return palette
  }()
}
