import TrackerJSON
import TrackerStore

extension MLflowService {
  func serverInfo() -> HTTPResponse {
    .json(
      .object([
        "store_type": .string("SqlStore"), "workspaces_enabled": .boolean(false),
        "multipart_upload_enabled": .boolean(false), "multipart_download_enabled": .boolean(false),
      ]))
  }

  func listArtifacts(_ call: Call) throws -> HTTPResponse {
    let message = try call.message()
    let folder = try Limits.safePath(message.text("path") ?? "")
    let run = try store.clientRun(Self.runID(message))
    return .json(
      Self.answer(
        try artifacts.entries(artifacts.place(of: run), in: folder),
        root: artifacts.address(of: run)))
  }

  func listModelArtifacts(_ call: Call) throws -> HTTPResponse {
    let folder = try Limits.safePath(call.request.query("artifact_directory_path") ?? "")
    let model = try store.model(call.parts[0])
    let experiment = externalID(model.experiment)
    return .json(
      Self.answer(
        try artifacts.entries(artifacts.place(of: model, experiment: experiment), in: folder),
        root: artifacts.address(of: model, experiment: experiment)))
  }

  private static func answer(_ entries: [ArtifactPlaces.Entry], root: String?) -> JSONValue {
    let files = JSONValue.array(
      entries.map { entry in
        var members: [JSONValue.Member] = [
          .init(key: "path", value: .string(entry.path)),
          .init(key: "is_dir", value: .boolean(entry.byteCount == nil)),
        ]
        if let count = entry.byteCount {
          members.append(.init(key: "file_size", value: .integer(count)))
        }
        return .object(members)
      })
    return root.map { .object(["root_uri": .string($0), "files": files]) }
      ?? .object(["files": files])
  }

  func getArtifact(_ call: Call) throws -> HTTPResponse {
    let name = try Limits.safePath(call.request.query("path") ?? "")
    let run = try store.clientRun(Self.runID(Message(query: call.request.query)))
    return try Self.answer(of: artifacts.content(artifacts.place(of: run), name), name)
  }

  func getModelArtifact(_ call: Call) throws -> HTTPResponse {
    guard let path = call.request.query("artifact_file_path") else {
      throw MLflowError.missing("artifact_file_path")
    }
    let name = try Limits.safePath(path)
    let model = try store.model(call.parts[0])
    let place = artifacts.place(of: model, experiment: externalID(model.experiment))
    return try Self.answer(of: artifacts.content(place, name), name)
  }

  /// The registry is not there, but a path that leads out of it is told first.
  func getModelVersionArtifact(_ call: Call) throws -> HTTPResponse {
    _ = try Limits.safePath(call.request.query("path") ?? "")
    throw MLflowError(.endpointNotFound, "There is no registry of models.")
  }

  /// A content to be kept as a file: whatever it is, a browser does not run it on this server's behalf.
  private static func answer(of body: HTTPResponse.Body, _ name: String) -> HTTPResponse {
    let file = String(name.split(separator: "/").last ?? "artifact").unicodeScalars.map { scalar in
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isPlain || "._- ".unicodeScalars.contains(scalar) ? String(scalar) : "_"
    }.joined()
    return HTTPResponse(
      headers: [
        KeyedText(key: "Content-Type", value: "application/octet-stream"),
        KeyedText(key: "Content-Disposition", value: "attachment; filename=\"\(file)\""),
        KeyedText(key: "X-Content-Type-Options", value: "nosniff"),
      ], body: body)
  }

  func uploadArtifact(_ call: Call) throws -> HTTPResponse {
    guard let run = call.request.query("run_uuid"), !run.isEmpty else {
      throw MLflowError.invalid("Request must specify run_uuid.")
    }
    guard let path = call.request.query("path"), !path.isEmpty else {
      throw MLflowError.invalid("Request must specify path.")
    }
    let name = try Limits.safePath(path)
    guard case .bytes(let bytes) = call.request.body, !bytes.isEmpty else {
      throw MLflowError.invalid("Request must specify data.")
    }
    guard bytes.count <= Limits.uploadBytes else {
      throw MLflowError.invalid("Artifact size is too large. Max size is 10MB.")
    }
    let place = artifacts.place(of: try store.clientRun(RunID.internal(run)))
    try artifacts.keep(call.request.body, place, as: name)
    return .done
  }

  // MARK: By the address that artifacts have

  func listProxiedArtifacts(_ call: Call) throws -> HTTPResponse {
    let path = try Limits.safePath(call.request.query("path") ?? "")
    guard !path.isEmpty else { return .json(.object(["files": .array([])])) }
    let (owner, folder) = try artifacts.resolve(path)
    let entries = try artifacts.entries(.store(owner), in: folder).map { entry in
      // Here the last part of the path alone is asked for.
      ArtifactPlaces.Entry(
        path: String(entry.path.split(separator: "/").last ?? ""), byteCount: entry.byteCount)
    }
    return .json(Self.answer(entries, root: nil))
  }

  func getProxiedArtifact(_ call: Call) throws -> HTTPResponse {
    let (owner, name) = try artifacts.resolve(Limits.safePath(call.parts[0]))
    return try Self.answer(of: artifacts.content(.store(owner), name), name)
  }

  func putProxiedArtifact(_ call: Call) throws -> HTTPResponse {
    let (owner, name) = try artifacts.resolve(Limits.safePath(call.parts[0]))
    guard !name.isEmpty else { throw MLflowError.invalid("Invalid path") }
    try artifacts.keep(call.request.body, .store(owner), as: name)
    return .done
  }

  func deleteProxiedArtifact(_ call: Call) throws -> HTTPResponse {
    let (owner, name) = try artifacts.resolve(Limits.safePath(call.parts[0]))
    try store.removeArtifacts(name, of: owner)
    return .done
  }
}
