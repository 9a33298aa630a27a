import TrackerJSON
import TrackerSystem

/// What W&B and Trackio log beside numbers: an object whose `_type` says what it is.
struct ForeignMedia {
  private let value: JSONValue
  /// The folder below which its files lie.
  let folder: String

  /// `nil` where a value is nothing of the kind.
  init?(_ value: JSONValue, folder: String) {
    guard case .string? = value["_type"] else { return nil }
    (self.value, self.folder) = (value, folder)
  }

  private var type: String {
    guard case .string(let type)? = value["_type"] else { return "" }
    return String(type.split(separator: ".").last ?? "")
  }

  /// Takes over what needs no file: histograms, and texts as tags.
  ///
  /// - Returns: whether it was something of that kind
  func takeValue(_ key: String, step: Int64, into run: inout ForeignRun) -> Bool {
    switch type {
    case "histogram":
      guard let histogram else { return false }
      run.artifacts.append(histogram.artifact(key, step: step))
      return true
    case "markdown":
      guard case .string(let text)? = value["_value"] else { return false }
      run.tags[key] = text
      return true
    default: return false
    }
  }

  /// The ends of the ranges, or their start, size and number (W&B, `data_types/histogram.py`).
  private var histogram: Histogram? {
    guard let counts = ForeignValue.numbers(value["values"]) else { return nil }
    if let edges = ForeignValue.numbers(value["bins"]) {
      return Histogram(edges: edges, counts: counts)
    }
    guard let packed = value["packedBins"], let start = ForeignValue.number(packed["min"]),
      let size = ForeignValue.number(packed["size"])
    else { return nil }
    return Histogram(edges: (0...counts.count).map { start + Double($0) * size }, counts: counts)
  }

  /// The paths of its files below the folder, those that are there; `nil` where one is missing, or there are none.
  ///
  /// What the source says is not trusted, or it could make us keep any file of this machine.
  var files: [String]? {
    var paths: [String] = []
    for key in ["path", "file_path"] {
      if case .string(let path)? = value[key] { paths.append(path) }
    }
    if case .array(let names)? = value["filenames"] {
      for case .string(let path) in names { paths.append(path) }
    }
    let root = resolvedPath(folder) + "/"
    let areThere = paths.allSatisfy { path in
      let place = resolvedPath("\(folder)/\(path)")
      return place.hasPrefix(root) && SourceFile.isFile(place)
    }
    return paths.isEmpty || !areThere ? nil : paths
  }

  /// The word for an artifact of its kind.
  var kind: String { type == "image" ? "image" : "file" }
}
