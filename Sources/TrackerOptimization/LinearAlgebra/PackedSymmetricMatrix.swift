/// A symmetric matrix of n × n, its lower triangle stored row after row: 4 n (n + 1) bytes.
///
/// Work is dealt out in four fixed shares of rows with equally many elements, and their results are
/// summed in that order: the number of processors changes no bit.
struct PackedSymmetricMatrix: Sendable {
  private(set) var count: Int
  private var elements: [Double]
  /// Where the four shares of rows begin, and where the last one ends.
  private var boundaries: [Int]

  private static let shareCount = 4
  /// Below this many rows, threads cost more than they bring.
  private static let parallelFrom = 768

  /// The identity of n × n.
  init(identityOf count: Int) {
    self.count = count
    elements = [Double](repeating: 0, count: count * (count + 1) / 2)
    for row in 0..<count { elements[row * (row + 3) / 2] = 1 }
    boundaries = Self.boundaries(count)
  }

  private static func boundaries(_ count: Int) -> [Int] {
    (0...shareCount).map { share in
      Int((Double(count) * (Double(share) / Double(shareCount)).squareRoot()).rounded())
    }
  }

  /// Calls `body` with the rows of each share.
  private static func forEachShare(
    _ boundaries: [Int], _ body: @Sendable (_ share: Int, _ rows: Range<Int>) -> Void
  ) {
    @Sendable func call(_ share: Int) { body(share, boundaries[share]..<boundaries[share + 1]) }
    let threads = boundaries[shareCount] < parallelFrom ? 1 : min(MathThreads.count, shareCount)
    inParallel(threads) { thread in
      for share in stride(from: thread, to: shareCount, by: threads) { call(share) }
    }
  }

  /// out ← A x. `out` has n elements.
  func multiply(_ x: [Double], into out: inout [Double]) {
    precondition(x.count == count && out.count == count)
    // A share's rows act on all columns before them, too: each share has its own sum.
    var sums = [Double](repeating: 0, count: Self.shareCount * count)
    withPointers(elements, x, &sums) { pointers in
      Self.forEachShare(boundaries) { share, rows in
        let (elements, x, sums) = pointers.values
        let sum = sums + share * count
        for row in rows {
          let rowElements = elements + row * (row + 1) / 2
          sum[row] += Kernel.dot(rowElements, x, row + 1)
          Kernel.axpy(x[row], rowElements, sum, row)
        }
      }
    }
    for index in 0..<count {
      out[index] = (0..<Self.shareCount).reduce(0) { $0 + sums[$1 * count + index] }
    }
  }

  /// A ← A + u vᵀ + v uᵀ.
  mutating func update(_ u: [Double], _ v: [Double]) {
    precondition(u.count == count && v.count == count)
    withPointers(u, v, &elements) { [boundaries] pointers in
      Self.forEachShare(boundaries) { _, rows in
        let (u, v, elements) = pointers.values
        for row in rows {
          Kernel.addTwo(v[row], u, u[row], v, to: elements + row * (row + 1) / 2, row + 1)
        }
      }
    }
  }

  mutating func visit(_ archive: inout StateArchive, count: Int) throws {
    try archive.visit(&elements, count: count * (count + 1) / 2)
    self.count = count
    boundaries = Self.boundaries(count)
  }
}

/// Pointers to two vectors that are read and one that is written, to be handed to threads, which keep
/// to their own elements of the last.
private struct Pointers: @unchecked Sendable {
  let values: (UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>)
}

private func withPointers(
  _ first: [Double], _ second: [Double], _ written: inout [Double], _ body: (Pointers) -> Void
) {
  first.withUnsafeBufferPointer { first in
    second.withUnsafeBufferPointer { second in
      written.withUnsafeMutableBufferPointer { written in
        guard let first = first.baseAddress, let second = second.baseAddress,
          let written = written.baseAddress
        else { return }
        body(Pointers(values: (first, second, written)))
      }
    }
  }
}
