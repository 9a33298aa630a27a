import Foundation
import Testing

/// What the pages say to type is typed, in a real shell, in a folder with runs.
@Suite("Commands of the pages", .serialized)
struct ShellBlockTests {
  /// Blocks that a test cannot run, by how they begin, each with the reason.
  private static let left: [String: String] = [
    "git checkout COMMIT": "a place for the reader's own commit",
    "tracker watch ": "needs a terminal; WatchTests drives one",
    "python3 -m venv": "installs a package",
    "Python/build": "builds a release; the gate does, and installs it",
  ]
  /// Pages whose blocks other tests run as whole stories, with their results; what is served, in `Tests/Server`, with the
  /// trait that builds the server; what is pushed to a server, in `Tests/Push`.
  private static let told: Set = [
    "track-any-program.md", "query-language.md", "serve.md", "clusters.md", "push.md",
  ]

  /// What a machine has, or a test must not touch, as programs of the shell's path: `tracker` itself (to find a fault is
  /// no failure here), `swift run tracker`, and what sets a machine up or hands out work.
  private static func programs(_ tracker: String) -> [String: String] {
    [
      "tracker": """
      '\(tracker)' "$@"; status=$?
      case "$1:$status" in diagnose:1|check:1) exit 0;; esac
      exit $status
      """,
      "swift": "if [ \"$1 $2\" = 'run tracker' ]; then shift 2; exec tracker \"$@\"; fi",
      "sudo": "exit 0", "apt-get": "exit 0", "pip": "exit 0",
      "parallel": "exec sh",
      "python": "echo '{\"step\": 1, \"loss\": 0.5}'",
      // Another machine is a folder.
      "ssh": "shift; cd \"$HOME/lab\" && exec \"$@\"",
      "scp": """
      for word in "$@"; do
        case "$word" in lab:*) word="$HOME/lab/${word#lab:}";; esac
        set -- "$@" "$word"; shift
      done
      exec cp "$@"
      """,
      "sbatch": """
      for word in "$@"; do command=$word; done
      for task in 1 2; do SLURM_ARRAY_TASK_ID=$task sh -c "$command" || exit; done
      """,
    ]
  }

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    let bin = bench.path("bin")
    try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
    for (name, text) in Self.programs(Workbench.program.path) {
      let path = "\(bin)/\(name)"
      try "#!/bin/sh\n\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    // Fourteen runs: the pages name 12, 13 and 14.
    for number in 1...14 {
      let started = bench(
        "start", "--param", "lambda=0.\(number % 3)", "--param", "optimizer=tnc", "--param",
        "initRange=0.12", "--param", "seed=\(number)")
      #expect(started.status == 0)
      for step in 0..<3 {
        bench.run([
          "log", "\(number)", "--step", "\(step)", "cost=\(1 / Double(step + number))",
          "testAccuracy=0.\(90 + number % 7 + step)",
        ])
      }
      #expect(bench("finish", "\(number)").status == 0)
    }
    for copy in [
      "disk/tracker.sqlite", "results/task-1.sqlite", "lab/runs/tracker.sqlite", "task-1.sqlite",
    ] {
      let path = URL(fileURLWithPath: bench.path(copy))
      try FileManager.default.createDirectory(
        at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      #expect(bench("backup", path.path).status == 0)
    }
    for name in ["analytic", "numerical", "theta"] {
      try npy(count: 7510).write(to: URL(fileURLWithPath: bench.path("\(name).npy")))
    }
    return bench
  }

  /// A vector of small numbers as `numpy.save` writes it.
  private func npy(count: Int) -> Data {
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(count),), }"
    header += String(repeating: " ", count: 117 - header.count) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0])
    data += Data(header.utf8)
    for index in 0..<count {
      withUnsafeBytes(of: (Double(index % 17) / 1000).bitPattern.littleEndian) { data += Data($0) }
    }
    return data
  }

  /// The commands of a page: blocks of shell whole, and what stands behind the prompt of sessions.
  private func scripts(_ page: String, in folder: String) throws -> [String] {
    let sessions = try documentationBlocks("console", of: page, in: folder).map { block in
      block.split(separator: "\n").filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
        .joined(separator: "\n")
    }
    return try documentationBlocks("sh", of: page, in: folder) + sessions
  }

  @Test("Every fenced command of README and Documentation runs")
  func fencedCommands() throws {
    let documentation = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Documentation")
    let pages = try FileManager.default.contentsOfDirectory(atPath: documentation.path)
      .filter { $0.hasSuffix(".md") && !Self.told.contains($0) }.sorted()
    var count = 0
    for (page, folder) in [("README.md", ".")] + pages.map({ ($0, "Documentation") }) {
      for script in try scripts(page, in: folder) {
        guard !Self.left.keys.contains(where: script.hasPrefix) else { continue }
        let bench = try bench()
        // As short as the words allow: how long a training takes is not what is tested.
        let short = script.replacing(/--epochs \d+/, with: "--epochs 2")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-ec", short]
        process.currentDirectoryURL = bench.folder
        process.environment = [
          "PATH": "\(bench.path("bin")):/usr/bin:/bin", "HOME": bench.folder.path,
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try Data().write(to: URL(fileURLWithPath: bench.path("errors")))
        process.standardError = FileHandle(forWritingAtPath: bench.path("errors"))
        try process.run()
        process.finish()
        let errors = try String(contentsOfFile: bench.path("errors"), encoding: .utf8)
        #expect(process.terminationStatus == 0, "\(page):\n\(script)\n\(errors)")
        count += 1
      }
    }
    #expect(count > 10)
  }
}
