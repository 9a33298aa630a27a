import CTrackerKernels
import Synchronization
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

/// The sets of instructions that the mathematics has code for, in this process.
public enum MathInstructions: String, CaseIterable, Sendable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
  case baseline
  /// AVX2 with FMA.
  case avx2
  /// AVX-512 F, BW, CD, DQ and VL.
  case avx512

  /// The set in use: the best that the processor has, or what ``use(atMost:)`` allows.
  public static var current: MathInstructions {
    switch tracker_best_instructions() {
    case .baseline: .baseline
    case .AVX2: .avx2
    case .AVX512: .avx512
    }
  }

  /// Lets all that begins from now on use no better set than this one, as if the processor had none: to measure it, or to have
  /// the bits of such a processor. Results of different sets differ in the last bits.
  public static func use(atMost set: MathInstructions) {
    switch set {
    case .baseline: tracker_limit_instructions(.baseline)
    case .avx2: tracker_limit_instructions(.AVX2)
    case .avx512: tracker_limit_instructions(.AVX512)
    }
  }
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

/// What `make` makes of each element, in their order, on up to `threads` threads: each takes the next element that nobody
/// has taken, until there is none.
///
/// What is made of an element must not depend on what was made before it, so that who does it changes nothing.
///
/// - Parameters:
///   - equip: what the thread of this number keeps for its own use; where it is `nil`, the others do its share. The first
///     thread, 0, is the caller's, and must have one.
///   - make: what fails is told by the first element that fails
package func inParallel<Element: Sendable, Tool, Made: Sendable, Failure: Error>(
  over elements: [Element], threads: Int, with equip: @Sendable (Int) -> Tool?,
  _ make: @Sendable (inout Tool, Element) throws(Failure) -> Made
) throws(Failure) -> [Made] {
  let progress = Progress<Made, Failure>(count: elements.count)
  inParallel(max(1, min(threads, elements.count))) { thread in
    guard var tool = equip(thread) else { return }
    while let index = progress.take() {
      do throws(Failure) {
        progress.keep(try make(&tool, elements[index]), at: index)
      } catch {
        progress.fail(error, at: index)
      }
    }
  }
  return try progress.made()
}

/// What `make` makes of each element, in their order, on up to `threads` threads.
package func inParallel<Element: Sendable, Made: Sendable>(
  over elements: [Element], threads: Int, _ make: @Sendable (Element) -> Made
) -> [Made] {
  inParallel(over: elements, threads: threads, with: { _ in () }) { _, element in make(element) }
}

/// Which element is next, and what was made of those before.
private final class Progress<Made: Sendable, Failure: Error>: Sendable {
  private struct State {
    var next = 0
    var made: [Made?]
    /// Of the first element that failed.
    var failure: (index: Int, error: Failure)?
  }

  private let state: Mutex<State>

  init(count: Int) { state = Mutex(State(made: Array(repeating: nil, count: count))) }

  /// The next element's place; `nil` where none is left, or one has failed.
  func take() -> Int? {
    state.withLock { state in
      guard state.next < state.made.count, state.failure == nil else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func keep(_ made: Made, at index: Int) {
    state.withLock { $0.made[index] = made }
  }

  func fail(_ error: Failure, at index: Int) {
    state.withLock { state in
      if index < state.failure?.index ?? .max { state.failure = (index, error) }
    }
  }

  func made() throws(Failure) -> [Made] {
    try state.withLock { state throws(Failure) in
      if let failure = state.failure { throw failure.error }
      return state.made.compactMap { $0 }
    }
  }
}
