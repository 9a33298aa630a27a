import TrackerJSON
package import TrackerStore
package import TrackerValues

/// What a push is told.
package struct PushOptions {
  /// Whether the runs' files are sent.
  package var sendsArtifacts: Bool
  /// A run's gradient checks as a document.
  package var document: (Run) -> String
  /// Is told what is being sent, in a few words.
  package var progress: (String) -> Void

  package init(
    sendsArtifacts: Bool = true, document: @escaping (Run) -> String,
    progress: @escaping (String) -> Void = { _ in }
  ) {
    self.sendsArtifacts = sendsArtifacts
    self.document = document
    self.progress = progress
  }
}

/// What was sent.
package struct PushReport {
  /// How many runs are new there; how many points, parameters, tags and files went over, and the bytes of the files.
  package var runCount = 0
  package var pointCount = 0
  package var parameterCount = 0
  package var tagCount = 0
  package var fileCount = 0
  package var byteCount = 0
  /// What could not be sent, and why.
  package var omissions = Omissions()

  package init() {}

  /// How many runs' names or ends became others.
  var endCount = 0

  /// How much went over.
  package var changeCount: Int {
    runCount + pointCount + parameterCount + tagCount + fileCount + endCount
  }

  /// Whether nothing went over.
  package var isEmpty: Bool { changeCount == 0 }
}

/// Sends runs to a server of MLflow's interface: what it has not yet, each time.
///
/// A run of ours is found there by a tag with its UUID. What the server keeps tells how far it was sent, so that any push, from
/// any machine, goes on where the last one ended, however that was.
package final class Push {
  let store: Store
  let server: RemoteServer
  let options: PushOptions
  private let remotes: RemoteRuns
  /// What is known of runs that were sent before.
  private var known: [String: (run: RemoteRun, sent: SentPoints)] = [:]
  /// The numbers on the server of runs that others are nested in.
  private var parents: [String: String] = [:]

  /// Asks the server what it has.
  ///
  /// - Throws: ``PushError``
  package init(store: Store, server: RemoteServer, options: PushOptions) throws {
    self.store = store
    self.server = server
    self.options = options
    remotes = try RemoteRuns(server)
  }

  /// A run's place on the server.
  package struct Place {
    /// The run's and the experiment's ids there; empty where a dry run would make them.
    package var run: String
    package var experiment: String
    /// Whether it is new there.
    package var isNew: Bool
  }

  /// Sends what is new of a run.
  ///
  /// - Parameter report: what went over is counted there, also where it ends in an error
  /// - Throws: ``PushError``, ``StoreError``, and what the server's transport throws
  package func send(run id: Int64, _ report: inout PushReport) throws -> Place {
    let run = try store.run(id: id)
    let client = try store.clientRun(run.uuid)
    options.progress(run.label)
    let form = MLflowForm(run, client, parent: parent, &report.omissions)
    let series = try store.pushedSeries(of: run, &report.omissions)
    var isNew = false
    var (remote, sent): (RemoteRun, SentPoints)
    if let before = known.removeValue(forKey: run.uuid) {
      (remote, sent) = before
    } else if let found = try find(run, client) {
      guard !found.isDeleted else {
        throw PushError(
          .refused(code: "INVALID_STATE"),
          "\(run.label) was deleted on the server, where it is \(found.id); restore it there to send it again"
        )
      }
      remote = found
      sent = try sentPoints(of: series, run, on: remote)
    } else {
      remote = try make(run, form)
      (sent, isNew) = ([:], true)
      report.runCount += 1
    }
    try sendTexts(form, to: &remote, &report)
    try sendMetrics(series, of: run, to: &remote, &sent, &report)
    try sendFiles(of: run, to: &remote, &report)
    try finish(form, &remote, &report)
    known[run.uuid] = (remote, sent)
    return Place(run: remote.id, experiment: remote.experiment, isNew: isNew)
  }

  /// The runs in an order in which each comes after the run that it is nested in, and else as they are.
  ///
  /// - Throws: ``StoreError``
  package func order(_ ids: [Int64]) throws -> [Int64] {
    let runs = try store.runs(RunQuery(ids: ids, includesArchived: true))
    let uuids = Set(runs.map(\.uuid))
    var parents: [String: String] = [:]
    for run in runs {
      let parent = run.tags[Nesting.tag].map(RunID.internal)
      if let parent, uuids.contains(parent) { parents[run.uuid] = parent }
    }
    guard !parents.isEmpty else { return ids }
    var depths: [Int64: Int] = [:]
    for run in runs {
      var (uuid, depth) = (run.uuid, 0)
      // Tags may make a circle.
      while let parent = parents[uuid], depth < runs.count { (uuid, depth) = (parent, depth + 1) }
      depths[run.id] = depth
    }
    return ids.enumerated().sorted {
      (depths[$0.element] ?? 0, $0.offset) < (depths[$1.element] ?? 0, $1.offset)
    }.map(\.element)
  }

  private func find(_ run: Run, _ client: ClientRun) throws -> RemoteRun? {
    if let found = try remotes.find(run.uuid) { return found }
    // A run that came from this very server.
    guard run.tags["import.source"]?.hasPrefix("mlflow:") == true else { return nil }
    return try remotes.run(id: RunID.external(run.uuid))
  }

  /// The number on the server of the run that a tag of ours names; `nil` where it is not there yet.
  private func parent(_ id: String) -> String? {
    let uuid = RunID.internal(id)
    if let there = known[uuid]?.run.id ?? parents[id] { return there }
    guard let found = try? remotes.find(uuid) ?? remotes.run(id: id), !found.isDeleted else {
      return nil
    }
    parents[id] = found.id
    return found.id
  }

  private func make(_ run: Run, _ form: MLflowForm) throws -> RemoteRun {
    let experiment = try remotes.experiment(run.experiment)
    guard !server.isDryRun else { return RemoteRun(experiment: experiment) }
    return try remotes.make(
      run.uuid,
      .object([
        "experiment_id": .string(experiment), "run_name": .string(form.name),
        "user_id": .string(run.environment.user),
        "start_time": .integer(max(0, run.startedAt.milliseconds)),
        "tags": .array([KeyedText(key: RemoteRuns.identityTag, value: run.uuid).answer]),
      ]))
  }

  /// Parameters, tags and inputs that differ.
  private func sendTexts(
    _ form: MLflowForm, to remote: inout RemoteRun, _ report: inout PushReport
  ) throws {
    var parameters: [KeyedText] = []
    for parameter in form.parameters {
      guard let there = remote.parameters[parameter.key] else {
        parameters.append(parameter)
        continue
      }
      if there != parameter.value {
        report.omissions.add(
          "parameters that have another value on the server, which never changes one")
      }
    }
    let tags = form.tags.filter { remote.tags[$0.key] != $0.value }
    for batch in Self.batches(parameters, of: Limits.parametersOfBatch) {
      try log(["params": .array(batch.map(\.answer))], to: remote)
      for parameter in batch { remote.parameters[parameter.key] = parameter.value }
      report.parameterCount += batch.count
    }
    for batch in Self.batches(tags, of: Limits.tagsOfBatch) {
      try log(["tags": .array(batch.map(\.answer))], to: remote)
      for tag in batch { remote.tags[tag.key] = tag.value }
      report.tagCount += batch.count
    }
    let inputs = form.inputs.filter {
      !remote.inputs.contains(KeyedText(key: $0.name, value: $0.digest))
    }
    if !inputs.isEmpty {
      try server.write(
        "runs/log-inputs",
        .object(["run_id": .string(remote.id), "datasets": .array(inputs.map(\.answer))]))
      for input in inputs { remote.inputs.insert(KeyedText(key: input.name, value: input.digest)) }
    }
  }

  /// How far the points of a run were sent, as the server tells it; from the start where it tells something else.
  private func sentPoints(
    of series: [PushedSeries], _ run: Run, on remote: RemoteRun
  ) throws -> SentPoints {
    guard let mark = PushMark(remote.tags[PushMark.tag]) else { return [:] }
    func sent(without steps: Int64) throws -> SentPoints {
      var sent: SentPoints = [:]
      for metric in series {
        guard let last = remote.lastSteps[metric.name], last >= .min + steps else { continue }
        let end = SeriesPosition.behind(step: last - steps)
        sent[metric.name] = (try store.count(of: metric, run: run.id, through: end), end)
      }
      return sent
    }
    let all = try sent(without: 0)
    let count = all.values.reduce(0) { $0 + $1.count }
    if count == mark.count { return all }
    // The last batch came and its answer did not; of a step that it ends in, some points may be missing.
    return count == mark.next ? try sent(without: 1) : [:]
  }

  private func sendMetrics(
    _ series: [PushedSeries], of run: Run, to remote: inout RemoteRun, _ sent: inout SentPoints,
    _ report: inout PushReport
  ) throws {
    // A point that came later to a step that was sent: the whole metric again, which the server keeps single.
    for metric in series {
      guard let before = sent[metric.name] else { continue }
      let count = try store.count(of: metric, run: run.id, through: before.end)
      if count != before.count { sent[metric.name] = nil }
    }
    var batches = MetricBatches(store: store, run: run.id, series: series, after: sent)
    let total = series.reduce(0) { $0 + $1.count }
    var batch = try batches.next()
    while let current = batch {
      let next = try batches.next()
      let count = current.sent.values.reduce(0) { $0 + $1.count }
      let mark = PushMark(count: count, next: next.map { count + $0.count })
      try log(
        [
          "metrics": .array(current.metrics),
          "tags": .array([KeyedText(key: PushMark.tag, value: mark.text).answer]),
        ], to: remote)
      remote.tags[PushMark.tag] = mark.text
      sent = current.sent
      report.pointCount += current.count
      options.progress("\(run.label): \(count) of \(total) points")
      batch = next
    }
  }

  /// The name and the end.
  private func finish(
    _ form: MLflowForm, _ remote: inout RemoteRun, _ report: inout PushReport
  ) throws {
    let isSame =
      remote.status == form.status && remote.name == form.name
      && (form.endTime == nil || remote.endTime == form.endTime)
    guard !isSame else { return }
    try server.write(
      "runs/update",
      .object([
        "run_id": .string(remote.id), "run_name": .string(form.name),
        "status": .string(form.status), "end_time": .integer(form.endTime.map { max(0, $0) }),
      ]))
    (remote.status, remote.name) = (form.status, form.name)
    remote.endTime = form.endTime ?? remote.endTime
    report.endCount += 1
  }

  private func log(_ members: KeyValuePairs<String, JSONValue>, to remote: RemoteRun) throws {
    try server.write(
      "runs/log-batch", JSONValue.object(["run_id": .string(remote.id)]).appending(members))
  }

  /// Texts in batches of at most so many, and well below MLflow's bytes.
  private static func batches(_ texts: [KeyedText], of count: Int) -> [[KeyedText]] {
    var batches: [[KeyedText]] = []
    var room = 0
    for text in texts {
      // An escape takes six bytes for one.
      let size = 6 * (text.key.utf8.count + text.value.utf8.count) + 50
      if batches.isEmpty || batches[batches.count - 1].count == count || room < size {
        batches.append([])
        room = Limits.bytesOfBatch - 1000
      }
      batches[batches.count - 1].append(text)
      room -= size
    }
    return batches
  }
}

extension Run {
  /// The run for people: `run 12` or `run 12 (name)`.
  var label: String { name.map { "run \(id) (\($0))" } ?? "run \(id)" }
}
