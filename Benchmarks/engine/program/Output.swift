#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// Ends the program as badly used.
func fail(_ message: String) -> Never {
  fputs("error: \(message)\n", stderr)
  exit(64)
}

/// Hands on what was printed, for the reader waits for it.
func flushOutput() { fflush(stdout) }
