extension Unicode.Scalar {
  /// Whether nobody sees it, though it may steer a terminal or change how what follows is read: controls (Unicode's
  /// categories Cc, Cf, Zl and Zp).
  package var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}

extension Substring {
  /// Whether there is a character in it that nobody sees, but for the ends of lines.
  package var hasInvisible: Bool {
    var text = self
    return text.withUTF8 { bytes in
      var place = 0
      while place < bytes.count {
        let byte = bytes[place]
        if byte < 0x80 {
          if byte < 0x20 && byte != 0x0A || byte == 0x7F { return true }
          place += 1
          continue
        }
        let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        var scalar = UInt32(byte) & (0x7F >> UInt32(length))
        for next in 1..<length { scalar = scalar << 6 | UInt32(bytes[place + next] & 0x3F) }
        if Unicode.Scalar(scalar)?.isInvisible ?? true { return true }
        place += length
      }
      return false
    }
  }
}
