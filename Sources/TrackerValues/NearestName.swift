/// The name that was most likely meant: the one with the fewest characters wrong, of which one in three may be, whatever
/// the case; `nil` where none is near.
package func nearest(_ written: String, to names: some Sequence<String>) -> String? {
  let limit = max(1, written.count / 3)
  return names.lazy.map { (distance(written.lowercased(), $0.lowercased()), $0.count, $0) }
    .filter { $0.0 <= limit && $0.0 < written.count }
    .min { $0 < $1 }?.2
}

/// The least number of characters to insert, delete, replace or swap with their neighbour (F. J. Damerau, 1964, no
/// character being touched twice).
private func distance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var row = [i + 1]
    for (j, y) in b.enumerated() {
      var least = min(row[j] + 1, last[j + 1] + 1, last[j] + (x == y ? 0 : 1))
      if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { least = min(least, beforeLast[j - 1] + 1) }
      row.append(least)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
