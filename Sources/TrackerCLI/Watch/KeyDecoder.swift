import TrackerViews
import TrackerWatch

/// Makes keys of a terminal's bytes, which may come in pieces.
///
/// After ECMA-48 (control sequences) and xterm's "PC-Style Function Keys"; sequences that are not known are overlooked.
struct KeyDecoder {
  private var pending: [UInt8] = []

  /// Whether a sequence has begun that may go on, or may have been the Escape key.
  var isWaiting: Bool { !pending.isEmpty }

  /// The keys that these bytes complete.
  mutating func keys(of bytes: some Sequence<UInt8>) -> [WatchKey] {
    pending += bytes
    var keys: [WatchKey] = []
    while let (length, key) = Self.first(of: pending) {
      pending.removeFirst(length)
      if let key { keys.append(key) }
    }
    // No key is that long.
    if pending.count > 32 { pending = [] }
    return keys
  }

  /// The keys of what was waited for in vain.
  mutating func flush() -> [WatchKey] {
    defer { pending = [] }
    return pending.first == 0x1B ? [.escape] : []
  }

  /// The first sequence of `bytes`, how long it is and what it means; `nil` while it is not whole.
  private static func first(of bytes: [UInt8]) -> (length: Int, key: WatchKey?)? {
    guard let byte = bytes.first else { return nil }
    switch byte {
    case 0x1B: return escape(bytes)
    case 0x09: return (1, .tab)
    case 0x0A, 0x0D: return (1, .enter)
    case 0x08, 0x7F: return (1, .backspace)
    case 0x01...0x1A: return (1, .control(Character(UnicodeScalar(byte + 0x60))))
    case 0..<0x20, 0x80..<0xC2, 0xF5...: return (1, nil)
    default:
      let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      guard bytes.count >= length else { return nil }
      let text = String(decoding: bytes.prefix(length), as: UTF8.self)
      guard text.unicodeScalars.count == 1, text != "\u{FFFD}", let character = text.first else {
        return (1, nil)
      }
      return (length, .character(character))
    }
  }

  private static func escape(_ bytes: [UInt8]) -> (length: Int, key: WatchKey?)? {
    guard bytes.count > 1 else { return nil }
    guard bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O") else {
      return (1, .escape)
    }
    guard let end = bytes.indices.dropFirst(2).first(where: { (0x40...0x7E).contains(bytes[$0]) })
    else { return nil }
    let parameters = String(decoding: bytes[2..<end], as: UTF8.self)
    return (end + 1, key(final: bytes[end], parameters))
  }

  private static func key(final: UInt8, _ parameters: String) -> WatchKey? {
    switch UnicodeScalar(final) {
    case "A": return .up
    case "B": return .down
    case "C": return .right
    case "D": return .left
    case "H": return .home
    case "F": return .end
    case "M": return .enter
    case "~":
      switch parameters.split(separator: ";").first {
      case "1", "7": return .home
      case "4", "8": return .end
      case "5": return .pageUp
      case "6": return .pageDown
      default: return nil
      }
    default: return nil
    }
  }
}
