// A module of the name _StringProcessing, for the released program alone (see Scripts/release).
//
// The toolchain's library is an engine for regular expressions, 2 MB of the program, of which the program takes the
// search for one text in another. Here is what its sources name, and no more: where they name more, the release does
// not compile, and says what is missing. What these functions give is what the library's give.

extension Collection where Element: Equatable {
  /// Where `other` is found first.
  public func firstRange<Other: Collection>(of other: Other) -> Range<Index>?
  where Other.Element == Element {
    var start = startIndex
    while true {
      var (place, left) = (start, other.startIndex)
      while left != other.endIndex, place != endIndex, self[place] == other[left] {
        formIndex(after: &place)
        other.formIndex(after: &left)
      }
      if left == other.endIndex { return start..<place }
      if place == endIndex { return nil }
      formIndex(after: &start)
    }
  }

  /// Whether `other` is found.
  @_disfavoredOverload
  public func contains<Other: Collection>(_ other: Other) -> Bool where Other.Element == Element {
    firstRange(of: other) != nil
  }

  /// The parts between one `separator` and the next.
  @_disfavoredOverload
  public func split<Separator: Collection>(
    separator: Separator, maxSplits: Int = .max, omittingEmptySubsequences: Bool = true
  ) -> [SubSequence] where Separator.Element == Element {
    var parts: [SubSequence] = []
    var rest = self[...]
    func add(_ part: SubSequence) {
      if !part.isEmpty || !omittingEmptySubsequences { parts.append(part) }
    }
    while parts.count < maxSplits, let range = rest.firstRange(of: separator) {
      add(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    add(rest)
    return parts
  }
}

extension StringProtocol {
  /// Whether `other` is found.
  @_disfavoredOverload
  public func contains(_ other: String) -> Bool {
    containsBytes(of: other) ?? (firstRange(of: other) != nil)
  }

  /// Whether `other` is found.
  @_disfavoredOverload
  public func contains(_ other: Substring) -> Bool {
    containsBytes(of: other) ?? (firstRange(of: other) != nil)
  }

  /// Whether the bytes of `other` are found; `nil` where they are not the characters.
  private func containsBytes(of other: some StringProtocol) -> Bool? {
    utf8.withContiguousStorageIfAvailable { bytes in
      other.utf8.withContiguousStorageIfAvailable { others -> Bool? in
        guard isPlain(bytes), isPlain(others) else { return nil }
        guard let first = others.first else { return true }
        guard bytes.count >= others.count else { return false }
        return (0...bytes.count - others.count).contains { start in
          bytes[start] == first && others.indices.allSatisfy { bytes[start + $0] == others[$0] }
        }
      } ?? nil
    } ?? nil
  }
}

/// Whether each byte is a character: of ASCII only a return and a line feed together are one.
private func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  bytes.allSatisfy { $0 < 0x80 && $0 != 0x0D }
}

extension RangeReplaceableCollection where Element: Equatable {
  /// With `replacement` in every place of `other`, which is not empty.
  public func replacing<Other: Collection, Replacement: Collection>(
    _ other: Other, with replacement: Replacement, maxReplacements: Int = .max
  ) -> Self where Other.Element == Element, Replacement.Element == Element {
    precondition(!other.isEmpty, "something is replaced")
    var result = Self()
    var rest = self[...]
    var count = 0
    while count < maxReplacements, let range = rest.firstRange(of: other) {
      result.append(contentsOf: rest[..<range.lowerBound])
      result.append(contentsOf: replacement)
      rest = rest[range.upperBound...]
      count += 1
    }
    result.append(contentsOf: rest)
    return result
  }
}
