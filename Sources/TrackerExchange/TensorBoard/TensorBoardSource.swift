import TrackerStore
import TrackerSystem

/// TensorBoard's event files: a folder is a run; folders below it are runs of their own, but those that the
/// writer's `add_scalars` and `add_hparams` make, which belong to the run above them.
struct TensorBoardSource: ForeignSource {
  static let format = ForeignFormat.tensorboard
  private let path: String

  init(path: String, options: ForeignOptions) { self.path = path }

  private static func isEventFile(_ name: String) -> Bool { name.contains("tfevents") }

  static func recognizes(_ path: String) -> Bool {
    if SourceFile.isFile(path) { return isEventFile(SourceFile.name(of: path)) }
    return isFolder(path)
      && SourceFile.files(below: path).contains { isEventFile(SourceFile.name(of: $0)) }
  }

  func runs(_ omissions: inout Omissions, _ body: (ForeignRun) throws -> Void) throws {
    if SourceFile.isFile(path) {
      let folder = SourceFile.parent(of: path)
      return try body(
        folderRun([path], name: SourceFile.name(of: resolvedPath(folder)), &omissions))
    }
    var folders: [String: [String]] = [:]
    for file in SourceFile.files(below: path) where Self.isEventFile(SourceFile.name(of: file)) {
      let inner = file.contains("/") ? SourceFile.parent(of: file) : ""
      folders[inner, default: []].append(file)
    }
    let root = SourceFile.name(of: resolvedPath(path))
    let below = Dictionary(grouping: folders.keys.sorted()) { Self.run(above: $0, in: folders) }
    var read: [String: ForeignRun] = [:]
    var belongsAbove: Set<String> = []
    func run(in inner: String, _ omissions: inout Omissions) throws -> ForeignRun {
      if let run = read.removeValue(forKey: inner) { return run }
      var run = try folderRun(
        (folders[inner] ?? []).map { "\(path)/\($0)" }, name: inner.isEmpty ? root : inner,
        &omissions)
      run.experiment = inner.isEmpty ? run.experiment : root
      return run
    }
    for inner in folders.keys.sorted() where !belongsAbove.contains(inner) {
      var run = try run(in: inner, &omissions)
      for child in below[inner] ?? [] {
        let part = try folderRun(
          (folders[child] ?? []).map { "\(path)/\($0)" }, name: child, &omissions)
        let relative = inner.isEmpty ? child : String(child.dropFirst(inner.count + 1))
        if run.take(part, from: relative) {
          belongsAbove.insert(child)
        } else {
          read[child] = part
          read[child]?.experiment = root
        }
      }
      try body(run)
    }
  }

  /// The nearest folder above `inner` that has events itself; `nil` where there is none.
  private static func run(above inner: String, in folders: [String: [String]]) -> String? {
    var folder = inner
    while !folder.isEmpty {
      folder = folder.contains("/") ? SourceFile.parent(of: folder) : ""
      if folders[folder] != nil { return folder }
    }
    return nil
  }

  private func folderRun(
    _ files: [String], name: String, _ omissions: inout Omissions
  ) throws -> ForeignRun {
    var run = ForeignRun(identity: "")
    run.name = name
    run.status = .finished
    var session = HyperParameters.Session()
    var plugins: [String: String] = [:]
    var firstTime: Double?
    var lastTime = 0.0
    for file in files {
      let end = try EventFile.events(file) { bytes in
        let event = TensorBoardEvent(bytes)
        if firstTime == nil { firstTime = event.wallTime }
        lastTime = max(lastTime, event.wallTime)
        for value in event.values {
          take(value, of: event, into: &run, &session, &plugins, &omissions)
        }
      }
      switch end {
      case .whole: break
      case .cutOff: omissions.add("the last event of a file that is cut off or still written")
      case .damaged(let offset):
        omissions.add("the rest of \(SourceFile.name(of: file)), damaged at byte \(offset)")
      }
    }
    // The files have no id: a folder is known by its name and the moment of its first event.
    run.identity = "tensorboard:\(name):\(firstTime ?? 0)"
    run.startedAt = firstTime.flatMap(ForeignValue.time(seconds:))
    run.endedAt = session.endedAt ?? ForeignValue.time(seconds: lastTime)
    run.parameters = session.parameters
    if let status = session.status { run.status = status }
    return run
  }

  private func take(
    _ value: TensorBoardEvent.Value, of event: TensorBoardEvent, into run: inout ForeignRun,
    _ session: inout HyperParameters.Session, _ plugins: inout [String: String],
    _ omissions: inout Omissions
  ) {
    switch value.content {
    case .scalar(let number): run.take(number, value.tag, event)
    case .image(let bytes): run.take(images: [bytes], value.tag, event)
    case .histogram(let bytes):
      run.artifacts.append(
        Histogram(ProtobufMessage(bytes)).artifact(value.tag, step: event.step))
    case .audio: omissions.add("sounds, which have no place here")
    case .tensor(let tensor):
      // Writers tell the plugin with the first value of a tag at least.
      if !value.plugin.isEmpty, value.plugin != "scalars" { plugins[value.tag] = value.plugin }
      let plugin = value.plugin.isEmpty ? plugins[value.tag] ?? "" : value.plugin
      if let reason = run.take(tensor, plugin, value.tag, event) { omissions.add(reason) }
    case .none: break
    }
    if value.plugin == "hparams", let bytes = value.pluginContent {
      HyperParameters.read(bytes, into: &session)
    }
  }
}

extension ForeignRun {
  fileprivate mutating func take(_ number: Double, _ tag: String, _ event: TensorBoardEvent) {
    metrics[tag, default: []].append(
      MetricPoint(
        step: event.step, value: number,
        time: ForeignValue.time(seconds: event.wallTime) ?? Timestamp(milliseconds: 0)))
  }

  /// Images of a step: `TAG/STEP.png`, and the others `TAG/STEP.1.png`.
  fileprivate mutating func take(
    images: some Collection<UnsafeRawBufferPointer>, _ tag: String, _ event: TensorBoardEvent
  ) {
    for (number, bytes) in images.enumerated() {
      let name = "\(tag)/\(event.step)" + (number == 0 ? "" : ".\(number)")
      artifacts.append(
        ForeignArtifact(
          name: "\(name).\(Self.type(ofImage: bytes))", kind: "image",
          content: .bytes(Array(bytes))))
    }
  }

  /// The usual end of the name of an image's file, by its first bytes.
  private static func type(ofImage bytes: UnsafeRawBufferPointer) -> String {
    let types: [(start: [UInt8], type: String)] = [
      ([0x89, 0x50, 0x4E, 0x47], "png"), ([0xFF, 0xD8], "jpg"), (Array("GIF8".utf8), "gif"),
      (Array("BM".utf8), "bmp"),
    ]
    return types.first { bytes.starts(with: $0.start) }?.type ?? "img"
  }

  /// Takes over a tensor as its plugin means it (TensorBoard, `plugins/*/metadata.py`).
  ///
  /// - Returns: why it is left out; `nil` where it is not
  fileprivate mutating func take(
    _ tensor: TensorBoardTensor, _ plugin: String, _ tag: String, _ event: TensorBoardEvent
  ) -> String? {
    switch plugin {
    case "hparams": return nil
    case "audio": return "sounds, which have no place here"
    case "images":
      // Width and height, and then the images.
      take(images: tensor.texts.dropFirst(2), tag, event)
      return nil
    case "histograms":
      guard let histogram = Histogram(rows: tensor.numbers()) else { break }
      artifacts.append(histogram.artifact(tag, step: event.step))
      return nil
    default:
      if let number = tensor.scalar {
        take(number, tag, event)
        return nil
      }
      let bytes = tensor.texts
      let texts = bytes.compactMap { String(validating: $0, as: UTF8.self) }
      guard !texts.isEmpty, texts.count == bytes.count else { break }
      // A text at several steps is kept as it came last.
      tags[tag] = texts.joined(separator: "\n")
      return nil
    }
    return "tensors, which have no place here"
  }

  /// Takes over what a folder below the run's holds, if a writer of this run made it.
  ///
  /// `add_scalars("loss", {"train": …})` makes `loss_train`, or `loss/train` in tensorboardX, with the one tag
  /// `loss`; `add_hparams` makes a folder that has a session's parameters.
  ///
  /// - Returns: whether it belongs to the run
  fileprivate mutating func take(_ part: ForeignRun, from folder: String) -> Bool {
    // A file that was just begun does not tell yet whose it is.
    if part.metrics.isEmpty, part.parameters.isEmpty, part.tags.isEmpty, part.artifacts.isEmpty {
      return true
    }
    if part.metrics.count == 1, part.parameters.isEmpty, let (tag, points) = part.metrics.first {
      let prefixes = [tag.replacing("/", with: "_") + "_", tag + "/"]
      guard let prefix = prefixes.first(where: folder.hasPrefix) else { return false }
      metrics["\(tag)/\(folder.dropFirst(prefix.count))", default: []] += points
      endedAt = max(endedAt ?? part.endedAt, part.endedAt)
      return true
    }
    guard !part.parameters.isEmpty else { return false }
    parameters.merge(part.parameters) { own, _ in own }
    metrics.merge(part.metrics) { own, _ in own }
    return true
  }
}

/// The later of two moments.
private func max(_ a: Timestamp?, _ b: Timestamp?) -> Timestamp? {
  guard let a, let b else { return a ?? b }
  return Swift.max(a, b)
}
