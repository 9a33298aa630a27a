import CTrackerSystem

extension CommandLine {
  /// The words of the command line, with the program's name, also where `/proc` cannot be read.
  package static var words: [String] {
    guard let words = tracker_arguments() else { return arguments }
    return (0..<Int(tracker_argument_count())).compactMap { words[$0].map { String(cString: $0) } }
  }
}
