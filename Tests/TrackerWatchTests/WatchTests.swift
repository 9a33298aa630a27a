import TestGallery
import TestSupport
import Testing
import TrackerStore

@testable import TrackerViews
@testable import TrackerWatch

@Suite("Watching a store")
struct WatchTests {
  private static let style = TextStyle(now: Gallery.now)

  /// A store of twelve runs: one with a failed check, one running, one crashed, some with names that are hard to draw.
  private static func data(runs count: Int64 = 12) -> WatchData {
    var data = WatchData(path: "./tracker.sqlite")
    data.isRead = true
    let names: [Int64: String] = [
      12: "数字 の 訓練 🧪", 10: "two\nlines\u{1B}[31m", 9: String(repeating: "long-", count: 20),
    ]
    for id in (1...count).reversed() {
      let check = id == 11 ? Gallery.saturatedCheck().0 : Gallery.soundCheck().0
      var run = Gallery.run(
        id, name: names[id], status: id == 12 ? .running : id == 8 ? .crashed : .finished,
        lambda: id % 2 == 0 ? 0.5 : 0.1, checks: [check])
      if id == 12 { run.parameters["epochs"] = 1000 }
      data.entries.append(.init(id: id, status: run.status))
      data.runs[id] = run
      let curves = Gallery.curves(run: id, lambda: 0.5)
      data.curves[id] = curves[0].points
      if id == 12 { data.points = curves[0].points }
    }
    let (check, vectors) = Gallery.saturatedCheck()
    data.picture = check.picture(of: vectors)
    return data
  }

  private static func state(
    width: Int = 80, height: Int = 20, focus: WatchState.Focus? = nil
  ) -> WatchState {
    var state = WatchState(
      path: "./tracker.sqlite", focus: focus, width: width, height: height)
    state.update(data())
    return state
  }

  private func pressed(_ keys: [WatchKey], _ state: WatchState) -> WatchState {
    var state = state
    for key in keys { state.update(key) }
    return state
  }

  private func typed(_ text: String) -> [WatchKey] { text.map { .character($0) } }

  static let screens: [(name: String, keys: [WatchKey], focus: WatchState.Focus?)] = [
    ("list", [.down, .down], nil), ("curves", [], .newest), ("checks", [.tab], .run(11)),
    ("help", [.character("?")], nil),
  ]

  @Test(
    "Each screen looks as it did, at each size", arguments: screens.indices,
    [[20, 5], [80, 20], [160, 30]])
  func golden(index: Int, size: [Int]) throws {
    let (name, keys, focus) = Self.screens[index]
    let state = pressed(keys, Self.state(width: size[0], height: size[1], focus: focus))
    let text = state.lines(Self.style).joined(separator: "\n") + "\n"
    try expectGolden(text, "watch-\(name)-\(size[0])x\(size[1]).txt")
  }

  @Test(
    "No screen is wider or higher than its terminal, with colour or without, and none holds a control character",
    arguments: screens.indices, [1, 2, 7, 20, 33, 79, 120, 250])
  func size(index: Int, width: Int) {
    let (_, keys, focus) = Self.screens[index]
    for height in [1, 2, 3, 5, 11, 24, 80] {
      let state = pressed(keys, Self.state(width: width, height: height, focus: focus))
      for colour in [false, true] {
        let lines = state.lines(TextStyle(colour: colour, now: Gallery.now))
        #expect(lines.count == height)
        for line in lines {
          let plain = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
          #expect(plain.displayWidth <= width, "\(plain)")
          #expect(!plain.unicodeScalars.contains { $0.properties.generalCategory == .control })
        }
      }
    }
  }

  @Test("The chosen run stays chosen when others come, and at the top whatever comes is chosen")
  func selection() {
    var state = pressed([.down], Self.state())
    #expect(state.data.entries[state.place].id == 11)
    state.update(Self.data(runs: 40))
    #expect(state.data.entries[state.place].id == 11 && state.place == 29)
    #expect(state.shown.contains { $0.id == 11 })
    state = pressed([.home], state)
    state.update(Self.data(runs: 41))
    #expect(state.data.entries[state.place].id == 41)
    // What is gone leaves its place to another.
    state = pressed([.end], state)
    state.update(Self.data(runs: 2))
    #expect(state.data.entries[state.place].id == 1)
  }

  @Test("A long list is read page by page, and only what is shown of it in full")
  func pages() {
    var state = Self.state(height: 13)
    state.update(Self.data(runs: 500))
    #expect(state.request.rows == (491...500).reversed())
    state = pressed([.pageDown, .pageDown], state)
    #expect(state.request.rows.count == 10 && state.request.rows.contains(480))
    state = pressed([.end], state)
    #expect(state.request.rows == (1...10).reversed())
    state.resize(width: 80, height: 8)
    #expect(state.request.rows == (1...5).reversed())
  }

  @Test("A condition is typed, asked for, and typed on when it is wrong")
  func filter() {
    var state = pressed([.character("/")] + typed("lamda > 1q"), Self.state())
    #expect(!state.isDone)
    state = pressed([.backspace, .enter], state)
    #expect(state.request.condition == "lamda > 1")
    var wrong = WatchData(path: "./tracker.sqlite")
    wrong.mistake = "no run has anything named lamda"
    state.update(wrong)
    #expect(state.prompt?.text == "lamda > 1" && state.request.condition == nil)
    #expect(state.data.entries.count == 12)
    #expect(state.lines(Self.style).suffix(2).first == "no run has anything named lamda")
    state = pressed([.control("u")] + typed("id > 3") + [.enter], state)
    #expect(state.request.condition == "id > 3")
    #expect(pressed([.escape], state).request.condition == nil)
  }

  @Test("Who follows the newest run sees the next one, until another is chosen")
  func following() {
    var state = Self.state(focus: .newest)
    #expect(state.request.run == 12)
    state.update(Self.data(runs: 13))
    #expect(state.request.run == 13)
    state = pressed([.right], state)
    #expect(state.request.run == 12)
    state.update(Self.data(runs: 14))
    #expect(state.request.run == 12)
    state = pressed([.character("f")], state)
    #expect(state.request.run == 14)
  }

  @Test("Metrics are chosen up and down, and their scale is turned over")
  func metrics() {
    var state = Self.state(focus: .newest)
    #expect(state.plot.isLogarithmic)
    state = pressed([.character("l")], state)
    #expect(!state.plot.isLogarithmic)
    state = pressed([.down], state)
    #expect(state.request.metric == "gradientNorm")
    state = pressed(Array(repeating: .up, count: 5), state)
    #expect(state.request.metric == "cost")
  }

  @Test("A store that is not there, an empty one and one that nothing fits are said to be so")
  func empty() {
    var state = WatchState(path: "a.sqlite", width: 60, height: 6)
    #expect(state.lines(Self.style)[1] == "Reading …")
    var data = WatchData(path: "a.sqlite")
    data.trouble = "there is no store yet"
    state.update(data)
    #expect(state.lines(Self.style)[1] == "there is no store yet")
    data.trouble = nil
    data.isRead = true
    state.update(data)
    #expect(state.lines(Self.style)[1].contains("tracker run"))
    state = pressed([.character("/")] + typed("id > 3") + [.enter], state)
    state.update(data)
    #expect(state.lines(Self.style)[1].contains("No run matches"))
    // Keys that have nothing to act on do no harm.
    let keys: [WatchKey] = [
      .enter, .down, .end, .character("f"), .tab, .down, .character("l"), .left,
    ]
    #expect(pressed(keys, state).lines(Self.style).count == 6)
  }
}
