import Synchronization
import TrackerJSON
package import TrackerStore

/// What changed in the store, told to those who look at it.
///
/// Nothing is read here unless somebody asks. What is told are the numbers of runs, which are cheap to read again one by one,
/// and that the sections of the page are to be read again, which costs more the more runs there are: so that is
/// told less often, the more work the last page was.
package final class ChangeFeed: Sendable {
  /// The share of its time that a processor may spend on making pages anew, and as much on looking for changes. To send a page
  /// takes about as long again as to make it.
  static let share = 1.0 / 120

  /// How far a listener has been told: up to which change of the store of its runs, and of the sections.
  struct Position: Hashable, Sendable {
    fileprivate var runs: Int64
    fileprivate var sections: Int64
  }

  private struct State {
    /// The store's last change that was seen.
    var number: Int64?
    var marks: [Int64: RunMark] = [:]
    /// The last change of each run, also of those that are gone.
    var changes: [Int64: Int64] = [:]
    /// The last change of any run.
    var lastChange: Int64 = 0
    /// The change up to which listeners were told to read the sections again, and when they may next be.
    var published: Int64 = 0
    var nextPublication = ContinuousClock.now
    var nextSearch = ContinuousClock.now
  }

  private let store: Store
  private let runLimit: Int
  /// Tells this feed from that of a server before it on the same port.
  private let name: String
  private let state = Mutex(State())

  /// - Parameter runLimit: the newest runs, so many, are those that are looked at
  package init(store: Store, runLimit: Int) {
    self.store = store
    self.runLimit = runLimit
    name = String(UInt64.random(in: 0...UInt64.max), radix: 36)
  }

  /// Looks at the store.
  ///
  /// - Returns: where a listener stands who reads runs and sections only now
  /// - Throws: ``StoreError``
  @discardableResult
  func look() throws -> Position {
    try state.withLock { state in
      let now = ContinuousClock.now
      // A crash leaves no trace in the store.
      if now >= state.nextSearch {
        state.nextSearch = now + .seconds(1)
        try store.markCrashedRuns()
      }
      let number = try store.changeNumber()
      if number != state.number {
        let marks = try store.runMarks(newest: runLimit)
        let old = state.marks
        var changed = marks.filter { old[$0.key] != $0.value }.map(\.key)
        changed += old.keys.filter { marks[$0] == nil }
        for id in changed { state.changes[id] = number }
        if !changed.isEmpty || state.number == nil { state.lastChange = number }
        state.marks = marks
        state.number = number
      }
      if state.lastChange > state.published, now >= state.nextPublication {
        state.published = state.lastChange
      }
      return Position(runs: number, sections: state.lastChange)
    }
  }

  /// The page was made anew, which took a processor so long.
  func made(in duration: Duration) {
    state.withLock { state in
      state.nextPublication = .now + max(.milliseconds(250), duration / Self.share)
    }
  }

  /// Somebody changed something by hand, and wants to see it.
  func hurry() { state.withLock { $0.nextPublication = .now } }

  /// Whether a page that was made at this position is as new as listeners were told.
  func isPublished(_ position: Position) -> Bool {
    state.withLock { position.sections >= $0.published }
  }

  /// What has come since a position, as far as it was looked for; `nil` for nothing.
  ///
  /// - Parameter position: `nil` for a listener that has seen nothing, or another server's page
  func news(since position: Position?) -> (event: ChangeEvent, position: Position)? {
    state.withLock { state in
      let now = Position(runs: state.number ?? 0, sections: state.published)
      guard let position, position.runs <= now.runs else {
        return (ChangeEvent(id: id(of: now), runs: [], sections: true), now)
      }
      let runs = state.changes.filter { $0.value > position.runs }.map(\.key).sorted()
      let sections = now.sections > position.sections
      guard !runs.isEmpty || sections else { return nil }
      let next = Position(runs: now.runs, sections: max(now.sections, position.sections))
      return (ChangeEvent(id: id(of: next), runs: runs, sections: sections), next)
    }
  }

  /// A position as clients keep it.
  func id(of position: Position) -> String {
    "\(name).\(position.runs).\(position.sections)"
  }

  /// The position that a client kept; `nil` if it is none of this feed.
  func position(id: String?) -> Position? {
    guard let parts = id?.split(separator: "."), parts.count == 3, parts[0] == name,
      let runs = Int64(parts[1]), let sections = Int64(parts[2])
    else { return nil }
    return Position(runs: runs, sections: sections)
  }
}

/// What a listener is told.
struct ChangeEvent: Sendable {
  let id: String
  /// The runs that changed, or came, or went.
  let runs: [Int64]
  /// Whether the sections of the page are to be read again.
  let sections: Bool

  /// As an event of the type `text/event-stream`.
  var text: String {
    let data = JSONValue.object([
      "runs": .array(runs.map { JSONValue.integer($0) }), "sections": .boolean(sections),
    ])
    return "id: \(id)\nevent: change\ndata: \(data.compact)\n\n"
  }
}
