import TrackerStore
import TrackerValues

/// A run that a session writes.
final class SessionRun {
  let id: Int64
  let store: Store
  let writer: ResilientWriter
  private let heard: Heard
  /// Whether another process ends it.
  let isJoined: Bool
  /// The step of a line that gives none.
  var nextStep: Int64
  /// What was logged and is not in the store yet.
  var batch = PointBatch()
  /// Points that the store has and that may be told again, for the session before this one was killed before it said
  /// that it had recorded them: each as often as it is there.
  private var told: [ToldPoint: Int] = [:]
  private var caughtUpAt = Timestamp(milliseconds: .min)
  /// Artifacts that grow, such as the console's output; they are kept when the run ends.
  var growing: [String: [UInt8]] = [:]
  /// Whether all that was logged is in the store.
  var isWritten: Bool { batch.isEmpty && writer.trouble == nil }
  /// Whether it has been ended by this session.
  var hasEnded = false
  /// What the system is measured with, if it is.
  var meter: SystemMeter?

  init(_ opened: OpenedRun, in store: Store) throws {
    id = opened.id
    isJoined = opened.isJoined
    nextStep = opened.nextStep
    self.store = store
    let heard = Heard()
    self.heard = heard
    writer = ResilientWriter(try store.runWriter(id: opened.id)) { heard.notices.append($0) }
    writer.run.latecomers = opened.isJoined ? .all : .loggedBefore
  }

  private final class Heard { var notices: [ResilientWriter.Notice] = [] }

  /// What is to be told of the store since it was last asked for.
  func takeNotices() -> [ResilientWriter.Notice] {
    defer { heard.notices = [] }
    return heard.notices
  }

  /// Whether points may be told again.
  var isCatchingUp: Bool { !told.isEmpty }

  private struct ToldPoint: Hashable {
    var key: String
    var step: Int64
    var bits: UInt64
    var time: Timestamp

    init(_ key: String, _ point: MetricPoint) {
      self.key = key
      step = point.step
      // A stored NaN is any NaN.
      bits = point.value.isNaN ? Double.nan.bitPattern : point.value.bitPattern
      time = point.time
    }
  }

  /// From now on, until a point that was logged later, passes over points that the store has already, of those logged at `time` or later.
  func catchUp(since time: Timestamp) throws {
    caughtUpAt = .now()
    for key in try store.run(id: id).metrics.keys {
      for point in try store.points(run: id, metric: key) where point.time >= time {
        told[ToldPoint(key, point), default: 0] += 1
      }
    }
  }

  /// Adds a point to what is to be written, unless the store has it.
  func add(_ key: String, _ point: MetricPoint) {
    if point.time > caughtUpAt { told = [:] }
    if !told.isEmpty, let count = told[ToldPoint(key, point)] {
      told[ToldPoint(key, point)] = count > 1 ? count - 1 : nil
      return
    }
    batch.add(key: key, point.value, step: point.step, time: point.time)
  }

  /// Puts what was logged into the store, or keeps it, to be tried again in a while.
  ///
  /// - Throws: ``StoreError`` when the run was ended or deleted by somebody else
  func writePoints() throws {
    if batch.isEmpty { try writer.retry() } else { try writer.write(.points(batch.take())) }
  }

  /// Puts everything that waits into the store, or keeps it.
  ///
  /// - Throws: as ``writePoints()``
  func write() throws {
    try writePoints()
    for (name, bytes) in growing.sorted(by: { $0.key < $1.key }) {
      try writer.write(.artifact(name: name, kind: "text", data: bytes, at: .now()))
    }
    growing = [:]
  }
}
