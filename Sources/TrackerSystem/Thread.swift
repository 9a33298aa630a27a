/// A thread of the system's, which must be joined once.
package struct Thread {
  private let thread: pthread_t

  /// Starts a thread that does `body`.
  ///
  /// - Throws: ``SystemError`` where the system has no thread left
  package init(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let owned = Unmanaged.passRetained(Body(body))
    #if canImport(Glibc)
      var thread: pthread_t = 0
    #else
      var thread: pthread_t?
    #endif
    let status = pthread_create(&thread, nil, { run($0) }, owned.toOpaque())
    guard status == 0 else {
      owned.release()
      throw SystemError(number: status)
    }
    #if canImport(Glibc)
      self.thread = thread
    #else
      guard let thread else { throw SystemError(number: EAGAIN) }
      self.thread = thread
    #endif
  }

  /// Waits until its body is done.
  package func join() { pthread_join(thread, nil) }
}

private final class Body: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
  return nil
}
