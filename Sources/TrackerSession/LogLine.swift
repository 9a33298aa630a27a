import TrackerStore

/// The request that comes a thousand times a second, in the form that our own clients give it:
///
///     {"request":"log","number":7,"run":1,"step":3,"time":1764300000000,"values":{"loss":0.41}}
///
/// Members in this order, without blanks but after commas and colons of `values`, and numbers as values: then it is
/// read without making a value of each part. Anything else is read as the other requests are.
struct LogLine {
  let number: Int64
  let run: Int64
  let step: Int64
  let time: Timestamp
  private var reader: LineReader

  init?(_ line: UnsafeBufferPointer<UInt8>) {
    reader = LineReader(line)
    guard reader.take("{\"request\":\"log\",\"number\":"), let number = reader.wholeNumber(),
      reader.take(",\"run\":"), let run = reader.wholeNumber(),
      reader.take(",\"step\":"), let step = reader.wholeNumber(),
      reader.take(",\"time\":"), let time = reader.wholeNumber(), reader.take(",\"values\":{")
    else { return nil }
    (self.number, self.run, self.step) = (number, run, step)
    self.time = Timestamp(milliseconds: time)
  }

  /// Adds the values to `batch`, all or none.
  ///
  /// - Parameter room: keeps what was read between calls
  /// - Returns: whether they are all plain numbers
  func add(
    to batch: inout PointBatch, room: inout [(key: UnsafeBufferPointer<UInt8>, value: Double)]
  ) -> Bool {
    var reader = reader
    room.removeAll(keepingCapacity: true)
    if !reader.take("}") {
      repeat {
        reader.skipSpace()
        guard let key = reader.plainText(), reader.take(":") else { return false }
        reader.skipSpace()
        guard let value = reader.number() else { return false }
        room.append((key, value))
      } while reader.take(",")
      guard reader.take("}") else { return false }
    }
    guard reader.take("}"), reader.next == UInt8(ascii: "\n") else { return false }
    for (key, value) in room { batch.add(key: key, value, step: step, time: time) }
    return true
  }
}
