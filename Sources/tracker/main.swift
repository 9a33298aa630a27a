import TrackerCLI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

let arguments = Array(CommandLine.arguments.dropFirst())
exit(TrackerCommand.main(arguments: arguments, context: .system()))
