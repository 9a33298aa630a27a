import TrackerViews
import TrackerWatch
import TrackerStore
import TrackerSystem

/// Answers what the screen asks of a store that others write, that may not be there yet, and that may go.
///
/// It is kept open for reading alone. For what has to be written, that a run has crashed, it is opened anew for that
/// moment.
final class StoreFeed {
  private let path: String
  private var store: Store?
  /// The file that is open: another one may have taken its place.
  private var file: FileIdentity?
  private var changeNumber: Int64?
  private var trouble: String?
  /// The series that is drawn, whole.
  private var curve: (series: Series, points: [MetricPoint])?
  /// The series of the list, at its resolution, and how many points they had when they were read.
  private var sketches: [Series: (count: Int, points: [MetricPoint])] = [:]
  private var picture: (check: Int64, text: String)?
  private var lastSearch: ContinuousClock.Instant?

  private struct Series: Hashable {
    var run: Int64
    var metric: String
  }

  init(path: String) { self.path = path }

  /// Whether there may be something new since the last time.
  func hasNews() -> Bool {
    do {
      guard let present = FileIdentity(path: path) else {
        defer { leave() }
        return say("Waiting for \(path): there is no store yet. A run makes it: tracker run")
          || store != nil
      }
      if present != file || store == nil {
        leave()
        try mend()
        store = try Store(path: path, access: .reading)
        file = present
      }
      guard let store else { return false }
      // Once a second: a crash leaves no trace in the store, and so is not a change to it.
      if lastSearch.map({ .now - $0 > .seconds(1) }) ?? true {
        lastSearch = .now
        if try store.hasUnmarkedCrashes() {
          try mend()
          // What could not be marked is shown.
          try store.markCrashedRuns()
        }
      }
      let number = try store.changeNumber()
      defer { changeNumber = number }
      return say(nil) || number != changeNumber
    } catch {
      return say(ErrorPresenter.present(error, width: 80).text)
    }
  }

  /// Reads what was asked for.
  func read(_ request: WatchRequest) -> WatchData {
    var data = WatchData(path: path)
    data.trouble = trouble
    guard let store else { return data }
    do {
      let query = RunQuery(condition: request.condition, sort: request.sort)
      data.entries = try store.runStatuses(query).map { .init(id: $0.id, status: $0.status) }
      data.isRead = true
      let ids = request.rows + (request.run.map { [$0] } ?? [])
      let runs =
        ids.isEmpty ? [] : try store.runs(RunQuery(ids: ids, includesArchived: true))
      data.runs = Dictionary(runs.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
      var shown: [Series: (count: Int, points: [MetricPoint])] = [:]
      for run in runs where run.id != request.run {
        guard let metric = run.leadingMetric, let count = run.metrics[metric]?.count else {
          continue
        }
        let series = Series(run: run.id, metric: metric)
        shown[series] = try sketch(series, count, in: store)
        data.curves[run.id] = shown[series]?.points
      }
      sketches = shown
      if let run = request.run.flatMap({ data.runs[$0] }) {
        let chosen = request.metric.flatMap { run.metrics[$0] != nil ? $0 : nil }
        if let metric = chosen ?? run.leadingMetric, let count = run.metrics[metric]?.count {
          data.points = try points(Series(run: run.id, metric: metric), count, in: store)
        }
        // Where nothing differs there is nothing to be seen.
        if let place = request.check, run.gradientChecks.indices.contains(place),
          !run.gradientChecks[place].passed
        {
          data.picture = try picture(of: run.gradientChecks[place], in: store)
        }
      }
    } catch let error as FilterSyntaxError {
      data.mistake = [error.message, error.suggestion].compactMap { $0 }.joined(separator: "; ")
    } catch {
      data.trouble = ErrorPresenter.present(error, width: 80).text
    }
    return data
  }

  /// Ends with the store's log in the store, where nobody else has it open.
  func close() {
    let isOpen = store != nil
    leave()
    if isOpen, FileIdentity(path: path) != nil { try? mend() }
  }

  /// A series of so many points: only what is new of it is read.
  private func points(_ series: Series, _ count: Int, in store: Store) throws -> [MetricPoint] {
    if let curve, curve.series == series, curve.points.count == count { return curve.points }
    var known = curve?.series == series ? curve?.points ?? [] : []
    curve = nil
    if let last = known.last?.step {
      while known.last?.step == last { known.removeLast() }
      known += try store.points(run: series.run, metric: series.metric, from: last)
    }
    // Others may have been logged before the last.
    if known.count < count || known.isEmpty {
      known = try store.points(run: series.run, metric: series.metric)
    }
    curve = (series, known)
    return known
  }

  /// A series of so many points at the resolution of the list: read again once that could be seen.
  private func sketch(
    _ series: Series, _ count: Int, in store: Store
  ) throws -> (count: Int, points: [MetricPoint]) {
    let spans = 48
    if let known = sketches[series], count - known.count < max(1, known.count / spans),
      count >= known.count
    {
      return known
    }
    return (count, try store.points(run: series.run, metric: series.metric, spans: spans))
  }

  private func picture(of check: GradientCheckRecord, in store: Store) throws -> String {
    if let picture, picture.check == check.id { return picture.text }
    let text = try store.vectors(ofCheck: check.id).map { check.picture(of: $0) } ?? ""
    picture = (check.id, text)
    return text
  }

  /// Opens the store as any command does: crashed runs are marked, an old schema is brought up to date.
  private func mend() throws {
    try Store(path: path, access: .existing, program: TrackerCommand.program).markCrashedRuns()
  }

  private func leave() {
    (store, file, changeNumber, lastSearch) = (nil, nil, nil, nil)
    curve = nil
    sketches = [:]
    picture = nil
  }

  /// Whether that is something new to say.
  private func say(_ text: String?) -> Bool {
    defer { trouble = text }
    return text != trouble
  }
}
