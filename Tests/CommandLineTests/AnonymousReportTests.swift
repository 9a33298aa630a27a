import Foundation
import Testing
import TrackerStore

/// `report --anonymous`: whoever reads it cannot tell who made the runs.
@Suite("A report for anonymous review")
struct AnonymousReportTests {
  private static let commit = "4f2a9c1e7b8d6053a1c2e3f405162738495a6b7c"
  /// What must stand nowhere in it, in whatever case.
  private static let secrets = [
    "lovelace", "enigma", "bletchley", commit, String(commit.prefix(8)), "/home", "/scratch",
    "secretproject",
    "s3://", "@bletchley", "47110815", "C:\\Users",
  ]

  /// Two runs that tell who made them wherever a run can.
  private func bench() throws -> Workbench {
    let bench = try Workbench()
    let store = try Store(path: bench.store)
    for index in 0..<3 {
      let environment = RunEnvironment(
        program: "tracker 0.1.0", gitCommit: Self.commit, gitDirty: true,
        host: "enigma.bletchley.uk", user: "Lovelace",
        process: ProcessIdentity(
          pid: 47_110_815, startTime: nil, bootID: nil, pidNamespace: nil, machineID: nil),
        command:
          "python /home/lovelace/secretproject/train.py --data=/scratch/lovelace/d\(index).csv --on enigma"
      )
      let run = try store.startRun(
        RunStart(
          experiment: "lovelace-study", name: "of Lovelace \(index)",
          parameters: [
            "data_path": .text("/scratch/lovelace/d\(index % 2)"), "lr": .real(0.1),
            "init": .text("/home/lovelace/secretproject/weights.pt"), "optimizer": .text("adam"),
          ],
          dataset: DatasetRecord(
            name: "/scratch/lovelace/d.csv", sha256: String(repeating: "a", count: 64), rows: 3,
            features: 2, classes: 2),
          environment: environment,
          tags: [
            "mlflow.user": "whoever", "bucket": "s3://enigma/secretproject", "team": "blue",
            "windows": "C:\\Users\\x\\y", "sha": String(Self.commit.prefix(8)),
          ],
          note: "ask lovelace@bletchley.uk, or see (/home/lovelace/secretproject/notes.md)"))
      for step in 0..<5 { try run.log([("loss", 1 / Double(step + index + 1))], step: Int64(step)) }
      try run.log(
        alert:
          Alert(
            title: "on enigma", text: "File \"/home/lovelace/secretproject/x.py\", line 3",
            level: .warning, step: 1, time: .now()))
      try run.finish(
        .failed, error: "File \"/home/lovelace/secretproject/x.py\", line 3, at \(Self.commit)")
    }
    return bench
  }

  @Test("neither the page, its data, nor the Markdown names user, host, path or commit")
  func secrets() throws {
    let bench = try bench()
    let sections = bench.path("mine")
    try FileManager.default.createDirectory(atPath: sections, withIntermediateDirectories: true)
    try Data(
      """
      -- title: Everything
      SELECT id, host, user, command, git_commit, note, pid FROM runs
      """.utf8
    ).write(to: URL(fileURLWithPath: sections + "/all.sql"))
    let named = bench("report", "--html", "--reports", "mine", "-o", "named.html")
    #expect(named.status == 0, "\(named.diagnostics)")
    let page = try String(contentsOfFile: bench.path("named.html"), encoding: .utf8)
    for secret in Self.secrets where !secret.contains("\\") {
      #expect(page.lowercased().contains(secret.lowercased()), "\(secret)")
    }
    #expect(
      bench("report", "--anonymous", "--reports", "mine", "-o", "page.html").status == 0)
    let anonymous = try String(contentsOfFile: bench.path("page.html"), encoding: .utf8)
    let markdown = bench("report", "--anonymous", "--markdown").output
    for text in [anonymous, markdown] {
      for secret in Self.secrets {
        #expect(!text.lowercased().contains(secret.lowercased()), "\(secret)")
      }
      #expect(!text.contains("whoever"))
      #expect(text.contains("train.py"))
    }
    #expect(anonymous.contains("optimizer") && anonymous.contains("adam"))
    // Runs that had other data still have.
    #expect(anonymous.contains("… (1)") && anonymous.contains("… (2)"))
  }
}
