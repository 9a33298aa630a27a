import Synchronization
import Testing

@testable import TrackerOptimization

@Suite("Work on several threads")
struct ParallelTests {
  private struct Odd: Error, Equatable {
    let number: Int
  }

  @Test("What is made stands in the elements' order", arguments: [0, 1, 3, 40])
  func order(threads: Int) {
    let numbers = Array(0..<200)
    let made = inParallel(over: numbers, threads: threads) { $0 * $0 }
    #expect(made == numbers.map { $0 * $0 })
    #expect(inParallel(over: [Int](), threads: threads) { $0 }.isEmpty)
  }

  @Test("The first failure is told, and what comes long after it is not begun")
  func failure() {
    let begun = Atomic(0)
    #expect(throws: Odd(number: 31)) {
      try inParallel(over: Array(0..<10_000), threads: 3, with: { $0 }) {
        (_, number) throws(Odd) in
        begun.add(1, ordering: .relaxed)
        if number % 32 == 31 { throw Odd(number: number) }
        return number
      }
    }
    #expect((32..<10_000).contains(begun.load(ordering: .relaxed)))
  }

  @Test("A thread that cannot be equipped leaves its share to the others")
  func unequipped() {
    let made = inParallel(
      over: Array(0..<50), threads: 4, with: { thread in thread == 0 ? 7 : nil }
    ) { tool, number in tool * number }
    #expect(made == (0..<50).map { 7 * $0 })
  }
}
