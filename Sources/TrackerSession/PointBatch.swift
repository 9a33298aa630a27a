import TrackerStore
import TrackerSystem

/// What was logged of a run and is not in the store yet: a list of points for each metric, for the points of one
/// metric one after the other are what the store takes fastest.
struct PointBatch {
  private struct Column {
    let key: String
    let bytes: [UInt8]
    var points: [MetricPoint] = []
  }

  private var columns: [Column] = []
  private var places: [String: Int] = [:]
  /// Where the next key is most likely found: programs log the same keys in the same order.
  private var guess = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// Adds a value of a metric whose key is given as bytes.
  mutating func add(key: UnsafeBufferPointer<UInt8>, _ value: Double, step: Int64, time: Timestamp)
  {
    if guess >= columns.count { guess = 0 }
    var place = guess
    if columns.isEmpty || !columns[place].bytes.elementsEqual(key) {
      place = self.place(of: String(decoding: key, as: UTF8.self))
    }
    append(value, step: step, time: time, at: place)
  }

  /// Adds a value of a metric.
  mutating func add(key: String, _ value: Double, step: Int64, time: Timestamp) {
    append(value, step: step, time: time, at: place(of: key))
  }

  private mutating func append(_ value: Double, step: Int64, time: Timestamp, at place: Int) {
    columns[place].points.append(MetricPoint(step: step, value: value, time: time))
    guess = place + 1
    count += 1
  }

  private mutating func place(of key: String) -> Int {
    if let place = places[key] { return place }
    places[key] = columns.count
    columns.append(Column(key: key, bytes: Array(key.utf8)))
    return columns.count - 1
  }

  /// Hands out the points, metric by metric, and is empty afterwards.
  mutating func take() -> [(key: String, point: MetricPoint)] {
    var points: [(key: String, point: MetricPoint)] = []
    points.reserveCapacity(count)
    for place in columns.indices where !columns[place].points.isEmpty {
      let key = columns[place].key
      for point in columns[place].points { points.append((key, point)) }
      columns[place].points.removeAll(keepingCapacity: true)
    }
    count = 0
    guess = 0
    return points
  }
}
