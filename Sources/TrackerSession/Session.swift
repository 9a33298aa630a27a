import TrackerJSON
package import TrackerStore
import TrackerValues

/// The runs of one program, written by what it asks for line by line (see Documentation/session.md).
///
/// Lines of `log` are gathered and go into the store together, at the end of what came at once or before any other
/// request. Answers are in the order of the requests.
package struct Session {
  /// What a session is not told by its requests.
  package struct Surroundings {
    /// Name and version of the program that records.
    package var program: String
    /// Opens the store of a path, or the one that is meant in a folder.
    package var open: (_ path: String?, _ folder: String) throws -> Store
    /// What brings the runs of a store to a server, where it is a queue for one; the token that the server wants.
    package var deliver: (_ store: Store, _ token: String?) -> (any Delivery)?
    /// The folder that paths start from.
    package var folder: String
    /// The process that asks: its runs are crashed when it is gone without having ended them.
    package var client: ProcessIdentity

    package init(
      program: String, folder: String, client: ProcessIdentity,
      open: @escaping (_ path: String?, _ folder: String) throws -> Store,
      deliver: @escaping (_ store: Store, _ token: String?) -> (any Delivery)? = { _, _ in nil }
    ) {
      self.program = program
      self.folder = folder
      self.client = client
      self.open = open
      self.deliver = deliver
    }
  }

  let surroundings: Surroundings
  var runs: [Int64: SessionRun] = [:]
  var answers: SessionAnswers
  private var stores: [String: Store] = [:]
  /// By the store's path.
  private var deliveries: [String: any Delivery] = [:]
  /// The number of the last request: what comes again, for its first writing was cut off, is taken once.
  private var lastNumber: Int64 = 0
  /// The newest request that was read and has no answer yet.
  private var unanswered: Int64?
  /// Kept between lines, so that none makes it anew.
  private var room: [(key: UnsafeBufferPointer<UInt8>, value: Double)] = []

  init(_ surroundings: Surroundings, answers: SessionAnswers) {
    self.surroundings = surroundings
    self.answers = answers
  }

  /// Takes a line with its newline.
  ///
  /// - Returns: whether whoever asked waits for the answer
  mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    if let line = LogLine(line), let run = runs[line.run], !run.isCatchingUp {
      guard line.number > lastNumber else { return false }
      if line.add(to: &run.batch, room: &room) {
        lastNumber = line.number
        unanswered = line.number
        return false
      }
    }
    if line.allSatisfy({ $0 <= 0x20 }) { return false }
    var number: Int64?
    do {
      let request = try SessionRequest(line)
      if request.number > 0 {
        guard request.number > lastNumber else { return false }
        lastNumber = request.number
      }
      number = request.number
      if request.kind == .log {
        try log(request)
        unanswered = request.number
        return false
      }
      write()
      try answer(request)
    } catch {
      write()
      refuse(error, number: number ?? (error as? SessionError)?.number)
    }
    return true
  }

  /// Puts what was gathered into the store.
  mutating func write() {
    for (handle, run) in runs.sorted(by: { $0.key < $1.key }) {
      do { try run.writePoints() } catch { warn(error, run: handle) }
      tellNotices(of: run, handle)
    }
    // What waits is not acknowledged: whoever asked keeps it too.
    guard isWritten else { return }
    if let number = unanswered { answers.acknowledge(number) }
    unanswered = nil
  }

  /// Whether all that was logged is in the store.
  private var isWritten: Bool { runs.values.allSatisfy(\.isWritten) }

  /// The store that a request means.
  mutating func store(_ request: SessionRequest) throws -> Store {
    let folder = try request.text("directory") ?? surroundings.folder
    let path = try request.text("store")
    let key = "\(path ?? "")\u{0}\(folder)"
    if let store = stores[key] { return store }
    let store = try surroundings.open(path, folder)
    // Two folders may mean one file.
    let known = stores.values.first { $0.path == store.path } ?? store
    stores[key] = known
    return known
  }

  /// Has the runs of a store brought to the server that it is a queue for, if it is one.
  mutating func deliver(_ store: Store, _ request: SessionRequest) throws {
    guard
      let delivery = try deliveries[store.path]
        ?? surroundings.deliver(store, try request.text("token"))
    else { return }
    deliveries[store.path] = delivery
    delivery.begin()
  }

  /// Brings what is left to the servers.
  func endDeliveries() { for delivery in deliveries.values { delivery.end() } }

  /// The run that a request is about.
  func run(_ request: SessionRequest) throws(SessionError) -> SessionRun {
    guard let handle = try request.integer("run") else {
      throw request.error("the request names no run")
    }
    guard let run = runs[handle] else {
      throw request.error("there is no run \(handle) in this session")
    }
    return run
  }

  private func log(_ request: SessionRequest) throws {
    let run = try run(request)
    let step = try request.integer("step") ?? run.nextStep
    let time = try request.time()
    func add(_ members: [JSONValue.Member], _ prefix: String) throws(SessionError) {
      for member in members {
        if case .object(let inner) = member.value {
          try add(inner, prefix + member.key + "/")
        } else if let value = member.value.asNumber {
          run.add(prefix + member.key, MetricPoint(step: step, value: value, time: time))
        } else if member.value != .null {
          throw request.error("\(prefix + member.key) is not a number, so it is not a metric")
        }
      }
    }
    run.nextStep = step == .max ? .max : step + 1
    try add(try request.object("values") ?? [], "")
  }

  /// Answers the request of this number.
  mutating func answer(_ request: SessionRequest, _ members: [JSONValue.Member] = []) {
    answers.put(
      .object([.init(key: "number", value: .integer(request.number))] + members + alone))
  }

  /// Marks an answer that says nothing of the requests before it, for some of them wait for the store.
  private var alone: [JSONValue.Member] {
    isWritten ? [] : [.init(key: "alone", value: .boolean(true))]
  }

  mutating func refuse(_ error: any Error, number: Int64?) {
    var members = Self.members(of: error)
    if let number {
      members = [.init(key: "number", value: .integer(number))] + members + alone
    }
    answers.put(.object(members))
  }

  /// Says what went wrong with requests that are answered together.
  mutating func warn(_ error: any Error, run handle: Int64) {
    answers.put(
      .object([.init(key: "run", value: .integer(handle))] + Self.members(of: error)))
  }

  /// Says that the store of a run stopped taking records, or takes them again.
  mutating func tellNotices(of run: SessionRun, _ handle: Int64) {
    for notice in run.takeNotices() {
      var members: [JSONValue.Member] = [.init(key: "run", value: .integer(handle))]
      switch notice {
      case .interrupted(let error, let rescue):
        members += [
          .init(key: "error", value: .string(notice.text)),
          .init(key: "advice", value: .string(error.advice)),
          .init(key: "reason", value: .string("\(error.reason)")),
          .init(key: "files", value: .array((rescue.map { [$0] } ?? []).map(JSONValue.string))),
        ]
      case .resumed: members.append(.init(key: "note", value: .string(notice.text)))
      }
      answers.put(.object(members))
    }
  }

  private static func members(of error: any Error) -> [JSONValue.Member] {
    let explained = error as? any ExplainedError
    var members: [JSONValue.Member] = [
      .init(key: "error", value: .string(explained?.description ?? "\(error)")),
      .init(key: "advice", value: .string(explained?.advice)),
    ]
    let missing = error as? UnrecordedError
    if let cause = error as? StoreError ?? missing?.cause {
      members.append(.init(key: "reason", value: .string("\(cause.reason)")))
    }
    if let missing {
      members.append(.init(key: "files", value: .array(missing.files.map(JSONValue.string))))
    }
    return members
  }
}
