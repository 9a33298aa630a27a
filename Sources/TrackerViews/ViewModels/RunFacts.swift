package import TrackerStore

extension RunEnvironment {
  /// Who ran it where; `nil` where that is not told.
  package var account: String? { user.isEmpty && host.isEmpty ? nil : "\(user)@\(host)" }
}

/// What is known of a run beside its metrics: said in the same words wherever people read it.
extension Run {
  /// What it was started with, by name.
  package var parameterFacts: [Document.Fact] {
    parameters.sorted { $0.key < $1.key }.map { .init($0.key, .parameter($0.value)) }
  }

  /// The data that it was trained on; none where nobody told.
  package var dataFacts: [Document.Fact] {
    guard let dataset else { return [] }
    let size =
      "\(grouped(dataset.rows)) × \(dataset.features), \(counted(dataset.classes, "class", "classes"))"
    return [
      .init("data", .text("\(dataset.name) (\(size))")),
      .init("data SHA-256", .text(dataset.sha256, .faint)),
    ]
  }

  /// The program, its code and the machine.
  ///
  /// - Parameter withProcess: whether the process is told, too, which no two runs have in common
  package func environmentFacts(withProcess: Bool = false) -> [Document.Fact] {
    let pid = environment.process.pid
    let commit = environment.gitCommit.map {
      $0 + (environment.gitDirty == true ? " (with uncommitted changes)" : "")
    }
    return [.init("program", .text(environment.program))]
      + (commit.map { [.init("commit", .text($0))] } ?? []) + [
        .init(
          "host",
          .text(environment.account.map { $0 + (withProcess && pid > 0 ? ", pid \(pid)" : "") }))
      ]
  }

  /// Its tags, by name, but the one that says the run above, where that is told as the run that it is.
  package var tagFacts: [Document.Fact] {
    tags.filter { parent == nil || $0.key != Nesting.tag }.sorted { $0.key < $1.key }
      .map { .init($0.key, .text($0.value)) }
  }
}
