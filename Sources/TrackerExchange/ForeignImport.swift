package import TrackerStore
package import TrackerValues

/// Takes the runs of another tracker's files over into a store.
package struct ForeignImport {
  /// What came of it.
  package struct Report {
    /// The kind of the files.
    package var format: ForeignFormat
    /// What the store did with the runs.
    package var runs: ImportReport
    /// How many points the files hold.
    package var pointCount = 0
    /// How many artifacts the files hold.
    package var artifactCount = 0
    /// What could not be taken over.
    package var omissions = Omissions()
    /// How many runs have not ended.
    package var runningCount = 0

    /// Whether more may come: a run goes on, or the files do not tell.
    package var mayGrow: Bool { runningCount > 0 || !format.tellsStatus }
  }

  /// How far it has come.
  package enum Progress {
    /// So many runs have been read.
    case read(runs: Int)
    /// A run's points are put in their places.
    case placing(points: Int)
    /// All that was read is verified and taken over.
    case takingOver(points: Int)
  }

  private let path: String
  private let format: ForeignFormat
  private let options: ForeignOptions
  private let keepsArtifacts: Bool
  private let program: String

  /// - Parameters:
  ///   - path: the file or the folder
  ///   - format: its kind
  ///   - keepsArtifacts: whether the runs' files are copied into the store
  ///   - program: the name and version of this program
  package init(
    path: String, format: ForeignFormat, options: ForeignOptions, keepsArtifacts: Bool,
    program: String
  ) {
    self.path = path
    self.format = format
    self.options = options
    self.keepsArtifacts = keepsArtifacts
    self.program = program
  }

  /// Takes over what is new: runs that are here already get the points, tags and files that came since.
  ///
  /// - Parameter progress: is told how far it has come
  /// - Throws: ``ForeignError``, `StoreError`; then nothing was taken over
  package func run(into store: Store, progress: (Progress) -> Void) throws -> Report {
    var report = Report(format: format, runs: ImportReport())
    let source = try format.source.init(path: path, options: options)
    var count = 0
    progress(.read(runs: count))
    var unread = Omissions()
    report.runs = try store.importRuns(named: path, program: program) { staging in
      try source.runs(&unread) { run in
        guard !run.isEmpty else {
          report.omissions.add("files that look like a run and hold nothing that can be read")
          return
        }
        progress(.placing(points: run.pointCount))
        try add(run, to: staging, &report)
        if run.status == .running { report.runningCount += 1 }
        count += 1
        progress(.read(runs: count))
      }
      progress(.takingOver(points: report.pointCount))
    }
    for (reason, count) in unread.counts { report.omissions.add(reason, count: count) }
    guard count > 0 else {
      throw ForeignError.malformed("reading \(path) as \(format.rawValue): it holds no run")
    }
    return report
  }

  private func add(_ run: ForeignRun, to staging: StagingStore, _ report: inout Report) throws {
    report.pointCount += run.pointCount
    let times = run.metrics.values.lazy.compactMap { $0.first?.time }
    let startedAt = run.startedAt ?? times.min() ?? Timestamp(milliseconds: 0)
    let lastTime = run.metrics.values.lazy.compactMap { $0.last?.time }.max()
    let start = RunStart(
      experiment: run.experiment.isEmpty ? "default" : run.experiment, name: run.name,
      parameters: run.parameters,
      environment: RunEnvironment(
        program: format.rawValue, gitCommit: run.gitCommit, gitDirty: nil, host: run.host,
        user: run.user,
        // No process of this machine: nobody looks whether it is alive.
        process: ProcessIdentity(pid: 0, startTime: nil, bootID: nil, pidNamespace: nil),
        command: run.command),
      tags: run.tags.merging(["import.source": run.identity]) { $1 }, note: run.note,
      startedAt: startedAt)
    let endedAt = run.endedAt ?? lastTime ?? startedAt
    let id = try staging.add(
      StagedRun(
        uuid: ForeignRun.uuid(of: run.identity), start: start, status: run.status, error: run.error,
        endedAt: run.status == .running ? nil : endedAt,
        archivedAt: run.isArchived ? endedAt : nil), metrics: run.metrics)
    for input in run.inputs { try staging.addInput(input, run: id) }
    guard keepsArtifacts else {
      if !run.artifacts.isEmpty {
        report.omissions.add("files of runs (--no-artifacts)", count: run.artifacts.count)
      }
      return
    }
    for artifact in run.artifacts {
      do {
        let bytes: [UInt8] =
          switch artifact.content {
          case .bytes(let bytes): bytes
          case .file(let path): try SourceFile.bytes(path)
          case .link: throw ForeignError.missing("it is a link to one that lies elsewhere")
          }
        try staging.addArtifact(
          run: id, name: artifact.name, kind: artifact.kind, bytes: bytes, at: endedAt)
        report.artifactCount += 1
      } catch let error as ForeignError {
        report.omissions.add("a file that cannot be kept (\(error))")
      }
    }
  }
}
