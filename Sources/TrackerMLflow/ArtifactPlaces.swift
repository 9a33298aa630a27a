import TrackerStore
import TrackerSystem

/// Where artifacts are: in the store, in a folder of this machine, or where clients put them themselves.
struct ArtifactPlaces: Sendable {
  /// What addresses begin with that clients send to this server.
  static let scheme = "mlflow-artifacts"
  /// Contents up to this size are answered from memory, in bytes.
  static let memoryLimit = 1 << 20

  let store: Store
  /// Where clients of new experiments put artifacts, without a slash at its end; `nil` for the store.
  let root: String?

  init(store: Store, root: String?) {
    self.store = store
    self.root = root.map { root in
      let root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
      return root.contains(":") ? root : absolutePath(root, in: Folder.current)
    }
  }

  /// Whose artifacts an address below the scheme's root means, and their name or folder.
  enum Place {
    case store(ArtifactOwner)
    case folder(String)
    case elsewhere(String)
  }

  // MARK: Addresses

  func address(of run: ClientRun) -> String {
    let root = run.artifactLocation ?? "\(Self.scheme):/\(MLflowService.externalID(of: run))"
    return "\(root)/\(RunID.external(run.uuid))/artifacts"
  }

  func address(of model: ModelRecord, experiment: String) -> String {
    let root = model.artifactLocation ?? "\(Self.scheme):/\(experiment)"
    return "\(root)/models/\(model.uuid)/artifacts"
  }

  func place(of run: ClientRun) -> Place {
    place(address(of: run), .run(run.id), run.artifactLocation)
  }

  func place(of model: ModelRecord, experiment: String) -> Place {
    place(address(of: model, experiment: experiment), .model(model.id), model.artifactLocation)
  }

  private func place(_ address: String, _ owner: ArtifactOwner, _ location: String?) -> Place {
    if location?.hasPrefix("\(Self.scheme):") ?? true { return .store(owner) }
    // A client says where its experiment's artifacts are: only what lies below the root that the server was started
    // with is read and written for others.
    if let folder = Self.folder(address), let root = root.flatMap(Self.folder),
      folder.hasPrefix("\(root)/"), !folder.split(separator: "/").contains("..")
    {
      return .folder(folder)
    }
    return .elsewhere(address)
  }

  private static func folder(_ address: String) -> String? {
    if address.hasPrefix("file://") {
      return Percent.decode(address.dropFirst(7)).flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    if address.hasPrefix("file:/") { return Percent.decode(address.dropFirst(5)) }
    return address.hasPrefix("/") ? address : nil
  }

  /// What a path that clients send to this server means: `EXPERIMENT/RUN/artifacts/NAME` or
  /// `EXPERIMENT/models/MODEL/artifacts/NAME`, whatever stands before.
  func resolve(_ path: String) throws -> (owner: ArtifactOwner, name: String) {
    let parts = path.split(separator: "/").map(String.init)
    for (index, part) in parts.enumerated() where part == "artifacts" && index > 0 {
      let id = parts[index - 1]
      let name = parts[(index + 1)...].joined(separator: "/")
      do {
        if id.hasPrefix("m-") { return (.model(try store.model(id).id), name) }
        return (.run(try store.clientRun(RunID.internal(id)).id), name)
      } catch let refusal as ClientRefusal {
        guard parts[(index + 1)...].contains("artifacts") else { throw refusal }
      }
    }
    throw MLflowError(.doesNotExist, "No such artifact: '\(path)'")
  }

  // MARK: Contents

  /// What is in a folder, by name.
  struct Entry {
    /// From the artifacts' root.
    var path: String
    /// `nil` for a folder.
    var byteCount: Int?
  }

  func entries(_ place: Place, in folder: String) throws -> [Entry] {
    let start = folder.isEmpty ? "" : "\(folder)/"
    switch place {
    case .elsewhere(let address): throw Self.unreachable(address)
    case .folder(let root):
      let place = folder.isEmpty ? root : "\(root)/\(folder)"
      guard let names = try? Folder.names(in: place) else { return [] }
      return names.compactMap { name in
        // A link may lead anywhere.
        guard let status = try? FileStatus(link: "\(place)/\(name)"), !status.isLink else {
          return nil
        }
        return Entry(path: start + name, byteCount: status.isFolder ? nil : status.byteCount)
      }
    case .store(let owner):
      var entries: [Entry] = []
      for (name, count) in try store.artifactNames(of: owner, below: folder) {
        let rest = name.dropFirst(start.count)
        guard let slash = rest.firstIndex(of: "/") else {
          entries.append(Entry(path: name, byteCount: count))
          continue
        }
        let path = start + rest[..<slash]
        if entries.last?.path != path { entries.append(Entry(path: path, byteCount: nil)) }
      }
      return entries
    }
  }

  func content(_ place: Place, _ name: String) throws -> HTTPResponse.Body {
    switch place {
    case .elsewhere(let address): throw Self.unreachable(address)
    case .folder(let root):
      do {
        let file = try FileDescriptor(readingRegularFile: "\(root)/\(name)")
        let count = try file.status.byteCount
        return .file(OpenFile(file, byteCount: count))
      } catch { throw ClientRefusal.noArtifact(name) }
    case .store(let owner):
      guard let count = try store.artifactSize(name, of: owner) else {
        throw ClientRefusal.noArtifact(name)
      }
      if count <= Self.memoryLimit {
        var bytes: [UInt8] = []
        try store.readArtifact(name, of: owner) { bytes.append(contentsOf: $0) }
        return .bytes(bytes)
      }
      // Out of the store at once: a slow client must not keep others from reading.
      do {
        let file = try temporaryFile()
        try store.readArtifact(name, of: owner) { try file.write($0) }
        return .file(OpenFile(file, byteCount: count))
      } catch let error as SystemError {
        throw MLflowError(.unavailable, "reading \(name): \(error)")
      }
    }
  }

  func keep(_ body: HTTPRequest.Body, _ place: Place, as name: String) throws {
    let (content, source) = Self.received(body)
    switch place {
    case .elsewhere(let address): throw Self.unreachable(address)
    case .store(let owner):
      try store.keepArtifact(name, of: owner, content, reading: source)
    case .folder(let root):
      let path = "\(root)/\(name)"
      do {
        try Folder.make(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        let part = unusedName("\(path).part")
        let file = try FileDescriptor(creating: part)
        try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
          while case let count = try source(buffer), count > 0 {
            try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
          }
        }
        try file.close()
        guard rename(part, path) == 0 else { throw SystemError.last }
      } catch let error as SystemError {
        throw MLflowError(
          error.isFull ? .unavailable : .permissionDenied, "keeping \(name): \(error)")
      }
    }
  }

  /// A body with its hash, and its bytes from the start.
  private static func received(
    _ body: HTTPRequest.Body
  ) -> (content: ReceivedContent, source: ByteSource) {
    switch body {
    case .received(let content, let file): return (content, file.source)
    case .bytes(let bytes):
      let content = ReceivedContent(
        sha256: bytes.withUnsafeBytes(Digest.sha256), byteCount: bytes.count, isVerified: true)
      var offset = 0
      return (
        content,
        { buffer in
          let count = min(buffer.count, bytes.count - offset)
          bytes.withUnsafeBytes {
            buffer.copyMemory(from: .init(rebasing: $0[offset..<offset + count]))
          }
          offset += count
          return count
        }
      )
    }
  }

  /// A file for contents that are on their way: beside the store, where there is room for such, or, where nothing can be
  /// written there, among the system's temporary files.
  private func temporaryFile() throws(SystemError) -> FileDescriptor {
    let folder = store.path.lastIndex(of: "/").map { String(store.path[..<$0]) } ?? "."
    if let file = try? FileDescriptor(unnamedIn: folder) { return file }
    let other = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return try FileDescriptor(unnamedIn: other.isEmpty ? "/tmp" : other)
  }

  private static func unreachable(_ address: String) -> MLflowError {
    .invalid("The artifacts are at \(address), where clients put them without this server")
  }
}
