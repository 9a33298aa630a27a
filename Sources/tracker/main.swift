import TrackerCLI
import TrackerSystem

let arguments = Array(CommandLine.words.dropFirst())
exit(TrackerCommand.main(arguments: arguments, context: .system()))
