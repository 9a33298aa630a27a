import TrackerViews
import TrackerStore

/// Where somebody is who watches a store, and what is known of it: changed by keys and by news from the store alone, and
/// drawn by ``lines(_:)``.
package struct WatchState: Sendable {
  /// What fills the screen.
  enum View: Sendable, Hashable {
    /// All runs.
    case list
    /// One run's curves.
    case curves
    /// One run's gradient checks.
    case checks
  }

  /// Which run is looked at.
  package enum Focus: Sendable, Hashable {
    /// This one.
    case run(Int64)
    /// Whichever is the newest.
    case newest
  }

  /// A line that is being typed.
  struct Prompt: Sendable, Hashable {
    enum Purpose: Sendable { case filter, sort }
    var purpose: Purpose
    var text: String
    /// What is wrong with it.
    var mistake: String?
  }

  /// Columns and lines of the terminal.
  package private(set) var size: (width: Int, height: Int)
  /// Whether somebody asked to leave.
  package private(set) var isDone = false
  private(set) var data: WatchData
  private(set) var view = View.list
  private(set) var showsHelp = false
  private(set) var prompt: Prompt?
  private(set) var condition: String?
  private(set) var sort: String?
  /// The last condition and order that could be read.
  private var accepted: (condition: String?, sort: String?)
  /// The place of the chosen run in the list, and its number; at the top none: what is new there is chosen.
  private(set) var place = 0
  private var chosen: Int64?
  /// The place of the first run that is shown.
  private(set) var top = 0
  private(set) var focus = Focus.newest
  private(set) var metric: String?
  private(set) var isLogarithmic: Bool?
  private(set) var checkPlace: Int?
  /// How many lines of a long text have gone by.
  private(set) var scroll = 0

  /// - Parameters:
  ///   - path: the store's file
  ///   - focus: the run to begin with; `nil`: the list
  ///   - condition: which runs are listed, as in `list --where`
  ///   - sort: their order, as in `list --sort`
  package init(
    path: String, focus: Focus? = nil, condition: String? = nil, sort: String? = nil, width: Int,
    height: Int
  ) {
    self.condition = condition
    self.sort = sort
    data = WatchData(path: path)
    size = (width, height)
    if let focus {
      self.focus = focus
      view = .curves
    }
  }

  /// What has to be known to draw the screen.
  package var request: WatchRequest {
    var request = WatchRequest(condition: condition, sort: sort)
    switch view {
    case .list: request.rows = shown.map(\.id)
    case .curves:
      request.run = focusedID
      request.metric = metric
    case .checks:
      request.run = focusedID
      request.check = focusedRun.flatMap(shownCheck)
    }
    return request
  }

  /// The number of the run that is looked at.
  var focusedID: Int64? {
    switch focus {
    case .run(let id): id
    case .newest: data.newest
    }
  }

  /// The run that is looked at.
  var focusedRun: Run? { focusedID.flatMap { data.runs[$0] } }

  /// The metric that is drawn of a run.
  func drawnMetric(of run: Run) -> String? {
    metric.flatMap { run.metrics[$0] != nil ? $0 : nil } ?? run.leadingMetric
  }

  /// The place of the check that is shown: the one that was chosen, or else the last that failed, or the last.
  func shownCheck(of run: Run) -> Int? {
    let checks = run.gradientChecks
    if let checkPlace, checks.indices.contains(checkPlace) { return checkPlace }
    return checks.lastIndex { !$0.passed } ?? checks.indices.last
  }

  /// How many runs the screen has room for.
  var pageLength: Int { max(1, size.height - 3) }

  /// The runs that the screen shows.
  var shown: ArraySlice<WatchData.Entry> { data.entries.dropFirst(top).prefix(pageLength) }

  // MARK: News

  /// The terminal has another size.
  package mutating func resize(width: Int, height: Int) {
    size = (width, height)
    settle()
  }

  /// The store has news.
  package mutating func update(_ news: WatchData) {
    if let mistake = news.mistake {
      // What was wrong is typed on; meanwhile the list is what it was.
      let isFilter = condition != accepted.condition
      prompt = Prompt(
        purpose: isFilter ? .filter : .sort, text: (isFilter ? condition : sort) ?? "",
        mistake: mistake)
      (condition, sort) = accepted
      return
    }
    accepted = (condition, sort)
    data = news
    if let chosen, let found = news.entries.firstIndex(where: { $0.id == chosen }) {
      place = found
    }
    settle()
  }

  /// Keeps the chosen run within the list and on the screen.
  private mutating func settle() {
    place = max(0, min(place, data.entries.count - 1))
    chosen = place == 0 ? nil : data.entries[place].id
    top = max(place - pageLength + 1, min(top, place))
    top = max(0, min(top, data.entries.count - pageLength))
  }

  // MARK: Keys

  /// Somebody pressed a key.
  package mutating func update(_ key: WatchKey) {
    if prompt != nil { return type(key) }
    if showsHelp {
      showsHelp = false
      if key != .character("q") { return }
    }
    switch key {
    case .character("q"): isDone = true
    case .character("?"), .character("h"): showsHelp = true
    default: view == .list ? updateList(key) : updateRun(key)
    }
  }

  private mutating func type(_ key: WatchKey) {
    guard var prompt else { return }
    self.prompt = nil
    switch key {
    case .enter:
      let text = prompt.text.contains { $0 != " " } ? prompt.text : nil
      if prompt.purpose == .filter { condition = text } else { sort = text }
      (place, chosen, top) = (0, nil, 0)
      return
    case .escape: return
    case .backspace:
      if prompt.text.isEmpty { return }
      prompt.text.removeLast()
    case .control("u"): prompt.text = ""
    case .character(let character): prompt.text.append(character)
    default: break
    }
    prompt.mistake = nil
    self.prompt = prompt
  }

  private mutating func updateList(_ key: WatchKey) {
    switch key {
    case .up, .character("k"): move(to: place - 1)
    case .down, .character("j"): move(to: place + 1)
    case .pageUp: move(to: place - pageLength)
    case .pageDown, .character(" "): move(to: place + pageLength)
    case .home, .character("g"): move(to: 0)
    case .end, .character("G"): move(to: data.entries.count - 1)
    case .character("/"): prompt = Prompt(purpose: .filter, text: condition ?? "")
    case .character("s"): prompt = Prompt(purpose: .sort, text: sort ?? "")
    case .escape: (condition, sort) = (nil, nil)
    case .enter:
      guard data.entries.indices.contains(place) else { return }
      look(at: .run(data.entries[place].id))
    case .character("f"): look(at: .newest)
    default: break
    }
  }

  private mutating func move(to place: Int) {
    self.place = place
    settle()
  }

  private mutating func look(at focus: Focus) {
    self.focus = focus
    if view == .list { view = .curves }
    checkPlace = nil
    scroll = 0
  }

  private mutating func updateRun(_ key: WatchKey) {
    switch key {
    case .escape, .backspace: view = .list
    case .tab, .enter, .character("c"):
      view = view == .curves ? .checks : .curves
      scroll = 0
    case .up, .character("k"): step(-1)
    case .down, .character("j"): step(1)
    case .left, .character("p"): lookAtNeighbour(-1)
    case .right, .character("n"): lookAtNeighbour(1)
    case .pageUp: scroll = max(0, scroll - bodyHeight)
    case .pageDown, .character(" "): scroll = min(longestScroll, scroll + bodyHeight)
    case .home: scroll = 0
    case .end: scroll = longestScroll
    case .character("f"):
      look(at: focus == .newest ? focusedID.map(Focus.run) ?? .newest : .newest)
    case .character("l"): isLogarithmic = !plot.isLogarithmic
    default: break
    }
  }

  /// Chooses the next metric, or the next check.
  private mutating func step(_ distance: Int) {
    guard let run = focusedRun else { return }
    if view == .checks {
      guard let place = shownCheck(of: run) else { return }
      checkPlace = max(0, min(place + distance, run.gradientChecks.count - 1))
      scroll = 0
    } else {
      let keys = inReadingOrder(metrics: run.metrics.keys)
      guard let current = drawnMetric(of: run), let place = keys.firstIndex(of: current) else {
        return
      }
      metric = keys[max(0, min(place + distance, keys.count - 1))]
      isLogarithmic = nil
    }
  }

  /// Looks at the run `distance` places further down the list, or stays.
  private mutating func lookAtNeighbour(_ distance: Int) {
    guard let id = focusedID, let place = data.entries.firstIndex(where: { $0.id == id }),
      data.entries.indices.contains(place + distance)
    else { return }
    move(to: place + distance)
    look(at: .run(data.entries[self.place].id))
  }
}
