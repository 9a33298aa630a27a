// The C library under its name on each system. Everything else imports `TrackerSystem`, so that what
// differs between systems is written once.

#if canImport(Glibc)
  @_exported public import Glibc
#elseif canImport(Musl)
  @_exported public import Musl
#else
  @_exported public import Darwin
#endif
