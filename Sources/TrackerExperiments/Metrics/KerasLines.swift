/// Reads what Keras' `fit` prints: `Epoch 3/10`, then `1875/1875 - 4s 2ms/step - accuracy: 0.9 - loss: 0.3`, with bars and
/// without (Keras 2 and 3, `verbose` 1 and 2).
///
/// An epoch's values are those of its last line, and its step is its number. A later line of the same epoch may add what
/// was not there, which validation does; what begins to count anew is another evaluation, and no part of the training.
struct KerasLines {
  /// The epoch whose lines come now; `nil` where they are none of the training.
  private var epoch: Int64?
  private var lastEpoch: Int64?
  /// Added to the epochs of a second `fit`, which begins at one again.
  private var offset: Int64 = 0
  private var batch: Int64 = 0
  private var batchCount: Int64 = 0
  private var recorded: Set<String> = []

  /// The values of a line that ends an epoch; none for other lines.
  mutating func members(of line: [UInt8]) -> [PrintedObject.Member] {
    var words = line.split { $0 == 0x20 || $0 == 0x09 }[...]
    guard let first = words.popFirst() else { return [] }
    if first.elementsEqual("Epoch".utf8), words.count == 1, let header = words.first {
      begin(header)
      return []
    }
    guard let epoch, let (batch, count) = Self.fraction(first), count > 0 else { return [] }
    guard batch >= self.batch, batchCount == 0 || batchCount == count else {
      // Another evaluation; what follows until the next epoch is none of ours.
      self.epoch = nil
      return []
    }
    self.batch = batch
    batchCount = count
    guard batch == count else { return [] }
    let values = Self.values(line).filter { recorded.insert($0.key).inserted }
    guard !values.isEmpty else { return [] }
    return [.init(StepRule.epochKey, Double(epoch), whole: epoch)] + values
  }

  private mutating func begin(_ header: ArraySlice<UInt8>) {
    guard let (number, _) = Self.fraction(header) else { return }
    // The same number again, or a smaller one: another training of the same program.
    if let lastEpoch, offset + number <= lastEpoch { offset = lastEpoch }
    epoch = offset + number
    lastEpoch = epoch
    (batch, batchCount, recorded) = (0, 0, [])
  }

  /// `3/10`; the numbers are small enough to be added.
  private static func fraction(_ word: ArraySlice<UInt8>) -> (Int64, Int64)? {
    let halves = word.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard halves.count == 2, let part = whole(halves[0]), let total = whole(halves[1]) else {
      return nil
    }
    return (part, total)
  }

  private static func whole(_ digits: ArraySlice<UInt8>) -> Int64? {
    guard (1...12).contains(digits.count), digits.allSatisfy(PrintedNumber.isDigit) else {
      return nil
    }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// The `name: value` between dashes.
  private static func values(_ line: [UInt8]) -> [PrintedObject.Member] {
    var members: [PrintedObject.Member] = []
    for part in String(decoding: line, as: UTF8.self).split(separator: " - ") {
      let halves = part.split(separator: ": ")
      guard halves.count == 2 else { continue }
      let text = Array(halves[1].utf8.drop { $0 == 0x20 })
      guard let number = PrintedNumber.read(text, at: 0),
        text[number.end...].allSatisfy({ $0 == 0x20 })
      else { continue }
      members.append(.init(String(halves[0]), number.value))
    }
    return members
  }
}
