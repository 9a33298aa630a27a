import TrackerSystem
import TrackerViews

/// A folder of report parts that a user names with `--reports`.
enum ReportFolder {
  private static let endings = ["sql", "mustache", "css", "js"]
  /// Larger files are none of ours.
  private static let byteLimit = 4_000_000

  /// The texts of the parts in the folder and in the folders in it, by file name.
  ///
  /// - Throws: ``CommandError`` when there is no such folder or nothing in it, or a file cannot be read
  static func files(in folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for path in try names(in: folder).sorted() {
      let inner = "\(folder)/\(path)"
      if let name = partName(path) {
        files[name] = try text(of: inner)
      } else if isFolder(inner) {
        for name in try names(in: inner).sorted() {
          guard let part = partName(name) else { continue }
          files[part] = try text(of: "\(inner)/\(name)")
        }
      }
    }
    guard !files.isEmpty else {
      throw CommandError(
        status: .noInput, message: "there are no report parts in \(folder)",
        advice: "Put files there that end in .sql, .mustache, .css or .js.")
    }
    return files
  }

  private static func partName(_ name: String) -> String? {
    let isPart = name == "report.html" || endings.contains { name.hasSuffix(".\($0)") }
    return isPart && !name.hasPrefix(".") ? name : nil
  }

  private static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  private static func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
      throw CommandError.cannotRead(folder, errorNumber: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names.filter { !$0.hasPrefix(".") }
  }

  private static func text(of path: String) throws -> String {
    let source = try FileSystem.source(path)
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = try piece.withUnsafeMutableBytes { try source($0) }
      guard count > 0 else { break }
      bytes += piece[..<count]
      guard bytes.count <= byteLimit else {
        throw CommandError(
          status: .data, message: "\(path) is larger than \(byteLimit) bytes", advice: nil)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandError(status: .data, message: "\(path) is not text in UTF-8", advice: nil)
    }
    return text
  }
}
