import TrackerJSON
import TrackerStore
import TrackerSystem
import TrackerViews

extension Session {
  /// Does what a request asks for, and answers it.
  mutating func answer(_ request: SessionRequest) throws {
    switch request.kind {
    case .start: try start(request)
    case .resume: try resume(request)
    case .log: break
    case .params: try addParameters(request)
    case .tags: try setTags(request)
    case .name:
      let run = try run(request)
      try run.store.rename(run: run.id, to: try request.text("text"))
      answer(request, [])
    case .note:
      let run = try run(request)
      try run.store.setNote(try request.text("text"), run: run.id)
      answer(request, [])
    case .artifact: try keepArtifact(request)
    case .check: try check(request)
    case .alert: try alert(request)
    case .finish: try finish(request)
    case .flush: answer(request, [])
    case .query:
      guard let sql = try request.text("sql") else { throw request.error("there is no sql") }
      let result = try store(request).query(sql)
      answer(request, [.init(key: "rows", value: QueryView(result).json)])
    }
  }

  private mutating func start(_ request: SessionRequest) throws {
    let handle = try self.handle(request)
    let store = try store(request)
    let environment = try environment(request)
    let folder = try request.text("directory") ?? surroundings.folder
    let parameters = try request.parameters("parameters")
    var start = RunStart(
      experiment: try request.text("experiment") ?? "default", name: try request.text("name"),
      parameters: parameters, environment: environment, tags: try tags(request),
      note: try request.text("note"), startedAt: try request.time(),
      patch: try request.boolean("patch") == false
        ? .none : CodePatch.current(for: environment, directory: folder))
    if let parent = try request.text("parent") {
      guard !parent.isEmpty else { throw request.error("parent names no run") }
      start.nest(in: parent)
    }
    let opened = try store.openRun(
      start, uuid: try request.text("uuid"), existing: try request.name("existing") ?? .never)
    try begin(request, handle, opened, store)
  }

  private mutating func resume(_ request: SessionRequest) throws {
    let handle = try self.handle(request)
    let store = try store(request)
    let id: Int64
    if let number = try request.integer("id") {
      id = number
    } else if let uuid = try request.text("uuid") {
      id = try store.idOfRun(uuid: uuid)
    } else {
      throw request.error("resume names neither id nor uuid")
    }
    let opened = try store.reopenRun(id: id, environment: try environment(request))
    try begin(request, handle, opened, store)
  }

  private func handle(_ request: SessionRequest) throws(SessionError) -> Int64 {
    guard let handle = try request.integer("run") else {
      throw request.error("the request gives the run no number")
    }
    guard runs[handle].map(\.hasEnded) ?? true else {
      throw request.error("run \(handle) of this session goes on")
    }
    return handle
  }

  private mutating func begin(
    _ request: SessionRequest, _ handle: Int64, _ opened: OpenedRun, _ store: Store
  ) throws {
    let run = try SessionRun(opened, in: store)
    if let since = try request.integer("since") {
      try run.catchUp(since: Timestamp(milliseconds: since))
    }
    if let seconds = try request.number("system"), seconds > 0 {
      run.meter = SystemMeter(
        every: seconds, startedAt: run.writer.run.startedAt, process: surroundings.client.pid,
        path: store.path)
    }
    runs[handle] = run
    try deliver(store, request)
    answer(
      request,
      [
        .init(key: "id", value: .integer(opened.id)),
        .init(key: "uuid", value: .string(opened.uuid)),
        .init(key: "store", value: .string(store.path)),
        .init(key: "nextStep", value: .integer(opened.nextStep)),
        .init(key: "joined", value: .boolean(opened.isJoined)),
      ])
  }

  /// What is known of the program that asks.
  private func environment(_ request: SessionRequest) throws -> RunEnvironment {
    let folder = try request.text("directory") ?? surroundings.folder
    var environment = RunEnvironment.current(program: surroundings.program, directory: folder)
    environment.process = surroundings.client
    if let words = try request.texts("command") {
      environment.command = RunEnvironment.commandLine(words)
    }
    return environment
  }

  private func tags(_ request: SessionRequest) throws(SessionError) -> [String: String] {
    var tags: [String: String] = [:]
    for member in try request.object("tags") ?? [] {
      if case .string(let text) = member.value {
        tags[member.key] = text
      } else {
        tags[member.key] = member.value.compact
      }
    }
    return tags
  }

  private mutating func addParameters(_ request: SessionRequest) throws {
    let run = try run(request)
    let kept = try run.store.addParameters(
      try request.parameters("parameters"), run: run.id,
      replacing: try request.boolean("replace") ?? false)
    answer(
      request,
      kept.isEmpty ? [] : [.init(key: "kept", value: .array(kept.map(JSONValue.string)))])
  }

  private mutating func setTags(_ request: SessionRequest) throws {
    let run = try run(request)
    try run.store.edit(
      runs: [run.id], settingTags: try tags(request),
      removingTags: try request.texts("remove") ?? [])
    answer(request, [])
  }

  private mutating func alert(_ request: SessionRequest) throws {
    let run = try run(request)
    guard let title = try request.text("title"), !title.isEmpty else {
      throw request.error("the alert has no title")
    }
    try run.writer.write(
      .alert(
        Alert(
          title: title, text: try request.text("text") ?? "",
          level: try request.name("level") ?? .warning, step: try request.integer("step"),
          time: try request.time())))
    answer(request, [])
  }

  private mutating func keepArtifact(_ request: SessionRequest) throws {
    let run = try run(request)
    guard let name = try request.text("name"), !name.isEmpty else {
      throw request.error("the artifact has no name")
    }
    let kind = try request.text("kind") ?? "file"
    if let more = try request.text("append") {
      var bytes = run.growing[name] ?? []
      // A program that prints without end is not kept without end.
      if bytes.count < SessionRun.growingLimit { bytes.append(contentsOf: more.utf8) }
      run.growing[name] = bytes
      return answer(request, [])
    }
    let sha256: String
    if let text = try request.text("text") {
      sha256 = try keep(Array(text.utf8), name, kind, request, in: run)
    } else if let digits = try request.text("content") {
      guard let bytes = Base64.bytes(of: Array(digits.utf8)) else {
        throw request.error("content is not Base64")
      }
      sha256 = try keep(bytes, name, kind, request, in: run)
    } else if let path = try request.text("path") {
      let folder = try request.text("directory") ?? surroundings.folder
      let place = absolutePath(path, in: folder)
      do {
        sha256 = try run.store.putArtifact(run: run.id, name: name, kind: kind) {
          let source = FileSource(try FileDescriptor(readingRegularFile: place))
          return { try source.read(into: $0) }
        }
      } catch let error as SystemError {
        throw request.error("\(path) cannot be read: \(error)")
      }
    } else {
      throw request.error("the artifact has neither text, content nor path")
    }
    answer(request, [.init(key: "sha256", value: .string(sha256))])
  }

  /// - Returns: the digits of the content's SHA-256
  private func keep(
    _ bytes: [UInt8], _ name: String, _ kind: String, _ request: SessionRequest, in run: SessionRun
  ) throws -> String {
    try run.writer.write(
      .artifact(name: name, kind: kind, data: bytes, at: try request.time()))
    return Digest.hexadecimal(bytes.withUnsafeBytes(Digest.sha256))
  }

  private mutating func finish(_ request: SessionRequest) throws {
    let run = try run(request)
    let status = try request.name("status", as: RunEnding.self) ?? .finished
    let error = try request.text("error")
    try run.write()
    if run.isJoined {
      if let trouble = run.writer.trouble { throw trouble }
    } else {
      try run.writer.finish(
        error == nil ? status : (status == .finished ? .failed : status), error: error,
        outcome: try request.text("outcome"), at: try request.time())
    }
    run.hasEnded = true
    answer(request, [])
  }
}

/// A file that lends its bytes piece by piece.
private final class FileSource {
  private let file: FileDescriptor

  init(_ file: consuming FileDescriptor) { self.file = file }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    try file.read(into: buffer)
  }
}

extension SessionRun {
  /// A growing artifact takes nothing beyond this.
  static let growingLimit = 10 << 20
}
