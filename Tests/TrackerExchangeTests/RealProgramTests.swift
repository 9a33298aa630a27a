import Foundation
import TestSupport
import Testing
import TrackerJSON
import TrackerStore
import TrackerSystem

@testable import TrackerExchange

/// Stores that the real programs wrote (`Fixtures/make.py`), against what those programs' own readers say.
@Suite("Stores of other trackers")
struct RealProgramTests {
  private static let kinds: [(name: String, path: String, format: ForeignFormat)] = [
    ("mlflow", "mlflow.db", .mlflow), ("mlruns", "mlruns", .mlflow),
    ("tensorboard", "tensorboard", .tensorboard), ("wandb", "wandb", .wandb),
    ("trackio", "trackio", .trackio), ("sacred", "sacred", .sacred),
    ("dvclive", "dvclive", .dvclive),
  ]

  private static let folder = Bundle.module.resourcePath! + "/Fixtures/real"

  private func importing(_ path: String, _ format: ForeignFormat, into store: Store) throws
    -> ForeignImport.Report
  {
    try ForeignImport(
      path: "\(Self.folder)/\(path)", format: format, options: ForeignOptions(),
      keepsArtifacts: true, program: "test"
    ).run(into: store) { _ in }
  }

  @Test("each is recognized for what it is", arguments: kinds.indices)
  func recognition(index: Int) {
    let kind = Self.kinds[index]
    #expect(ForeignFormat.recognized(at: "\(Self.folder)/\(kind.path)") == kind.format)
  }

  @Test("every value arrives to the bit, with its step and its time", arguments: kinds.indices)
  func values(index: Int) throws {
    let kind = Self.kinds[index]
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let report = try importing(kind.path, kind.format, into: store)
    let expected = try JSONValue(
      parsing: Array(try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/expected.json"))))
    guard case .array(let runs)? = expected[kind.name] else {
      Issue.record("nothing is expected of \(kind.name)")
      return
    }
    #expect(report.runs.imported.count == runs.count)
    var pointCount = 0
    for run in runs {
      let name = run["name"]?.plainText
      let ours = try store.runs().first { $0.name == name || name == nil }
      guard let ours else {
        Issue.record("there is no run \(name ?? "")")
        continue
      }
      #expect(ours.experiment == run["experiment"]?.plainText)
      #expect(ours.status.rawValue == run["status"]?.plainText)
      if let start = ForeignValue.whole(run["start"]) {
        #expect(ours.startedAt.milliseconds == start)
        #expect(ours.endedAt?.milliseconds == ForeignValue.whole(run["end"]))
      }
      if case .object(let parameters)? = run["params"] {
        for parameter in parameters {
          let value = ours.parameters[parameter.key].map(ForeignText.init)?.text
          #expect(value == parameter.value.plainText, "\(parameter.key)")
        }
        #expect(ours.parameters.count >= parameters.count)
      }
      guard case .object(let metrics)? = run["metrics"] else { continue }
      #expect(Set(ours.metrics.keys).isSuperset(of: metrics.map(\.key)))
      for metric in metrics {
        guard case .array(let points) = metric.value else { continue }
        let stored = try store.points(run: ours.id, metric: metric.key)
        #expect(stored.count == points.count)
        pointCount += points.count
        for (point, expected) in zip(stored, points) {
          guard case .array(let parts) = expected, case .string(let text) = parts[1] else {
            continue
          }
          var value = try #require(ForeignValue.number(text))
          // MLflow keeps ±∞ as the greatest numbers.
          if value.magnitude == .greatestFiniteMagnitude {
            value = value < 0 ? -.infinity : .infinity
          }
          let isSame =
            point.value.bitPattern == value.bitPattern || point.value.isNaN && value.isNaN
          #expect(isSame, "\(metric.key) at \(point.step): \(point.value), expected \(text)")
          #expect(point.step == ForeignValue.whole(parts[0]))
          if let time = ForeignValue.whole(parts[2]) { #expect(point.time.milliseconds == time) }
        }
      }
    }
    #expect(pointCount > 0)
  }

  @Test("a second import adds nothing", arguments: kinds.indices)
  func again(index: Int) throws {
    let kind = Self.kinds[index]
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let first = try importing(kind.path, kind.format, into: store)
    let counts = try store.runs().map { $0.metrics.mapValues(\.count) }
    let second = try importing(kind.path, kind.format, into: store)
    #expect(second.runs.imported.isEmpty)
    #expect(second.runs.known.map(\.here) == first.runs.imported.map(\.here))
    #expect(try store.runs().map { $0.metrics.mapValues(\.count) } == counts)
  }

  @Test(
    "files that are cut off anywhere are read as far as they go or refused",
    arguments: kinds.indices)
  func cutOff(index: Int) throws {
    let kind = Self.kinds[index]
    let folder = try TemporaryFolder()
    let source = "\(Self.folder)/\(kind.path)"
    let files = SourceFile.isFile(source) ? [""] : SourceFile.files(below: source).map { "/" + $0 }
    let whole = try Store(path: folder.file("whole.sqlite"))
    let limit = try importing(kind.path, kind.format, into: whole).pointCount
    var (taken, refused) = (0, 0)
    for (number, file) in files.enumerated() {
      let size = try FileManager.default.attributesOfItem(atPath: source + file)[.size] as? Int ?? 0
      for part in [0.1, 0.5, 0.9] {
        let copy = folder.file("copy")
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: source, toPath: copy)
        truncate(copy + file, Int(Double(size) * part))
        let store = try Store(path: folder.file("\(number)-\(part).sqlite"))
        do {
          let report = try ForeignImport(
            path: copy, format: kind.format, options: ForeignOptions(), keepsArtifacts: true,
            program: "test"
          ).run(into: store) { _ in }
          #expect(report.pointCount <= limit)
          #expect(try store.runs().count == report.runs.imported.count)
          taken += 1
        } catch is ForeignError { refused += 1 } catch is StoreError { refused += 1 }
      }
    }
    // SQLite reads no database that is cut off.
    let isDatabase = ["mlflow", "trackio"].contains(kind.name)
    #expect((taken == 0) == isDatabase && taken + refused == 3 * files.count)
  }

  @Test(
    "a source that grew brings what came since, and then is as one that was imported once",
    arguments: kinds.filter {
      ["mlruns", "tensorboard", "wandb", "dvclive", "sacred"].contains($0.name)
    })
  func growing(kind: (name: String, path: String, format: ForeignFormat)) throws {
    let folder = try TemporaryFolder()
    let source = "\(Self.folder)/\(kind.path)"
    let copy = folder.file(SourceFile.name(of: source))
    let store = try Store(path: folder.file("t.sqlite"))
    func importCopy() throws -> ForeignImport.Report {
      try ForeignImport(
        path: copy, format: kind.format, options: ForeignOptions(isGrowing: true),
        keepsArtifacts: true, program: "test"
      ).run(into: store) { _ in }
    }
    // The files of curves, cut off amid their points; what says that a run has ended is still missing.
    for part in [0.6, 0.8, 1] {
      try? FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: source, toPath: copy)
      for file in SourceFile.files(below: copy) where part < 1 {
        let path = "\(copy)/\(file)"
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        let isCurve =
          file.contains("metrics") || file.contains("tfevents") || file.hasSuffix(".wandb")
        if isCurve, !file.hasSuffix(".json") { truncate(path, Int(Double(size) * part)) }
      }
      _ = try importCopy()
    }
    let once = try Store(path: folder.file("once.sqlite"))
    _ = try ForeignImport(
      path: copy, format: kind.format, options: ForeignOptions(), keepsArtifacts: true,
      program: "test"
    ).run(into: once) { _ in }
    let expected = try once.runs()
    #expect(try store.runs().count == expected.count)
    for (run, other) in zip(try store.runs(), expected) {
      #expect(run.status == other.status && run.tags == other.tags)
      #expect(run.metrics.mapValues(\.count) == other.metrics.mapValues(\.count))
      for key in other.metrics.keys {
        let values = try store.points(run: run.id, metric: key).map(\.value.bitPattern)
        #expect(
          values == (try once.points(run: other.id, metric: key)).map(\.value.bitPattern), "\(key)")
      }
    }
    #expect(try importCopy().runs.additions.isEmpty)
  }

  @Test("what W&B's summary says beyond the curves is kept, and what the machine did")
  func summary() throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let report = try importing("wandb-summary", .wandb, into: store)
    let run = try store.run(id: 1)
    #expect(run.metrics["best.acc"]?.last == 0.75 && run.metrics["acc.max"]?.last == 0.75)
    #expect(try store.points(run: 1, metric: "best.acc").map(\.step) == [2])
    #expect(run.metrics["gone"] == nil && run.tags["verdict"] == "good")
    #expect(run.metrics["loss"]?.count == 3 && run.metrics["loss"]?.last == 1 / 3.0)
    #expect(
      report.omissions.counts.map(\.reason).contains(
        "values of the summary that are not the last of their curve"))
    let memory = try store.points(run: 1, metric: "system/memory_percent")
    #expect(memory.count > 2 && memory.map(\.step) == Array(0..<Int64(memory.count)))
    #expect(Set(memory.map(\.time)).count == memory.count)
    #expect(try importing("wandb-summary", .wandb, into: store).runs.additions.isEmpty)
  }

  @Test("a link among a run's files is not followed, which is said")
  func links() throws {
    let folder = try TemporaryFolder()
    let copy = folder.file("wandb")
    try FileManager.default.createDirectory(
      atPath: "\(copy)/files", withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: "\(Self.folder)/wandb-summary/run-sum12345.wandb", toPath: "\(copy)/run.wandb")
    try "private".write(
      toFile: folder.file("elsewhere"), atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: "\(copy)/files/model.bin", withDestinationPath: folder.file("elsewhere"))
    let report = try ForeignImport(
      path: copy, format: .wandb, options: ForeignOptions(), keepsArtifacts: true, program: "test"
    ).run(into: Store(path: folder.file("t.sqlite"))) { _ in }
    #expect(report.artifactCount == 0)
    #expect(report.omissions.counts.contains { $0.reason.contains("it is a link") })
  }

  @Test("a table that is still written gives no half of a number")
  func unended() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("history.csv")
    let store = try Store(path: folder.file("t.sqlite"))
    for (content, count) in [
      ("step,loss\n1,0.5\n2,0.2", 1), ("step,loss\n1,0.5\n2,0.25\n3,0.1\n", 3),
    ] {
      try content.write(toFile: path, atomically: true, encoding: .utf8)
      _ = try ForeignImport(
        path: path, format: .csv, options: ForeignOptions(isGrowing: true), keepsArtifacts: true,
        program: "test"
      ).run(into: store) { _ in }
      #expect(try store.points(run: 1, metric: "loss").count == count)
    }
    #expect(try store.points(run: 1, metric: "loss").map(\.value) == [0.5, 0.25, 0.1])
  }

  @Test("what holds nothing that can be read makes no run", arguments: ForeignFormat.allCases)
  func nothing(format: ForeignFormat) throws {
    let folder = try TemporaryFolder()
    let store = try Store(path: folder.file("t.sqlite"))
    let header = WandBFile.magic + Array("garbage, garbage, garbage".utf8)
    let contents = [[], Array("a,b\n".utf8), Array("step,loss\n1,abc\n".utf8), header]
    for (number, content) in contents.enumerated() {
      let path = folder.file("\(number).wandb")
      try Data(content).write(to: URL(fileURLWithPath: path))
      #expect(throws: ForeignError.self) {
        try ForeignImport(
          path: path, format: format, options: ForeignOptions(), keepsArtifacts: true,
          program: "test"
        ).run(into: store) { _ in }
      }
    }
    #expect(try store.runs().isEmpty)
  }
}

/// A parameter as it is printed.
private struct ForeignText {
  let text: String

  init(_ value: ParameterValue) {
    text =
      switch value {
      case .integer(let value): String(value)
      case .real(let value): String(value)
      case .text(let text): text
      case .boolean(let value): String(value)
      }
  }
}
