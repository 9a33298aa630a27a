import Foundation
import Testing
import TrackerStore

/// Repositories of strangers, whose configuration names programs: none of them is run.
@Suite("Hostile repositories")
struct HostileRepositoryTests {
  private let bench: Workbench
  private let tree: Workbench
  /// The program that must not be run writes a line here.
  private let witness: String

  init() throws {
    bench = try Workbench()
    tree = try Workbench(in: bench.path("tree"))
    witness = bench.path("executed")
    try """
    #!/bin/sh
    echo "$0 $*" >> '\(witness)'
    cat

    """.write(toFile: bench.path("program"), atomically: true, encoding: .utf8)
    try shell(
      "chmod +x program && git init -q tree && mkdir hooks && cp program hooks/post-index-change")
    try shell(
      """
      cd tree; git config user.email a@b; git config user.name a
      printf 'a.txt filter=one\\nb.txt filter=T.w-o diff=text\\nc.txt filter=three diff=command\\nd.txt filter=four\\n' \
        > .gitattributes
      for name in a b c d; do echo $name > $name.txt; done
      git add .; git commit -qm one
      for name in a b c d; do echo more >> $name.txt; done
      """)
  }

  private func shell(_ script: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", script]
    process.currentDirectoryURL = bench.folder
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": bench.folder.path]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.finish()
    #expect(process.terminationStatus == 0, "\(script)")
  }

  private func isExecuted() -> Bool { FileManager.default.fileExists(atPath: witness) }

  /// Records in each way that asks git.
  private func record() throws {
    #expect(tree("start", "--db", bench.store).status == 0)
    #expect(tree("record", "--db", bench.store, "--", "true").status == 0)
    #expect(
      tree("run", "--quiet", "--epochs", "1", "--check", "never", "--db", bench.store).status == 0)
  }

  @Test(
    "filters, monitors, drivers, hooks and pagers stay where they are, and the changes are kept as they are"
  )
  func programs() throws {
    let keys = [
      "core.fsmonitor", "filter.one.clean", "filter.one.smudge", "filter.T.w-o.clean",
      "filter.three.clean", "filter.four.process", "diff.text.textconv", "diff.command.command",
      "diff.external", "core.pager", "pager.status", "pager.diff", "core.editor", "core.askPass",
      "core.sshCommand", "credential.helper", "gpg.program",
    ]
    let program = bench.path("program")
    let hooks = bench.path("hooks")
    try shell("cd tree; " + keys.map { "git config '\($0)' '\(program)'" }.joined(separator: "; "))
    try shell(
      """
      cd tree; git config filter.three.required true; git config filter.four.required true
      git config alias.status '!\(program)'; git config alias.diff '!\(program)'
      git config core.hooksPath '\(hooks)'; git config status.submoduleSummary true
      """)
    try record()
    #expect(!isExecuted())
    let store = try Store(path: bench.store, access: .existing)
    for id in 1...3 as ClosedRange<Int64> {
      #expect(try store.run(id: id).environment.gitDirty == true)
      let patch = String(
        decoding: try store.artifact(run: id, name: CodePatch.artifactName), as: UTF8.self)
      #expect(patch.count(where: { $0 == "+" }) >= 8 && patch.contains("+more"), "\(patch)")
    }
    // The same repository does run them for git alone, or this test would show nothing.
    try shell("cd tree; git status > /dev/null || true")
    #expect(isExecuted())
    print("tried \(keys.count + 4) settings of a repository that name programs")
  }

  @Test("a submodule's own configuration is not used either")
  func submodules() throws {
    let program = bench.path("program")
    try shell(
      """
      git init -q part; cd part; git config user.email a@b; git config user.name a
      echo '*.txt filter=one' > .gitattributes; echo s > s.txt; git add .; git commit -qm one; cd ../tree
      git -c protocol.file.allow=always submodule add -q ../part part; git commit -qm two
      cd part; echo more >> s.txt
      git config core.fsmonitor '\(program)'; git config filter.one.clean '\(program)'
      cd ..; git config diff.submodule log; git config diff.ignoreSubmodules none
      """)
    try record()
    #expect(!isExecuted())
  }

  @Test("a filter whose name no option can turn off leaves the state of the tree unknown")
  func unspeakable() throws {
    try shell("cd tree; git config 'filter.a=b.clean' '\(bench.path("program"))'")
    try shell("cd tree; printf 'a.txt filter=a=b\\n' >> .git/info/attributes")
    try record()
    #expect(!isExecuted())
    let run = try Store(path: bench.store, access: .existing).run(id: 1)
    #expect(run.environment.gitCommit == nil && run.environment.gitDirty == nil)
  }

  @Test("files of git's that never end are not waited for")
  func endless() throws {
    try shell("cd tree; mv .git/index .git/index.old; mkfifo .git/index")
    let start = Date()
    #expect(tree("start", "--db", bench.store).status == 0)
    #expect(Date().timeIntervalSince(start) < 30)
  }
}
