import Foundation
import TestSupport
import Testing
import TrackerViews
import TrackerWatch
import TrackerStore

@testable import TrackerCLI
import TrackerSystem

/// The parts of the live view that know keys and stores.
@Suite("Keys and news for watch")
struct WatchPartsTests {
  @Test("keys are read from the bytes of usual terminals, whole or byte by byte")
  func keys() {
    let cases: [(String, [WatchKey])] = [
      ("\u{1B}[A\u{1B}OB", [.up, .down]), ("\u{1B}[1;5C\u{1B}[D", [.right, .left]),
      ("\u{1B}[5~\u{1B}[6~\u{1B}[H\u{1B}[4~", [.pageUp, .pageDown, .home, .end]),
      (
        "q/é数🧪",
        [.character("q"), .character("/"), .character("é"), .character("数"), .character("🧪")]
      ),
      ("\r\t\u{7F}\u{0C}", [.enter, .tab, .backspace, .control("l")]),
      ("\u{1B}[200~\u{1B}[99Xj", [.character("j")]), ("\u{1B}j", [.escape, .character("j")]),
    ]
    for (text, keys) in cases {
      var decoder = KeyDecoder()
      #expect(decoder.keys(of: Array(text.utf8)) == keys && !decoder.isWaiting)
      var slow = KeyDecoder()
      #expect(text.utf8.flatMap { slow.keys(of: [$0]) } == keys)
    }
  }

  @Test("an escape that nothing follows is the Escape key, and bytes that mean nothing do no harm")
  func strangeBytes() {
    var decoder = KeyDecoder()
    #expect(decoder.keys(of: [0x1B]).isEmpty && decoder.isWaiting)
    #expect(decoder.flush() == [.escape] && !decoder.isWaiting)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 1...80)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      _ = decoder.keys(of: bytes)
      _ = decoder.flush()
    }
    #expect(decoder.keys(of: [UInt8(ascii: "q")]) == [.character("q")])
    #expect(decoder.keys(of: [0xFF, 0xC3, 0x28]).last == .character("("))
  }

  @Test(
    "a store is waited for, followed, missed when it goes, and found again when another takes its place"
  )
  func feed() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("tracker.sqlite")
    let feed = StoreFeed(path: path)
    #expect(feed.hasNews() && !feed.hasNews())
    #expect(feed.read(WatchRequest()).trouble?.contains("there is no store yet") == true)
    func makeStore(_ name: String) throws {
      let run = try Store(path: path).startRun(RunStart(name: name, environment: .current()))
      for step in 0..<10 { try run.log([("cost", Double(step))], step: Int64(step)) }
      try run.finish()
    }
    try makeStore("first")
    #expect(feed.hasNews() && !feed.hasNews())
    var request = WatchRequest()
    request.rows = [1]
    var data = feed.read(request)
    #expect(data.trouble == nil && data.entries.map(\.id) == [1])
    #expect(data.runs[1]?.name == "first" && data.curves[1]?.count == 10)
    // A point more, and one that was logged before the last.
    let store = try Store(path: path, access: .existing)
    let run = try store.startRun(RunStart())
    try run.log([("cost", 5)], step: 5)
    request.rows = [2]
    #expect(feed.hasNews())
    #expect(feed.read(request).curves[2]?.map(\.step) == [5])
    try run.log([("cost", 7)], step: 7)
    try run.log([("cost", 5.5)], step: 5)
    #expect(feed.hasNews())
    #expect(feed.read(request).curves[2]?.map(\.value) == [5, 5.5, 7])
    try run.finish()

    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
    #expect(feed.hasNews())
    #expect(feed.read(request).entries.isEmpty)
    try makeStore("second")
    #expect(feed.hasNews())
    request.rows = [1]
    data = feed.read(request)
    #expect(data.runs[1]?.name == "second" && data.entries.count == 1)
    request.condition = "nonsense > 1"
    #expect(feed.read(request).mistake?.contains("nonsense") == true)
    feed.close()
    // The second run goes on: its sign of life stays.
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(left).subtracting(["tracker.sqlite-life"]) == ["tracker.sqlite"])
  }

  @Test("a store that is watched is not written, and its writers wait for nobody")
  func writesNothing() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("tracker.sqlite")
    let store = try Store(path: path)
    let run = try store.startRun(RunStart(environment: .current()))
    let feed = StoreFeed(path: path)
    _ = feed.hasNews()
    let before = try store.changeNumber()
    var request = WatchRequest()
    (request.rows, request.run) = ([1], 1)
    for _ in 0..<20 {
      _ = feed.hasNews()
      _ = feed.read(request)
    }
    #expect(try store.changeNumber() == before)
    try run.finish()
  }
}

/// The real program on a terminal of its own.
@Suite("tracker watch", .serialized)
struct WatchTests {
  private static let leaving = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  private func isSame(_ a: termios, _ b: termios) -> Bool {
    a.c_lflag == b.c_lflag && a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag
      && a.c_cflag == b.c_cflag
  }

  @Test("types, resizes and quits, and leaves the terminal as it was")
  func session() throws {
    let bench = try Workbench()
    try SampleStore.make(at: bench.store)
    let session = try TerminalSession(bench, ["watch"])
    let before = session.settings
    session.expect("\u{1B}[?1049h")
    session.expect("3 runs")
    #expect(session.settings.c_lflag & tcflag_t(ICANON | ECHO) == 0)
    session.type("\u{1B}[B\u{1B}[B")
    session.expect("▸")
    session.type("\r")
    session.expect("Run 1 · baseline")
    session.resize(width: 40, height: 12)
    session.expect("Run 1 · baseline")
    session.type("\t")
    session.expect("all 7,510 derivatives agree")
    session.type("\u{1B}")
    session.expect("3 runs")
    session.type("/status = finished\r")
    session.expect("1 run")
    session.type("q")
    let rest = session.finish()
    #expect(session.process.terminationStatus == 0)
    #expect(rest.hasSuffix(Self.leaving))
    #expect(isSame(session.settings, before))
  }

  @Test(
    "leaves the terminal as it was on signals too", arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
  func signals(number: Int32) throws {
    let bench = try Workbench()
    let session = try TerminalSession(bench, ["watch"])
    let before = session.settings
    session.expect("Waiting for")
    kill(session.process.processIdentifier, number)
    let rest = session.finish()
    #expect(session.process.terminationReason == .exit && session.process.terminationStatus == 130)
    #expect(rest.hasSuffix(Self.leaving))
    #expect(isSame(session.settings, before))
    #expect(!FileManager.default.fileExists(atPath: bench.store))
  }

  @Test("shows a killed run as crashed, as it happens")
  func crash() throws {
    let bench = try Workbench()
    let run = try bench.launch(
      "run", "--optimizer", "gd", "--learning-rate", "0.01", "--epochs", "1000000", "--check",
      "never", "--quiet")
    let session = try TerminalSession(bench, ["watch", "--where", "id = 1"])
    session.expect("running")
    session.type("\r")
    session.expect("about")
    kill(run.processIdentifier, SIGKILL)
    run.finish()
    session.expect("crashed")
    session.type("q")
    _ = session.finish()
    #expect(session.process.terminationStatus == 0)
    #expect(try Store(path: bench.store, access: .existing).run(id: 1).status == .crashed)
  }

  @Test("needs a terminal, and says what does not")
  func noTerminal() throws {
    let bench = try Workbench()
    let outcome = bench("watch")
    #expect(outcome.status == 64 && outcome.diagnostics.contains("tracker list"))
    bench.environment["TERM"] = "dumb"
    #expect(try bench.spawn("watch").status == 64)
    #expect(bench("watch", "--help").output.contains("EXAMPLES"))
  }
}
