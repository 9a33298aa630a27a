import TrackerJSON
package import TrackerStore
import TrackerSystem
package import TrackerValues

/// Writes runs as TensorBoard's event files: `EXPERIMENT/RUN/events.out.tfevents.…`.
package struct TensorBoardExport {
  /// How many runs and points were written.
  package private(set) var runCount = 0
  package private(set) var pointCount = 0
  /// What could not be written.
  package private(set) var omissions = Omissions()
  private let store: Store
  private let folder: String
  private var names = FileNames()

  /// - Parameter folder: is made; there must be none of that name
  package init(store: Store, folder: String) throws {
    (self.store, self.folder) = (store, folder)
    try Folder.make(folder)
  }

  /// Writes a run.
  ///
  /// - Throws: ``StoreError``, `SystemError`
  package mutating func write(run id: Int64) throws {
    let run = try store.run(id: id)
    let place = "\(folder)/\(place(of: run))"
    try Folder.make(place)
    let seconds = Double(run.startedAt.milliseconds) / 1000
    let file = try OutputFile(
      creating: "\(place)/events.out.tfevents.\(Int64(max(0, seconds))).tracker.\(id).0")
    func write(_ time: Timestamp, step: Int64 = 0, _ fields: (inout ProtobufWriter) -> Void) throws
    {
      var event = ProtobufWriter()
      event.double(1, Double(time.milliseconds) / 1000)
      event.varint(2, step)
      fields(&event)
      try EventFile.write(event.bytes, to: file)
    }
    func write(
      _ time: Timestamp, step: Int64, _ tag: String, _ value: (inout ProtobufWriter) -> Void
    ) throws {
      try write(time, step: step) { event in
        event.message(5) { summary in
          summary.message(1) { message in
            message.text(1, tag)
            value(&message)
          }
        }
      }
    }

    try write(run.startedAt) { $0.text(3, "brain.Event:2") }
    try write(run.startedAt, step: 0, HyperParameters.startTag) {
      HyperParameters.writeStart(of: run, to: &$0)
    }
    var texts = run.tags
    if let note = run.note { texts["note"] = note }
    for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
      try write(run.startedAt, step: 0, key) { value in
        value.message(8) { tensor in
          tensor.varint(1, 7)
          tensor.message(2) { shape in shape.message(2) { $0.varint(1, 1) } }
          tensor.text(8, text)
        }
        value.message(9) { metadata in metadata.message(1) { $0.text(1, "text") } }
      }
    }
    var overflow = 0
    for key in run.metrics.keys.sorted() {
      try store.forEachPage(run: id, metric: key) { page in
        for placed in page {
          let point = placed.point
          let value = Float(point.value)
          if value.isInfinite, point.value.isFinite { overflow += 1 }
          try write(point.time, step: point.step, key) { $0.float(2, value) }
        }
        pointCount += page.count
      }
    }
    if overflow > 0 {
      omissions.add("values that are ∞ there, which knows numbers up to 3.4e38", count: overflow)
    }
    try writePictures(of: run) { try write($0, step: $1, $2, $3) }
    if let end = run.endedAt {
      try write(end, step: 0, HyperParameters.endTag) {
        HyperParameters.writeEnd(run.status, at: end, to: &$0)
      }
    }
    try file.close()
    runCount += 1
    if !run.gradientChecks.isEmpty {
      omissions.add("gradient checks", count: run.gradientChecks.count)
    }
    if !run.alerts.isEmpty { omissions.add("alerts", count: run.alerts.count) }
  }

  /// Images and histograms; other files have no place in TensorBoard.
  private mutating func writePictures(
    of run: Run,
    _ write: (Timestamp, Int64, String, (inout ProtobufWriter) -> Void) throws -> Void
  ) throws {
    for artifact in try store.artifacts(run: run.id) {
      let (tag, step) = Self.tagAndStep(of: artifact.name)
      let isHistogram = artifact.kind == Histogram.kind
      let isImage = artifact.name.lowercased().hasSuffix(".png")
      guard isHistogram || isImage, artifact.byteCount < 64 << 20 else {
        omissions.add("files other than images (PNG) and histograms")
        continue
      }
      let bytes = try store.artifact(run: run.id, name: artifact.name)
      if isHistogram, let histogram = (try? JSONValue(parsing: bytes)).flatMap(Histogram.init) {
        try write(artifact.createdAt, step, tag) { $0.message(5, histogram.write) }
      } else if let (width, height) = Self.sizeOfPNG(bytes) {
        try write(artifact.createdAt, step, tag) { value in
          value.message(4) { image in
            image.varint(1, height)
            image.varint(2, width)
            image.varint(3, 3)
            image.content(4, bytes)
          }
        }
      } else {
        omissions.add("images and histograms that cannot be read")
      }
    }
  }

  /// What an import names `TAG/STEP.png`; the second image of a step, `TAG/STEP.1.png`, is that of `TAG/1`.
  private static func tagAndStep(of name: String) -> (tag: String, step: Int64) {
    guard let slash = name.lastIndex(of: "/") else { return (name, 0) }
    let parts = name[name.index(after: slash)...].split(separator: ".")
    guard let step = parts.first.flatMap({ Int64($0) }) else { return (name, 0) }
    let number = parts.count == 3 ? Int64(parts[1]) : nil
    return (name[..<slash] + (number.map { "/\($0)" } ?? ""), step)
  }

  /// Width and height of a PNG (ISO/IEC 15948, section 11.2.2).
  private static func sizeOfPNG(_ bytes: [UInt8]) -> (width: Int64, height: Int64)? {
    guard bytes.count > 24, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
    func number(_ start: Int) -> Int64 {
      bytes[start..<start + 4].reduce(0) { $0 << 8 | Int64($1) }
    }
    return (number(16), number(20))
  }

  private mutating func place(of run: Run) -> String {
    let start = "\(FileNames.part(run.experiment))/\(FileNames.part(run.name ?? "run \(run.id)"))"
    return names.take(start) ? start : "\(start) (\(run.id))"
  }
}

extension HyperParameters {
  static let startTag = "_hparams_/session_start_info"
  static let endTag = "_hparams_/session_end_info"

  /// Writes what a session starts with as a value's metadata.
  static func writeStart(of run: Run, to value: inout ProtobufWriter) {
    write(field: 3, to: &value) { info in
      for (key, parameter) in run.parameters.sorted(by: { $0.key < $1.key }) {
        info.message(1) { entry in
          entry.text(1, key)
          entry.message(2) { write(parameter, to: &$0) }
        }
      }
      info.double(5, Double(run.startedAt.milliseconds) / 1000)
    }
  }

  /// Writes how a session ended.
  static func writeEnd(_ status: RunStatus, at time: Timestamp, to value: inout ProtobufWriter) {
    write(field: 4, to: &value) { info in
      info.varint(1, status == .finished ? 1 : 2)
      info.double(2, Double(time.milliseconds) / 1000)
    }
  }

  private static func write(
    field: Int, to value: inout ProtobufWriter, _ info: (inout ProtobufWriter) -> Void
  ) {
    value.message(9) { metadata in
      metadata.message(1) { plugin in
        plugin.text(1, "hparams")
        plugin.message(2) { $0.message(field, info) }
      }
    }
  }

  /// A `google.protobuf.Value`, whose numbers are doubles: a whole number that none can be is a text.
  private static func write(_ parameter: ParameterValue, to value: inout ProtobufWriter) {
    switch parameter {
    case .integer(let number):
      if let exact = Double(exactly: number) {
        value.double(2, exact)
      } else {
        value.text(3, "\(number)")
      }
    case .real(let number): value.double(2, number)
    case .text(let text): value.text(3, text)
    case .boolean(let flag): value.varint(4, flag ? 1 : 0)
    }
  }
}
