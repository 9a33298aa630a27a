#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

/// Hands on what was printed, for the reader waits for it.
func flushOutput() { fflush(stdout) }
