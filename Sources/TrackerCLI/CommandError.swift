import TrackerSystem

/// Something that a command cannot do, with the exit status that says so.
struct CommandError: Error {
  var status: ExitStatus
  /// What is wrong, and what was being done.
  var message: String
  /// What to do about it, if anything; starts with a verb or a command.
  var advice: String?

  static func cannotCreate(_ path: String, errorNumber: Int32) -> CommandError {
    CommandError(
      status: .cannotCreate,
      message: "cannot create \(path): \(String(cString: strerror(errorNumber)))",
      advice: "Choose another folder or file name, or change the folder's permissions.")
  }

  static func cannotRead(_ path: String, errorNumber: Int32) -> CommandError {
    CommandError(
      status: .noInput, message: "cannot read \(path): \(String(cString: strerror(errorNumber)))",
      advice: nil)
  }

  static func cannotWrite(_ what: String, errorNumber: Int32) -> CommandError {
    CommandError(
      status: .inputOutput,
      message: "cannot write \(what): \(String(cString: strerror(errorNumber)))", advice: nil)
  }
}
