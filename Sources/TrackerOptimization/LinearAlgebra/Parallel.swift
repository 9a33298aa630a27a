import TrackerSystem

/// Runs `body(0) … body(count − 1)`, each on a thread of its own but for the first, and returns when
/// all are done. Where a thread cannot be had, its share is done here.
///
/// The shares must not touch each other's results, so that who does them changes nothing.
package func inParallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    var threads: [pthread_t] = []
    for index in 1..<max(count, 1) {
      let share = Share(index: index, body: body)
      if let thread = share.start() { threads.append(thread) } else { body(index) }
    }
    if count > 0 { body(0) }
    for thread in threads { pthread_join(thread, nil) }
  }
}

private final class Share: Sendable {
  let index: Int
  let body: @Sendable (Int) -> Void

  init(index: Int, body: @escaping @Sendable (Int) -> Void) {
    self.index = index
    self.body = body
  }

  /// Starts the thread, which owns this object from then on; `nil` where the system has none left.
  func start() -> pthread_t? {
    let owned = Unmanaged.passRetained(self)
    #if canImport(Glibc)
      var thread: pthread_t = 0
      let status = pthread_create(&thread, nil, { run($0) }, owned.toOpaque())
    #else
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { run($0) }, owned.toOpaque())
    #endif
    guard status == 0 else {
      owned.release()
      return nil
    }
    return thread
  }
}

private func run(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let argument {
    let share = Unmanaged<Share>.fromOpaque(argument).takeRetainedValue()
    share.body(share.index)
  }
  return nil
}
