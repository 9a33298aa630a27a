import TrackerCLI
import TrackerSystem

let arguments = Array(CommandLine.arguments.dropFirst())
exit(TrackerCommand.main(arguments: arguments, context: .system()))
