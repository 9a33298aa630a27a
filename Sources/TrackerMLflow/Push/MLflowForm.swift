import TrackerStore

/// A run of ours in the words of MLflow, within its limits.
struct MLflowForm {
  var name: String
  var status: String
  var endTime: Int64?
  var parameters: [KeyedText] = []
  var tags: [KeyedText] = []
  var inputs: [ClientInput] = []

  /// - Parameters:
  ///   - run: the run
  ///   - client: the same, as clients ask for it
  ///   - parent: the number on the server of the run above it, by our tag's value
  init(
    _ run: Run, _ client: ClientRun, parent: (String) -> String?, _ omissions: inout Omissions
  ) {
    name = run.name ?? "run \(run.id)"
    status =
      switch run.status {
      case .running: "RUNNING"
      case .finished: "FINISHED"
      case .interrupted: "KILLED"
      case .failed, .crashed: "FAILED"
      }
    endTime = run.endedAt?.milliseconds
    for parameter in client.parameters {
      parameters.append(
        KeyedText(
          key: MLflowName.name(for: parameter.key, &omissions),
          value: Self.cut(
            parameter.value, Limits.parameterLength, "values of parameters", &omissions)))
    }
    var tags = ReservedTag.all(of: client).filter { $0.key != "mlflow.runName" }
    func fact(_ key: String, _ value: String?) {
      if let value, !value.isEmpty { tags.append(KeyedText(key: "tracker.\(key)", value: value)) }
    }
    fact("uuid", run.uuid)
    fact("program", run.environment.program)
    fact("host", run.environment.host)
    fact("error", run.error)
    fact("outcome", run.outcome)
    if run.status == .crashed { fact("status", run.status.rawValue) }
    for tag in tags {
      var value = tag.value
      if tag.key == Nesting.tag {
        guard let above = parent(value) else { continue }
        value = above
      }
      self.tags.append(
        KeyedText(
          key: MLflowName.name(for: tag.key, &omissions),
          value: Self.cut(value, Limits.tagLength, "texts of tags and notes", &omissions)))
    }
    inputs = client.inputs
    if let dataset = run.dataset {
      inputs.append(
        ClientInput(
          name: dataset.name, digest: String(dataset.sha256.prefix(Self.digestLength)),
          sourceType: "local", source: dataset.name))
    }
    if !client.modelOutputs.isEmpty {
      omissions.add("logged models", count: client.modelOutputs.count)
    }
    if !run.gradientChecks.isEmpty {
      omissions.add("the vectors of gradient checks", count: run.gradientChecks.count)
    }
    if !run.alerts.isEmpty {
      omissions.add("alerts, which MLflow has no place for", count: run.alerts.count)
    }
  }

  /// MLflow's limit of a data set's digest.
  private static let digestLength = 36

  private static func cut(
    _ text: String, _ limit: Int, _ what: String, _ omissions: inout Omissions
  ) -> String {
    guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return text }
    omissions.add("the ends of \(what) of more than \(limit) characters")
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
  }
}

/// Keys as MLflow takes them.
enum MLflowName {
  /// The key itself where MLflow takes it; else one made of it, the same each time: what is not taken becomes `_`, and the
  /// first digits of a hash keep it apart from other keys.
  static func name(for key: String) -> String {
    let isTaken =
      key.unicodeScalars.count <= Limits.keyLength && key.unicodeScalars.allSatisfy(Limits.isPlain)
      && Limits.isPath(key)
    if isTaken { return key }
    let plain = key.unicodeScalars.map { Limits.isPlain($0) ? Character($0) : "_" }
    let parts = String(plain).split(separator: "/").map { part in
      part == "." || part == ".." ? String(repeating: "_", count: part.count) : String(part)
    }
    return renamed(parts.joined(separator: "/"), of: key)
  }

  /// A text of which MLflow minds no character as the name of a key: with the first digits of the key's hash.
  static func renamed(_ text: String, of key: String) -> String {
    let hash = Digest.hexadecimal(Array(key.utf8).withUnsafeBytes(Digest.sha256)).prefix(6)
    var start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(Limits.keyLength - 7)))
    while start.utf8.count > Limits.keyLength - 7 { start.removeLast() }
    return start.isEmpty ? String(hash) : "\(start)-\(hash)"
  }

  static func name(for key: String, _ omissions: inout Omissions) -> String {
    let name = name(for: key)
    if name != key {
      omissions.add("keys that MLflow does not take: they have another name there")
    }
    return name
  }
}
