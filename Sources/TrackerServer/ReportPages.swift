import Synchronization
import TrackerJSON
import TrackerMLflow
import TrackerReport
import TrackerStore
import TrackerSystem

/// The report for people who look at it:
///
///     GET /                 the whole page, as the store is now
///     GET /sections         the same for a page that is open: as new as its server has told it
///     GET /sections/curves  one section of it
///     GET /events           what changes, for as long as somebody listens
///     GET /runs/12          the part of one run, and what the page's script knows of it
///     POST /runs/12         an edit (``RunEdit``); the answer is the edit that takes it back
final class ReportPages: Sendable {
  /// The page shows the newest runs; `tracker report` shows all.
  static let runLimit = 1000

  private let store: Store
  private let feed: ChangeFeed
  /// The page as it was made last.
  private let made = Mutex<(position: ChangeFeed.Position, page: LivePage)?>(nil)

  init(store: Store, feed: ChangeFeed) {
    self.store = store
    self.feed = feed
  }

  /// - Returns: `nil` for what is not asked of these pages
  func answer(_ request: HTTPRequest) -> HTTPResponse? {
    let parts = request.path.split(separator: "/").map(String.init)
    guard ["", "sections", "runs", "events"].contains(parts.first ?? ""), parts.count <= 2 else {
      return nil
    }
    do {
      switch (request.method, parts.first ?? "", parts.count) {
      case ("POST", "runs", 2): return try edit(parts[1], request)
      case ("GET", "events", 1):
        return HTTPResponse(
          headers: Self.ofEvents,
          body: .events(since: request.lastEvent ?? request.query("since")))
      case ("HEAD", "events", 1): return HTTPResponse(headers: Self.ofEvents, body: .bytes([]))
      case ("GET", _, _), ("HEAD", _, _):
        guard let text = try text(parts) else { break }
        return Self.html(text)
      default: return TrackerAPI.error(405, "The report is there to be read: GET it.")
      }
      return TrackerAPI.error(404, "There is no \(request.path).")
    } catch {
      return TrackerAPI.answer(error)
    }
  }

  private static let ofEvents = [
    KeyedText(key: "Content-Type", value: "text/event-stream"),
    KeyedText(key: "Cache-Control", value: "no-store"),
    // nginx would keep events back until it has many.
    KeyedText(key: "X-Accel-Buffering", value: "no"),
  ]

  /// - Returns: `nil` where there is no such page or part
  private func text(_ parts: [String]) throws -> String? {
    switch (parts.first ?? "", parts.count) {
    case ("", _): try page(isCurrent: true).html
    case ("sections", 1): try page(isCurrent: false).html
    case ("sections", 2): try page(isCurrent: true).section(parts[1])
    case ("runs", 2): try part(of: store.runID(parts[1]))
    default: nil
    }
  }

  private func edit(_ run: String, _ request: HTTPRequest) throws -> HTTPResponse {
    // A form of another site can send texts, but no JSON.
    guard request.contentType?.lowercased().hasPrefix("application/json") == true,
      case .bytes(let bytes) = request.body
    else { return TrackerAPI.error(415, "An edit is JSON: Content-Type: application/json.") }
    let undo = try RunEdit(bytes).apply(to: store.runID(run), in: store)
    feed.hurry()
    return HTTPResponse(type: "application/json", undo.compact)
  }

  /// The part of a run as the page has it.
  private func part(of id: Int64) throws -> String {
    let run = try store.run(id: id)
    var gathering = ReportGathering(
      [run], ranking: nil, parts: try ReportParts.embedded().withoutQueries, from: store)
    return try gathering.view(title: "Runs", madeAt: .now(), command: "tracker serve").livePart()
  }

  /// - Parameter isCurrent: whether it must be as the store is now, or only as listeners have been told
  private func page(isCurrent: Bool) throws -> LivePage {
    try made.withLock { made in
      let position = try feed.look()
      if let made, isCurrent ? made.position == position : feed.isPublished(made.position) {
        return made.page
      }
      let before = ProcessorTime.ofThread
      let parts = try ReportParts.embedded()
      let runs = try store.runs(RunQuery(limit: Self.runLimit))
      var gathering = ReportGathering(runs, ranking: nil, parts: parts, from: store)
      let page = try gathering.view(title: "Runs", madeAt: .now(), command: "tracker serve")
        .livePage(change: feed.id(of: position))
      feed.made(in: ProcessorTime.ofThread - before)
      made = (position, page)
      return page
    }
  }

  private static func html(_ text: String) -> HTTPResponse {
    HTTPResponse(
      headers: [
        KeyedText(key: "Content-Type", value: "text/html; charset=utf-8"),
        KeyedText(key: "Cache-Control", value: "no-cache"),
        KeyedText(key: "X-Content-Type-Options", value: "nosniff"),
        KeyedText(key: "X-Frame-Options", value: "DENY"),
        KeyedText(key: "Referrer-Policy", value: "no-referrer"),
      ], body: .bytes(Array(text.utf8)))
  }
}
