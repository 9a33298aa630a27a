import TrackerDeflate

/// A picture of few colours as a PNG file (W3C, Portable Network Graphics, third edition).
package struct PalettePicture: Sendable {
  package var width: Int
  package var height: Int
  /// Colours as red, green, blue, opacity; at most 16.
  package var palette: [[UInt8]]
  /// An index into the palette for each pixel, row by row.
  package var pixels: [UInt8]

  package init(width: Int, height: Int, palette: [[UInt8]], pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.palette = palette
    self.pixels = pixels
  }

  /// The picture's file.
  package var file: [UInt8] {
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // Four bits a pixel, indexed.
    bytes += chunk("IHDR", bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [4, 3, 0, 0, 0])
    bytes += chunk("PLTE", palette.flatMap { $0.prefix(3) })
    bytes += chunk("tRNS", palette.map { $0[3] })
    bytes += chunk("IDAT", deflated(scanlines))
    bytes += chunk("IEND", [])
    return bytes
  }

  private var scanlines: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(height * (1 + (width + 1) / 2))
    for row in 0..<height {
      bytes.append(0)
      for column in stride(from: 0, to: width, by: 2) {
        let left = pixels[row * width + column]
        let right = column + 1 < width ? pixels[row * width + column + 1] : 0
        bytes.append(left << 4 | right)
      }
    }
    return bytes
  }
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
  let body = Array(type.utf8) + data
  return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body[...]))
}
