import Foundation
import Testing

@testable import TrackerCLI

/// What `push` says before it speaks to a server; what it sends is tested in `TrackerMLflowTests`.
@Suite("The command push")
struct PushCommandTests {
  @Test(
    "an address that is none, or that shows a password, is refused",
    arguments: [
      "sqlite:///mlflow.db", "./mlruns", "http://", "http://ann:secret@host", "http://host/?a=b",
      "http://a b",
    ])
  func addresses(address: String) throws {
    let bench = try Workbench()
    _ = bench.run(["start"])
    let outcome = bench.run(["push", "--to", address])
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(!outcome.diagnostics.contains("secret"))
  }

  @Test("without an address it says how to give one")
  func noAddress() throws {
    let bench = try Workbench()
    _ = bench.run(["start"])
    let outcome = bench.run(["push"])
    #expect(outcome.status == 64 && outcome.diagnostics.contains("MLFLOW_TRACKING_URI"))
  }

  @Test("a server that is not there ends it with the status of what is unavailable")
  func nobodyThere() throws {
    let bench = try Workbench()
    _ = bench.run(["start"])
    // A process of its own, whose environment names no proxy.
    let outcome = try bench.spawn("push", "--to", "http://127.0.0.1:9")
    #expect(outcome.status == 69 && outcome.diagnostics.hasPrefix("error: "))
  }

  #if os(Linux)
    @Test(
      "without libcurl, or with one that is none, it says what to install",
      arguments: ["", "\u{7F}ELF", "no library"])
    func noLibrary(content: String) throws {
      let bench = try Workbench()
      _ = bench.run(["start"])
      // The loader looks here first, and goes no further than a file that is no library.
      for name in ["libcurl.so.4", "libcurl-gnutls.so.4"] {
        try content.write(toFile: bench.path(name), atomically: true, encoding: .utf8)
      }
      bench.environment["LD_LIBRARY_PATH"] = bench.path(".")
      let outcome = try bench.spawn("push", "--to", "http://127.0.0.1:9")
      #expect(outcome.status == 69 && outcome.output.isEmpty)
      #expect(outcome.diagnostics.contains("no libcurl"))
      #expect(outcome.diagnostics.contains("apt-get install libcurl4"))
      // Other commands never look for it.
      #expect(try bench.spawn("list").status == 0)
    }
  #endif

  @Test("a run that is not there is said before the server is asked")
  func noRun() throws {
    let bench = try Workbench()
    _ = bench.run(["start"])
    #expect(bench.run(["push", "--to", "http://127.0.0.1:9", "17"]).status == 66)
  }
}
