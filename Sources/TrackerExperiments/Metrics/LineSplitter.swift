/// Cuts a stream of bytes into lines, which end at a newline or at a carriage return: a progress bar draws over its
/// line again and again.
struct LineSplitter {
  /// A longer line is not read, so that no stream can fill the memory.
  static let limit = 1 << 20
  /// The lines that were too long to be read.
  private(set) var longLineCount = 0
  private var rest: [UInt8] = []
  private var isTooLong = false

  /// Takes the next piece and hands on each line that it completes, without what ended it.
  mutating func feed(_ piece: ArraySlice<UInt8>, _ handle: ([UInt8]) -> Void) {
    var piece = piece
    while let end = piece.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
      append(piece[..<end])
      piece = piece[(end + 1)...]
      finish(handle)
    }
    append(piece)
  }

  /// Hands on a last line that nothing ended.
  mutating func finish(_ handle: ([UInt8]) -> Void) {
    if isTooLong { longLineCount += 1 } else if !rest.isEmpty { handle(rest) }
    rest.removeAll(keepingCapacity: true)
    isTooLong = false
  }

  private mutating func append(_ piece: ArraySlice<UInt8>) {
    guard !isTooLong else { return }
    guard rest.count + piece.count <= Self.limit else {
      isTooLong = true
      return rest.removeAll()
    }
    rest.append(contentsOf: piece)
  }
}
