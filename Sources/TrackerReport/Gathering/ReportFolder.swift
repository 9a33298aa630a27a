import TrackerSystem
import TrackerValues

/// A folder of report parts that a user names.
package enum ReportFolder {
  private static let endings = ["sql", "mustache", "css", "js"]
  /// Larger files are none of ours.
  private static let byteLimit = 4_000_000

  /// The texts of the parts in the folder and in the folders in it, by file name.
  ///
  /// - Throws: ``ReportPartError`` when there is no such folder or nothing in it, or a file cannot be read
  package static func files(in folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for path in try names(in: folder) {
      let inner = "\(folder)/\(path)"
      if let name = partName(path) {
        files[name] = try text(of: inner)
      } else if isFolder(inner) {
        for name in try names(in: inner) {
          guard let part = partName(name) else { continue }
          files[part] = try text(of: "\(inner)/\(name)")
        }
      }
    }
    guard !files.isEmpty else {
      throw ReportPartError(
        "there are no report parts in \(folder)",
        advice: "Put files there that end in .sql, .mustache, .css or .js.", kind: .missing)
    }
    return files
  }

  private static func partName(_ name: String) -> String? {
    let isPart = name == "report.html" || endings.contains { name.hasSuffix(".\($0)") }
    return isPart && !name.hasPrefix(".") ? name : nil
  }

  private static func names(in folder: String) throws(ReportPartError) -> [String] {
    do { return try Folder.names(in: folder).filter { !$0.hasPrefix(".") } } catch {
      throw unreadable(folder, error)
    }
  }

  private static func text(of path: String) throws -> String {
    var bytes: [UInt8] = []
    do {
      try FileDescriptor(readingRegularFile: path).pieces { piece in
        bytes += piece
        guard bytes.count <= byteLimit else {
          throw ReportPartError("\(path) is larger than \(byteLimit) bytes")
        }
      }
    } catch let error as SystemError { throw unreadable(path, error) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ReportPartError("\(path) is not text in UTF-8")
    }
    return text
  }

  private static func unreadable(_ path: String, _ error: SystemError) -> ReportPartError {
    ReportPartError("cannot read \(path): \(error)", kind: .missing)
  }
}
