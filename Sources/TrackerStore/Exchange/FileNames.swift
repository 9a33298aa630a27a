/// Names that become files of one folder: each is taken once, and none is a folder of another.
package struct FileNames {
  private var files: Set<String> = []
  private var folders: Set<String> = []

  package init() {}

  /// Takes a name, with `/` between folders; `false` where it cannot be a file beside those that were taken.
  package mutating func take(_ name: String) -> Bool {
    var above: [String] = []
    var folder = name[...]
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      above.append(String(folder))
    }
    let isLong = name.split(separator: "/").contains { $0.utf8.count > 250 }
    guard !isLong, !files.contains(name), !folders.contains(name),
      !above.contains(where: files.contains)
    else { return false }
    files.insert(name)
    folders.formUnion(above)
    return true
  }

  /// A text as a part of a path that no system minds: without slashes and control characters, at most 100 characters.
  package static func part(_ text: String) -> String {
    let plain = text.unicodeScalars.prefix(100).map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7F || "/\\:*?\"<>|".unicodeScalars.contains(scalar)
        ? "_" : Character(scalar)
    }
    let part = String(plain)
    let isHidden = part.isEmpty || part.hasPrefix(".")
    // A name has at most 255 bytes.
    var text = isHidden ? "_" + part.dropFirst() : part
    while text.utf8.count > 200 { text.removeLast() }
    return text
  }
}
