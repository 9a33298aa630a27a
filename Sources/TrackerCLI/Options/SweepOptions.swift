import ArgumentParser
import TrackerExperiments
import TrackerSearch
import TrackerStore

/// How a sweep searches, and what for.
struct SearchOptions: ParsableArguments {
  @Option(help: "How trials are chosen: grid, random, tpe. (default: grid)")
  var sampler: SamplerMethod?
  @Option(help: "How many trials random and tpe run.")
  var trials: Int?
  @Option(help: "The seed of random and tpe. (default: 0)")
  var samplerSeed: UInt64?
  @Option(
    help: ArgumentHelp(
      "The metric to improve; its last value counts. (default: what runs are ranked by: held out before training, accuracies before losses)",
      valueName: "metric"), completion: Completion.metric)
  var objective: String?
  @OptionGroup var direction: DirectionOptions
  @Option(help: "End hopeless trials early: median, asha.")
  var pruner: PrunerMethod?
  @Option(help: "No trial is pruned before this epoch; asha's first rung. (default: 10)")
  var leastEpochs: Int?

  /// Whether any was given: a sweep that is resumed has its own.
  var isGiven: Bool {
    sampler != nil || trials != nil || samplerSeed != nil || objective != nil || direction.isGiven
      || pruner != nil || leastEpochs != nil
  }

  func validate() throws {
    if let trials, trials < 1 { throw ValidationError("--trials is at least 1, not \(trials)") }
    if let leastEpochs, leastEpochs < 1 {
      throw ValidationError("--least-epochs is at least 1, not \(leastEpochs)")
    }
    guard pruner != nil || leastEpochs == nil else {
      throw ValidationError("--least-epochs goes with --pruner median or asha")
    }
    if sampler == .random || sampler == .tpe {
      guard trials != nil else {
        throw ValidationError("--sampler \(sampler?.rawValue ?? "") needs --trials N")
      }
    } else if trials != nil || samplerSeed != nil {
      throw ValidationError(
        "--trials and --sampler-seed go with --sampler random or tpe; a grid runs every combination"
      )
    }
  }

  /// What the sweep does.
  func plan(options: [SweepOption]) throws -> SweepPlan {
    try SweepPlan(options: options, sampler: sampler ?? .grid, seed: samplerSeed ?? 0)
  }

  /// What the store keeps of the sweep.
  ///
  /// - Parameter holdsOut: whether every trial measures examples that it does not learn from
  func start(
    _ plan: SweepPlan, holdsOut: Bool, in context: CommandContext
  ) throws -> SweepStart {
    let measured = KnownMetric.ofTrainer.filter { holdsOut || $0.role != .test }
    let aim = objective ?? RankingMetric(among: measured.map(\.key))?.key
    guard let aim, let direction = direction.direction(of: aim) else {
      throw SweepError(
        "nothing says which way \(aim ?? "a trial") is better",
        advice: "Add --maximize or --minimize")
    }
    return SweepStart(
      command: RunEnvironment.current().command, directory: context.workingDirectory,
      options: plan.options, sampler: plan.sampler.rawValue,
      samplerSeed: Int64(bitPattern: samplerSeed ?? 0), trialCount: trials ?? plan.gridCount ?? 1,
      pruner: pruner?.rawValue, leastEpochs: leastEpochs ?? 10, objective: aim,
      direction: direction, startedAt: context.now())
  }
}

extension SweepOption {
  /// The options that are typed so: each `--name` with the word after it, unless that begins with two dashes, or
  /// `--name=value`.
  ///
  /// - Throws: ``SweepError`` for a word that belongs to no option
  static func options(_ words: [String]) throws -> [SweepOption] {
    var options: [SweepOption] = []
    for word in words {
      if word.hasPrefix("--") {
        let parts = word.dropFirst(2).split(
          separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        options.append(
          SweepOption(
            name: String(parts.first ?? ""), value: parts.count > 1 ? String(parts[1]) : nil))
      } else if let last = options.indices.last, options[last].value == nil {
        options[last].value = word
      } else {
        throw SweepError(
          "\"\(word)\" belongs to no option",
          advice: "Join an option's values with commas, such as: --lambda 0,0.1,1")
      }
    }
    return options
  }
}
