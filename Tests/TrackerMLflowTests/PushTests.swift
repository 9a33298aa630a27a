import Foundation
import TestSupport
import Testing
import TrackerJSON
import TrackerStore
import TrackerSystem

@testable import TrackerMLflow

/// Runs that are pushed from one store into another, through MLflow's interface and without sockets.
@Suite("Pushing runs to a server")
struct PushTests {
  let folder: TemporaryFolder
  let store: Store
  let target: Target

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.file("ours.sqlite"))
    target = Target(try TestClient())
  }

  /// A server, what it was asked, and faults to order.
  final class Target {
    let client: TestClient
    var requests: [HTTPRequest] = []
    /// The request of this number fails, before the server hears it or after it did.
    var fault: (number: Int, isHeard: Bool)?

    init(_ client: TestClient) { self.client = client }

    func send(_ request: HTTPRequest) throws -> HTTPResponse {
      requests.append(request)
      var request = request
      // A server hashes a body as it comes.
      if case .received(let content, let file) = request.body {
        var bytes = [UInt8](repeating: 0, count: content.byteCount)
        var offset = 0
        while offset < bytes.count {
          offset += try bytes.withUnsafeMutableBytes {
            try file.descriptor.read(into: .init(rebasing: $0[offset...]), at: offset)
          }
        }
        let content = ReceivedContent(
          sha256: bytes.withUnsafeBytes(Digest.sha256), byteCount: bytes.count)
        request.body = .received(content, file)
      }
      let fails = fault?.number == requests.count
      if fails, fault?.isHeard == false { throw PushError(.noConnection, "the network is gone") }
      let response = client.service.answer(request)
      if fails { throw PushError(.noConnection, "the answer is lost") }
      return response
    }

    var writes: [HTTPRequest] {
      requests.filter { !$0.path.hasSuffix("/search") && $0.method != "GET" }
    }
  }

  private func push(
    isDryRun: Bool = false, sendsArtifacts: Bool = true,
    pause: @escaping (Duration) throws -> Void = { _ in }
  ) throws -> Push {
    try Push(
      store: store,
      server: RemoteServer(isDryRun: isDryRun, send: target.send, pause: pause),
      options: PushOptions(sendsArtifacts: sendsArtifacts, document: { _ in "{}" }))
  }

  /// Sends all runs.
  @discardableResult
  private func pushAll() throws -> PushReport {
    var report = PushReport()
    let push = try push()
    for run in try push.order(store.runs().map(\.id)) { _ = try push.send(run: run, &report) }
    return report
  }

  /// A run with what is hard to send.
  private func hardRun(points: Int = 2500) throws -> RunWriter {
    let run = try store.startRun(
      RunStart(
        experiment: "hard", name: "a \"name\" 🙂",
        parameters: [
          "whole": 1, "real": 0.1, "text": "one", "yes": true, "nan": .real(.nan), "odd@key": "odd",
          "long": .text(String(repeating: "é", count: 7000)),
        ],
        dataset: DatasetRecord(
          name: "digits", sha256: String(repeating: "ab", count: 32), rows: 1, features: 2,
          classes: 3),
        tags: ["team": "a", "odd\nkey": "🙂\n\"", "empty": ""], note: "A note\nof two lines"))
    let values: [Double] = [
      0.1, .nan, .infinity, -.infinity, 12_345 * .leastNonzeroMagnitude, -1e308, 1 / 3,
    ]
    for step in 0..<points {
      try run.log(
        [("train/loss", values[step % values.count])], step: Int64(step / 2),
        time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(step)))
    }
    for step in [5, 5, -3, Int64.max, Int64.min] {
      try run.log([("acc@1", Double(step % 7))], step: step)
    }
    try run.log(
      check: GradientCheckRecord(
        step: 0, moment: "start", epsilon: 1e-4, method: "central", tolerance: 1e-6,
        relativeTolerance: 0, passed: false, seconds: 0.5, cost: 2,
        blocks: [
          GradientCheckRecord.Block(
            name: "theta1", part: "weights", rows: 1, columns: 2, checkedCount: 2, failedCount: 1,
            maxAbsoluteDifference: 0.5, maxRelativeDifference: .infinity, worst: nil)
        ], worst: []),
      vectors: GradientCheckRecord.Vectors(analytic: [1, 2], numerical: [1, 2.5], parameters: nil))
    try run.logArtifact(
      name: "models/a b.bin", kind: "file", data: (0..<3_000_000).map { UInt8($0 & 255) })
    try run.logArtifact(name: "empty", kind: "file", data: [])
    return run
  }

  /// Points without their order within a step, which MLflow does not keep.
  private func points(_ store: Store, _ run: Int64, _ key: String) throws -> Set<[UInt64]> {
    Set(
      try store.points(run: run, metric: key).map {
        [
          UInt64(bitPattern: $0.step), $0.value.bitPattern,
          UInt64(bitPattern: $0.time.milliseconds),
        ]
      })
  }

  private func expectSame() throws {
    let there = target.client.store
    #expect(try there.runs().count == store.runs().count)
    for run in try store.runs() {
      let copy = try #require(try there.runs().first { $0.tags["tracker.uuid"] == run.uuid })
      #expect(copy.experiment == run.experiment)
      #expect(copy.name == run.name ?? "run \(run.id)")
      #expect(
        copy.note == run.note && copy.startedAt == run.startedAt && copy.endedAt == run.endedAt)
      #expect(copy.status == (run.status == .crashed ? .failed : run.status))
      for (key, value) in run.parameters where key != "long" {
        let same = copy.parameters[MLflowName.name(for: key)]
        #expect(same?.description == value.description, "\(key)")
      }
      for (key, value) in run.tags { #expect(copy.tags[MLflowName.name(for: key)] == value) }
      for key in run.metrics.keys {
        #expect(
          try points(store, run.id, key) == points(there, copy.id, MLflowName.name(for: key)),
          "\(key)")
      }
      for artifact in try store.artifacts(run: run.id) {
        let same = try there.artifacts(run: copy.id).first { $0.name == artifact.name }
        #expect(same?.sha256 == artifact.sha256, "\(artifact.name)")
      }
      #expect(
        copy.metrics["gradientCheck/failedCount"]?.last
          == run.gradientChecks.last.map { Double($0.failedCount) })
    }
  }

  @Test("all of a run arrives, and what MLflow does not take is said")
  func everything() throws {
    try hardRun().finish(.failed, error: "it broke")
    try store.startRun(RunStart()).finish()
    let report = try pushAll()
    try expectSame()
    let copy = try #require(try target.client.store.runs().first { $0.experiment == "hard" })
    #expect(copy.tags["tracker.error"] == "it broke")
    #expect(copy.parameters["long"] == .text(String(repeating: "é", count: 6000)))
    #expect(copy.parameters[MLflowName.name(for: "odd@key")] == "odd")
    #expect(try target.client.store.clientRun(copy.uuid).inputs.map(\.name) == ["digits"])
    #expect(report.runCount == 2 && report.pointCount == 2500 + 5 + 7)
    #expect(report.omissions.counts.map(\.count).sorted() == [1, 1, 3])
  }

  @Test("a second push writes nothing, from wherever it comes")
  func again() throws {
    try hardRun().finish()
    try pushAll()
    target.requests = []
    #expect(try pushAll().isEmpty)
    #expect(target.writes.isEmpty)
  }

  @Test("no request is larger than MLflow takes")
  func limits() throws {
    let run = try hardRun(points: 4000)
    try run.finish()
    for number in 0..<250 {
      try store.edit(
        runs: [run.id],
        settingTags: ["tag \(number)": String(repeating: "\u{1}", count: 9000)])
    }
    try pushAll()
    for request in target.requests where request.path.hasSuffix("log-batch") {
      guard case .bytes(let bytes) = request.body else { continue }
      let message = try JSONValue(parsing: bytes)
      let counts = ["metrics", "params", "tags"].map { message[$0]?.items.count ?? 0 }
      #expect(counts[0] <= 1000 && counts[1] <= 100 && counts[2] <= 100)
      #expect(counts.reduce(0, +) <= 1000 && bytes.count <= 1_000_000)
    }
    try #expect(target.client.store.runs()[0].tags["tag 249"]?.count == 8000)
  }

  @Test(
    "whatever breaks off a push, the next one ends it, and nothing is there twice",
    arguments: [true, false])
  func faults(isHeard: Bool) throws {
    try hardRun().finish()
    try store.startRun(RunStart(name: "second")).finish()
    var number = 1
    while true {
      let target = Target(try TestClient())
      target.fault = (number, isHeard)
      let broken = PushTests(folder: folder, store: store, target: target)
      do {
        try broken.pushAll()
        break
      } catch is PushError {}
      target.fault = nil
      try broken.pushAll()
      try broken.expectSame()
      target.requests = []
      #expect(try broken.pushAll().isEmpty, "after a fault of request \(number)")
      number += 1
    }
    #expect(number > 12)
  }

  private init(folder: TemporaryFolder, store: Store, target: Target) {
    (self.folder, self.store, self.target) = (folder, store, target)
  }

  @Test(
    "points that share their steps survive an answer that is lost",
    arguments: [1, 998, 999, 1998, 3001])
  func oneStep(count: Int) throws {
    let run = try store.startRun(RunStart())
    for value in 0..<count {
      try run.log(
        [("value", Double(value))], step: 0, time: Timestamp(milliseconds: 1_700_000_000_000))
    }
    try run.finish()
    for number in 1...12 {
      let target = Target(try TestClient())
      target.fault = (number, true)
      let broken = PushTests(folder: folder, store: store, target: target)
      do { try broken.pushAll() } catch is PushError {}
      target.fault = nil
      try broken.pushAll()
      #expect(try target.client.store.runs()[0].metrics["value"]?.count == count)
    }
  }

  @Test("a run that goes on is followed: new points, late ones, tags, files and its end")
  func following() throws {
    let run = try hardRun()
    let push = try push()
    var report = PushReport()
    func send() throws -> Int {
      report = PushReport()
      _ = try push.send(run: run.id, &report)
      return report.changeCount
    }
    _ = try send()
    try expectSame()
    #expect(try send() == 0)
    try run.log([("train/loss", 7)], step: 100_000)
    #expect(try send() == 1)
    // A value of a step that has one, which comes after it, and one of an earlier step.
    try run.log([("train/loss", 8)], step: 100_000)
    #expect(try send() == 1)
    try run.log([("train/loss", 9)], step: 10)
    #expect(try send() == 2503)
    try run.logArtifact(name: "models/a b.bin", kind: "file", data: [1, 2, 3])
    try store.edit(runs: [run.id], settingTags: ["team": "b"])
    #expect(try send() == 2)
    #expect(report.byteCount == 3)
    target.requests = []
    #expect(try send() == 0)
    #expect(target.requests.isEmpty)
    try run.finish()
    #expect(try send() > 0)
    try expectSame()
  }

  @Test("nested runs are nested there, whatever order they have here")
  func nested() throws {
    let child = try store.startRun(RunStart(name: "child"))
    let parent = try store.startRun(RunStart(name: "parent"))
    try child.finish()
    try parent.finish()
    let id = try store.run(id: parent.id).uuid.filter { $0 != "-" }
    try store.edit(runs: [child.id], settingTags: ["mlflow.parentRunId": id])
    var report = PushReport()
    let push = try push()
    #expect(try push.order([child.id, parent.id]) == [parent.id, child.id])
    for run in try push.order([child.id, parent.id]) { _ = try push.send(run: run, &report) }
    let there = try target.client.store.runs()
    let above = try #require(there.first { $0.name == "parent" }?.uuid.filter { $0 != "-" })
    #expect(there.first { $0.name == "child" }?.tags["mlflow.parentRunId"] == above)
  }

  @Test("two pushes that make a run at once leave one of it")
  func twice() throws {
    try hardRun(points: 3).finish()
    let first = try push()
    let second = try push()
    var isSecond = true
    // The second makes it between the first's look and its own.
    let server = RemoteServer(
      send: { request in
        if request.path.hasSuffix("runs/create"), isSecond {
          isSecond = false
          var report = PushReport()
          _ = try second.send(run: 1, &report)
        }
        return try target.send(request)
      }, pause: { _ in })
    let slow = try Push(store: store, server: server, options: PushOptions(document: { _ in "{}" }))
    var report = PushReport()
    _ = try slow.send(run: 1, &report)
    _ = try first.send(run: 1, &report)
    try expectSame()
  }

  @Test("a run that was deleted there is not made again, and says so")
  func deleted() throws {
    try hardRun(points: 3).finish()
    try pushAll()
    try target.client.store.archive(runs: [1])
    #expect(throws: PushError.self) { try pushAll() }
    #expect(try target.client.store.runs(RunQuery(includesArchived: true)).count == 1)
    try target.client.store.restore(runs: [1])
    #expect(try pushAll().isEmpty)
  }

  @Test("a dry run counts what would be sent, and sends nothing")
  func dryRun() throws {
    try hardRun().finish()
    var report = PushReport()
    let push = try push(isDryRun: true)
    #expect(try push.send(run: 1, &report).isNew)
    #expect(target.writes.isEmpty)
    #expect(report.pointCount == 2512 && report.parameterCount == 7 && report.fileCount == 3)
  }

  @Test("a large file is read also where nothing can be written beside the store")
  func noPlace() throws {
    try hardRun(points: 1).finish()
    let places = ArtifactPlaces(store: store, root: nil)
    // The folder is another's from here on. (Permissions would not keep the superuser from writing there.)
    let away = folder.path + "-away"
    try FileManager.default.moveItem(atPath: folder.path, toPath: away)
    defer { try? FileManager.default.moveItem(atPath: away, toPath: folder.path) }
    guard case .file(let content) = try places.content(.store(.run(1)), "models/a b.bin") else {
      Issue.record("it was read into memory")
      return
    }
    #expect(content.byteCount == 3_000_000)
    var end = [UInt8](repeating: 0, count: 2)
    let count = try end.withUnsafeMutableBytes {
      try content.descriptor.read(into: $0, at: 2_999_998)
    }
    #expect(count == 2 && end == [UInt8(2_999_998 & 255), UInt8(2_999_999 & 255)])
  }

  @Test("a server that is busy is asked again, and one that refuses is not")
  func retries() throws {
    try store.startRun(RunStart()).finish()
    var (count, pauses) = (0, 0)
    let server = RemoteServer(
      send: { request in
        count += 1
        return count % 3 == 0 ? HTTPResponse(status: 503) : try target.send(request)
      }, pause: { _ in pauses += 1 })
    let push = try Push(store: store, server: server, options: PushOptions(document: { _ in "{}" }))
    var report = PushReport()
    _ = try push.send(run: 1, &report)
    #expect(pauses > 1)
    try expectSame()
    // One that was never there is not waited for.
    var asked = 0
    pauses = 0
    let nobody = RemoteServer(
      send: { _ in
        asked += 1
        throw PushError(.unreachable, "nobody is there")
      }, pause: { _ in pauses += 1 })
    #expect(throws: PushError.self) {
      try Push(store: store, server: nobody, options: PushOptions(document: { _ in "{}" }))
    }
    #expect(asked == 1 && pauses == 0)
    for status in [401, 400, 404, 302] {
      count = 0
      let refusing = RemoteServer(
        send: { _ in
          count += 1
          return HTTPResponse(status: status, type: "text/html", "<html>")
        }, pause: { _ in })
      #expect(throws: PushError.self) {
        try Push(store: store, server: refusing, options: PushOptions(document: { _ in "{}" }))
      }
      #expect(count == 1)
    }
  }

  @Test("a key that MLflow does not take has one that it does, the same each time, and its own")
  func names() throws {
    for key in ["loss", "train/loss", "a b-c.d_e:f", "größe", "精度"] {
      #expect(MLflowName.name(for: key) == key)
    }
    let keys = [
      "a@b", "a_b@", "a/../b", "/a", "a//b", "a/", "..", ".", "", "%", "\n", "a\u{0}",
      String(repeating: "x", count: 300), String(repeating: "é", count: 251),
    ]
    let names = keys.map { MLflowName.name(for: $0) }
    #expect(Set(names).count == keys.count)
    for name in names {
      #expect(throws: Never.self) { try Limits.checkKey(name, "key") }
      #expect(MLflowName.name(for: name) == name)
    }
  }
}
