import Testing
import TrackerSearch

@Suite("Pruners")
struct PrunerTests {
  @Test("the median pruner waits for five finished trials, and for the least number of epochs")
  func median() throws {
    var pruner = MedianPruner(leastEpochs: 3)
    for trial in 0..<5 {
      for epoch in 0...9 {
        #expect(pruner.report(trial: trial, epoch: epoch, loss: Double(trial)) == nil)
      }
      #expect(pruner.report(trial: 9, epoch: trial, loss: 100) == nil)
      pruner.finish(trial: trial)
    }
    #expect(pruner.report(trial: 5, epoch: 2, loss: 100) == nil)
    let found = pruner.report(trial: 5, epoch: 3, loss: 2.5)
    let verdict = try #require(found)
    #expect(verdict.bound == 2 && verdict.loss == 2.5)
    #expect(verdict.meaning == "the median of 5 finished trials")
    // As good as the median is good enough, and the best epoch counts.
    #expect(pruner.report(trial: 6, epoch: 3, loss: 2) == nil)
    #expect(pruner.report(trial: 6, epoch: 4, loss: 50) == nil)
    #expect(pruner.report(trial: 7, epoch: 3, loss: .nan) != nil)
  }

  @Test("the median is of what finished trials averaged up to the epoch")
  func averages() {
    var pruner = MedianPruner(leastEpochs: 0)
    for trial in 0..<5 {
      for (epoch, loss) in [10.0, 4, 1].enumerated() {
        _ = pruner.report(trial: trial, epoch: epoch, loss: loss)
      }
      pruner.finish(trial: trial)
    }
    #expect(pruner.report(trial: 5, epoch: 0, loss: 10) == nil)
    #expect(pruner.report(trial: 5, epoch: 1, loss: 9) != nil)
    #expect(pruner.report(trial: 6, epoch: 1, loss: 8)?.bound == 7)
    // A series that has ended counts with its whole average; an epoch that is repeated counts once.
    #expect(pruner.report(trial: 6, epoch: 50, loss: 8)?.bound == 5)
    #expect(pruner.report(trial: 6, epoch: 50, loss: 1000) == nil)
  }

  @Test("successive halving lets the best quarter pass each rung")
  func successiveHalving() throws {
    var pruner = SuccessiveHalvingPruner(leastEpochs: 2)
    #expect(pruner.report(trial: 0, epoch: 1, loss: 100) == nil)
    #expect(pruner.report(trial: 0, epoch: 2, loss: 5) == nil)
    // Until there are four, a trial must be the best.
    let found = pruner.report(trial: 1, epoch: 2, loss: 6)
    let verdict = try #require(found)
    #expect(verdict.bound == 5 && verdict.meaning == "the best 1 of 2 trials")
    #expect(pruner.report(trial: 2, epoch: 2, loss: 4) == nil)
    for trial in 3..<8 { _ = pruner.report(trial: trial, epoch: 2, loss: 9) }
    #expect(pruner.report(trial: 8, epoch: 2, loss: 5) == nil)
    #expect(pruner.report(trial: 9, epoch: 2, loss: 5.5) != nil)
    // Between the rungs, 2, 8, 32 …, nothing is judged.
    for epoch in [3, 7, 9, 31] { #expect(pruner.report(trial: 9, epoch: epoch, loss: 1e9) == nil) }
    #expect(pruner.report(trial: 0, epoch: 8, loss: 3) == nil)
    #expect(pruner.report(trial: 2, epoch: 8, loss: 4) != nil)
    #expect(pruner.report(trial: 8, epoch: 8, loss: .nan) != nil)
  }

  @Test("the best trial is never ended", arguments: PrunerMethod.allCases, 0..<20)
  func best(method: PrunerMethod, seed: Int) {
    var pruner = method.makePruner(leastEpochs: 1)
    let sampler = RandomSampler(
      dimensions: Array(repeating: .interval, count: 40), seed: UInt64(seed))
    var ended = 0
    for trial in 0..<30 {
      let noise = sampler.coordinates(trial: trial)
      // The loss falls with the epochs; that of the 20th trial lies below all others'.
      let level = trial == 20 ? -1 : noise[0]
      var verdict: HopelessTrial?
      for epoch in 0..<40 where verdict == nil {
        verdict = pruner.report(trial: trial, epoch: epoch, loss: level + 1 / Double(1 + epoch))
      }
      if verdict == nil { pruner.finish(trial: trial) } else { ended += 1 }
      #expect(trial != 20 || verdict == nil)
    }
    #expect(ended > 5)
  }
}
