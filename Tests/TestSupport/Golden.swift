import Foundation
package import Testing

/// Compares `text` with a file of the folder Fixtures beside the test. With TRACKER_RECORD set the file is written
/// instead and the test fails, so that no recording run passes for a test.
package func expectGolden(
  _ text: String, _ name: String, testFile: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: testFile).deletingLastPathComponent()
    .appending(path: "Fixtures/\(name)")
  if ProcessInfo.processInfo.environment["TRACKER_RECORD"] != nil {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("recorded \(name)", sourceLocation: sourceLocation)
    return
  }
  let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  guard text != expected else { return }
  let pairs = zip(
    text.split(separator: "\n", omittingEmptySubsequences: false),
    expected.split(separator: "\n", omittingEmptySubsequences: false))
  let line = pairs.enumerated().first { $1.0 != $1.1 }
  Issue.record(
    "\(name) differs at line \((line?.offset ?? 0) + 1): \(line.map { "\($0.element.0)" } ?? "end")",
    sourceLocation: sourceLocation)
}
