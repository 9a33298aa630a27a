import TrackerJSON
import TrackerStore

/// What a run's files on the server are: their names and hashes, kept beside them.
struct ArtifactManifest: Hashable {
  static let name = "tracker/artifacts.json"
  /// The tag with the manifest's own hash: where it is what we would write, nothing has to be sent.
  static let tag = "tracker.artifacts"

  var hashes: [String: String] = [:]

  init() {}

  init(_ value: JSONValue?) {
    guard case .object(let members)? = value else { return }
    for member in members { hashes[member.key] = member.value.plainText }
  }

  var bytes: [UInt8] {
    let members = hashes.sorted { $0.key < $1.key }.map {
      JSONValue.Member(key: $0.key, value: .string($0.value))
    }
    return Array(JSONValue.object(members).pretty.utf8)
  }

  var hash: String { Self.hash(of: bytes) }

  static func hash(of bytes: [UInt8]) -> String {
    Digest.hexadecimal(bytes.withUnsafeBytes(Digest.sha256))
  }
}

/// A file that is sent.
struct PushedFile {
  var name: String
  var sha256: String
  var byteCount: Int
  /// The bytes; `nil`: those that the store has under the name.
  var bytes: [UInt8]?
}

extension Push {
  /// Sends the files that the server has not, or has otherwise.
  func sendFiles(
    of run: Run, to remote: inout RemoteRun, _ report: inout PushReport
  ) throws {
    var files = try store.artifacts(run: run.id).map {
      PushedFile(name: $0.name, sha256: $0.sha256, byteCount: $0.byteCount)
    }
    if !run.gradientChecks.isEmpty {
      let bytes = Array(options.document(run).utf8)
      files.append(
        PushedFile(
          name: "tracker/gradient-checks.json", sha256: ArtifactManifest.hash(of: bytes),
          byteCount: bytes.count, bytes: bytes))
    }
    guard !files.isEmpty else { return }
    guard options.sendsArtifacts else {
      return report.omissions.add("files of runs (--no-artifacts)", count: files.count)
    }
    guard let folder = remote.artifactFolder else {
      return report.omissions.add(
        "files of runs: the server keeps them at \(remote.artifactAddress.prefix(200)) and takes none itself",
        count: files.count)
    }
    var wanted = ArtifactManifest()
    for file in files { wanted.hashes[file.name] = file.sha256 }
    guard remote.tags[ArtifactManifest.tag] != wanted.hash else { return }
    var there = ArtifactManifest()
    if remote.tags[ArtifactManifest.tag] != nil {
      there = ArtifactManifest(try server.artifact("\(folder)/\(ArtifactManifest.name)"))
    }
    var unwritten = 0
    let places = ArtifactPlaces(store: store, root: nil)
    for file in files where there.hashes[file.name] != file.sha256 {
      options.progress("\(run.label): \(file.name)")
      let body: HTTPRequest.Body
      if let bytes = file.bytes {
        body = .bytes(bytes)
      } else {
        switch try places.content(.store(.run(run.id)), file.name) {
        case .bytes(let bytes): body = .bytes(bytes)
        case .file(let content):
          body = .received(ReceivedContent(sha256: [], byteCount: content.byteCount), content)
        // What the store keeps is no stream.
        case .events: continue
        }
      }
      do {
        try server.putArtifact("\(folder)/\(file.name)", body)
      } catch let error as PushError {
        guard case .refused = error.reason else { throw error }
        report.omissions.add("files that the server does not take (\(error))")
        // It is not sent again until it changes.
        there.hashes[file.name] = file.sha256
        continue
      }
      there.hashes[file.name] = file.sha256
      report.fileCount += 1
      report.byteCount += file.byteCount
      unwritten += file.byteCount + (1 << 20)
      if unwritten > 64 << 20 {
        try write(there, folder, of: &remote)
        unwritten = 0
      }
    }
    // What the run has no more stays on the server, and is no longer ours.
    there.hashes = there.hashes.filter { wanted.hashes[$0.key] != nil }
    try write(there, folder, of: &remote)
  }

  private func write(
    _ manifest: ArtifactManifest, _ folder: String, of remote: inout RemoteRun
  ) throws {
    try server.putArtifact("\(folder)/\(ArtifactManifest.name)", .bytes(manifest.bytes))
    try set(ArtifactManifest.tag, to: manifest.hash, of: &remote)
  }

  private func set(_ key: String, to value: String, of remote: inout RemoteRun) throws {
    try server.write(
      "runs/set-tag",
      .object(["run_id": .string(remote.id), "key": .string(key), "value": .string(value)]))
    remote.tags[key] = value
  }
}
