import Foundation
import Testing
import TrackerStore

/// The question and its answer, from the command line; and the gradients of code that is not ours.
@Suite("Checks and diagnoses")
struct DiagnoseTests {
  private func findings(_ outcome: Outcome) throws -> [[String: Any]] {
    try #require((try outcome.json as? [String: Any])?["findings"] as? [[String: Any]])
  }

  @Test(
    "the question is answered: what is wrong, why one layer agrees, and the commands that mend it")
  func question() throws {
    let bench = try Workbench()
    bench("run", "--preset", "saturated-digits", "--epochs", "1", "--quiet")
    let outcome = bench("diagnose", "latest", "--format", "json")
    #expect(outcome.status == 1)
    let first = try #require(try findings(outcome).first)
    #expect(first["cause"] as? String == "saturated-clamped-output")
    #expect(try #require(first["likelihood"] as? Double) > 0.9)
    let evidence = try #require(first["evidence"] as? [String]).joined(separator: "\n")
    for words in ["vacuously", "TNC", "clamp"] { #expect(evidence.contains(words), "\(words)") }
    // Each command that is named as a cure is one: its check passes.
    let confirm = try #require(first["confirm"] as? String)
    let commands = confirm.components(separatedBy: " && ")
    #expect(commands.count == 2)
    for command in commands {
      let words = command.split(separator: " ").map(String.init)
      #expect(words.first == "tracker")
      let cured = bench.run(
        Array(words.dropFirst()) + ["--epochs", "1", "--require-check", "--quiet"])
      #expect(cured.status == 0, "\(command): \(cured.diagnostics)")
    }
  }

  @Test("a run without a fault is told so, and exits with 0")
  func noFault() throws {
    let bench = try Workbench()
    bench("run", "--quiet")
    let outcome = bench("diagnose", "--format", "json")
    #expect(outcome.status == 0, "\(outcome.output)")
    #expect(try findings(outcome).map { $0["cause"] as? String } == ["no-fault"])
  }

  /// The vectors of a run's check, as files that another program might have written.
  private func write(
    _ bench: Workbench, _ change: (inout GradientCheckRecord.Vectors) -> Void
  ) throws {
    let store = try Store(path: bench.store, access: .existing)
    var vectors = try #require(try store.vectors(ofCheck: 1))
    change(&vectors)
    let theta = try #require(vectors.parameters)
    for (name, vector) in [
      ("analytic.csv", vectors.analytic), ("numerical.csv", vectors.numerical),
      ("theta.csv", theta),
    ] {
      try vector.map(\.description).joined(separator: "\n").write(
        toFile: bench.path(name), atomically: true, encoding: .utf8)
    }
  }

  private static let options = [
    "check", "--analytic", "analytic.csv", "--numerical", "numerical.csv", "--theta", "theta.csv",
    "--shapes", "65x20,21x10", "--examples", "1437", "--lambda", "5", "--epsilon", "1e-4",
  ]

  @Test(
    "faults in another program's vectors are named first",
    arguments: [
      "sign-error", "missing-mean", "missing-regularization", "bias-regularized",
      "transposed-block",
      "no-fault",
    ])
  func foreignVectors(cause: String) throws {
    let bench = try Workbench()
    bench(
      "run", "--hidden", "20", "--lambda", "5", "--init-range", "0.5", "--epochs", "1", "--quiet")
    try write(bench) { vectors in
      let theta = vectors.parameters ?? []
      let (first, penalty) = (65 * 20, 5.0 / 1437)
      for index in vectors.analytic.indices {
        let isBias = index < 20 || (first..<first + 10).contains(index)
        switch cause {
        case "sign-error": vectors.analytic[index].negate()
        case "missing-mean": vectors.analytic[index] *= 1437
        case "missing-regularization" where !isBias:
          vectors.analytic[index] -= penalty * theta[index]
        case "bias-regularized" where isBias: vectors.analytic[index] += penalty * theta[index]
        default: break
        }
      }
      if cause == "transposed-block" {
        let block = Array(vectors.analytic[first...])
        for row in 0..<21 {
          for column in 0..<10 {
            vectors.analytic[first + column * 21 + row] = block[row * 10 + column]
          }
        }
      }
    }
    let check = bench.run(Self.options + ["--format", "json"])
    #expect(check.status == (cause == "no-fault" ? 0 : 1), "\(check.diagnostics)")
    let diagnosis = bench("diagnose", "latest", "--format", "json")
    #expect(diagnosis.status == (cause == "no-fault" ? 0 : 1))
    #expect(try findings(diagnosis).first?["cause"] as? String == cause)
    let run = try Store(path: bench.store, access: .existing).run(id: 2)
    #expect(run.parameters["layout"] == "theta1:65x20:first-row,theta2:21x10:first-row")
    #expect(run.gradientChecks.count == 1)
    #expect(run.status == .finished)
  }

  @Test(
    "vectors that do not fit are told, and not recorded",
    arguments: [
      (["--shapes", "65x20,21x11"], 64, "the shapes hold 1531 parameters"),
      (["--shapes", "65by20"], 64, "is not a shape"),
      (["--theta", "short.csv"], 65, "holds 2 values"),
      (["--second-numerical", "short.csv"], 65, "holds 2 values"),
      (["--layout", "W:65x20,b"], 64, "--layout says all"),
      (["--cost", "nonsense.csv"], 66, "cannot open"),
      (["--numerical", "short.csv"], 65, "holds 2"),
      (["--analytic", "none.csv"], 66, "cannot open"),
      (["--examples", "0"], 64, "--examples"), (["--bias", "middle"], 64, "--bias"),
      (["--lambda", "-1"], 64, "--lambda"), (["--epsilon", "0"], 64, "epsilon is 0"),
      (["--numerical", "text.csv"], 65, "line 2"),
    ] as [([String], Int32, String)])
  func wrongVectors(options: [String], status: Int32, message: String) throws {
    let bench = try Workbench()
    bench("run", "--hidden", "20", "--epochs", "1", "--quiet")
    try write(bench) { _ in }
    try "1\n2\n".write(toFile: bench.path("short.csv"), atomically: true, encoding: .utf8)
    try "1\ntwo\n".write(toFile: bench.path("text.csv"), atomically: true, encoding: .utf8)
    var arguments = Self.options
    // The last of an option that is given twice counts.
    if let index = arguments.firstIndex(of: options[0]) {
      arguments[index + 1] = options[1]
    } else {
      arguments += options
    }
    let outcome = bench.run(arguments)
    #expect(outcome.status == status, "\(outcome.diagnostics)")
    #expect(outcome.diagnostics.contains(message), "\(outcome.diagnostics)")
    #expect(try Store(path: bench.store, access: .existing).runs().count == 1)
  }

  @Test(
    "wrong options of our own engine are named, and the option that mends them",
    arguments: [
      (
        ["--optimizer", "gd", "--learning-rate", "5"], "learning-rate-too-high",
        "--learning-rate 0.5"
      ),
      (
        ["--optimizer", "adam", "--learning-rate", "1"], "learning-rate-too-high",
        "--learning-rate 0.1"
      ),
      (["--init-range", "0"], "constant-initialization", "--init-range glorot"),
      (
        ["--scale", "none", "--activation", "relu", "--optimizer", "gd", "--learning-rate", "1"],
        "inputs-not-scaled", "--scale standard"
      ),
    ] as [([String], String, String)])
  func wrongOptions(options: [String], cause: String, cure: String) throws {
    let bench = try Workbench()
    bench.run(["run", "--quiet", "--check", "never"] + options)
    let findings = try findings(bench("diagnose", "latest", "--format", "json"))
    let finding = try #require(
      findings.first { $0["cause"] as? String == cause }, "\(findings.map { $0["cause"] ?? "" })")
    #expect((finding["confirm"] as? String)?.contains(cure) == true, "\(finding)")
  }

  @Test("vectors and a run are not checked at once, and vectors come in pairs")
  func usage() throws {
    let bench = try Workbench()
    #expect(bench("check", "1", "--analytic", "a", "--numerical", "b").status == 64)
    #expect(bench("check", "--analytic", "a").status == 64)
    #expect(bench("check", "1", "--shapes", "2x2").status == 64)
  }

  @Test("a report explains a check that failed beside its picture")
  func report() throws {
    let bench = try Workbench()
    bench("run", "--preset", "saturated-digits", "--epochs", "1", "--quiet")
    let outcome = bench("report", "--html")
    #expect(outcome.status == 0 && outcome.output.contains("tracker-report.html"))
    let html = try String(contentsOfFile: bench.path("tracker-report.html"), encoding: .utf8)
    for words in ["saturated-clamped-output", "theta2", "Content-Security-Policy", "<svg"] {
      #expect(html.contains(words), "\(words)")
    }
    #expect(html.utf8.count < 500_000)
  }

  @Test("every command has help with examples, and stands in the README")
  func help() throws {
    let bench = try Workbench()
    let readme = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../README.md"), encoding: .utf8)
    let commands = [
      "run", "resume", "predict", "record", "list", "show", "compare", "check", "diagnose",
      "report", "query",
      "doctor", "migrate",
    ]
    let overview = bench("--help").output
    for command in commands {
      let help = bench(command, "--help")
      #expect(help.status == 0 && help.output.contains("EXAMPLES"), "\(command)")
      #expect(overview.contains("  \(command)"), "\(command)")
      #expect(readme.contains("`\(command)"), "\(command)")
    }
    #expect(bench("--version").output == "0.1.0\n")
  }
}
