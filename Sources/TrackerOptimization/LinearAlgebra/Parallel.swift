import CTrackerKernels
import TrackerSystem

/// How many threads the mathematics uses, in this process.
public enum MathThreads {
  /// The number, 1 to 16; at first the processors that the process may use. What has begun keeps the number
  /// that it began with. No result depends on it.
  public static var count: Int {
    get { Int(tracker_thread_count()) }
    set { tracker_set_thread_count(Int32(clamping: newValue)) }
  }

  /// The processors that the process may use, by its affinity and its control groups' limits, 1 to 16.
  public static var processorCount: Int { Int(tracker_processor_count()) }
}

/// Runs `body` on each stretch of `length` indices of `0..<count`, on those of the kernels' threads that are awake: they wait
/// for work, so that microseconds of it pay.
///
/// The stretches must not touch each other's results, so that who does them changes nothing.
func forEachStretch(
  of length: Int, in count: Int, _ body: (_ stretch: Int, _ range: Range<Int>) -> Void
) {
  withoutActuallyEscaping(body) { body in
    var work = { (stretch: Int) in
      body(stretch, stretch * length..<min((stretch + 1) * length, count))
    }
    withUnsafeMutablePointer(to: &work) { work in
      tracker_parallel_briefly(
        tracker_thread_count(), Int32((count + length - 1) / length),
        { context, stretch, _ in
          context.assumingMemoryBound(to: ((Int) -> Void).self).pointee(Int(stretch))
        }, work)
    }
  }
}

/// Runs `body(0) … body(count − 1)`, each on a thread of its own but for the first, and returns when
/// all are done. Where a thread cannot be had, its share is done here.
///
/// The shares must not touch each other's results, so that who does them changes nothing.
package func inParallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    var threads: [Thread] = []
    for index in 1..<max(count, 1) {
      do { threads.append(try Thread { body(index) }) } catch { body(index) }
    }
    if count > 0 { body(0) }
    for thread in threads { thread.join() }
  }
}
