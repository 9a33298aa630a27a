extension Terminal {
  /// Asks before something is deleted for ever.
  ///
  /// - Parameter question: what is going to be done, as a question
  /// - Throws: an error of usage where nobody is there to answer; ``ExitStatus/no`` where the answer is not yes
  func confirm(_ question: String) throws {
    guard let answer else {
      throw CommandError(
        status: .usage, message: "delete asks first, and no one is there to answer",
        advice: "Add --yes if you are sure.")
    }
    diagnostics.write("\(question) [y/N] ")
    guard ["y", "yes"].contains(answer()?.lowercased()) else {
      diagnostics.writeLine("nothing was deleted")
      throw ExitStatus.no
    }
  }
}
