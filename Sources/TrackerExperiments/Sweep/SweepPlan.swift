import TrackerEngine
package import TrackerSearch
package import TrackerStore
package import TrackerValues

/// What a sweep does: which options vary, over what, and how the next trial is chosen. It is made from what the store keeps of
/// a sweep alone, so that one that is resumed chooses as if it had never stopped.
package struct SweepPlan: Sendable {
  /// An option that varies.
  package struct Parameter: Sendable {
    /// The option's name, without dashes.
    package let name: String
    /// What it may be.
    package let domain: Domain

    /// The name that a run's parameters have for it, in lower camel case.
    package var key: String { SweepPlan.key(of: name) }
  }

  /// What varies, in the order it was given.
  package let parameters: [Parameter]
  package let sampler: SamplerMethod
  /// How many trials a grid has; `nil` for other samplers.
  package let gridCount: Int?
  /// The options of each run, as they were typed.
  package let options: [SweepOption]
  /// Those that have one value, in its one spelling.
  private let fixed: [String: String]
  private let seed: UInt64
  private let dimensions: [SearchDimension]
  private let grid: GridSampler?

  /// A grid of more trials is a mistake.
  static let trialLimit = 1_000_000

  /// - Throws: ``SweepError`` for values that cannot be read, or that the sampler cannot search
  package init(options: [SweepOption], sampler: SamplerMethod, seed: UInt64) throws {
    self.options = options
    self.sampler = sampler
    self.seed = seed
    var parameters: [Parameter] = []
    var fixed: [String: String] = [:]
    for option in options where Self.varies(option.name) {
      guard let text = option.value else { continue }
      let domain: Domain
      do { domain = try Domain(text).spelled { Self.spelling($0, of: option.name) } } catch {
        throw SweepError("\(option.name): \(error.message)", reason: .syntax)
      }
      if case .choices(let choices) = domain, choices.count < 2 {
        fixed[option.name] = choices.first
        continue
      }
      guard !parameters.contains(where: { $0.name == option.name }) else {
        throw SweepError("\(option.name) is given twice", advice: "Join its values with commas.")
      }
      parameters.append(Parameter(name: option.name, domain: domain))
    }
    self.parameters = parameters
    self.fixed = fixed
    dimensions = parameters.map(\.domain.dimension)
    grid = sampler == .grid ? GridSampler(dimensions: dimensions) : nil
    gridCount = grid?.count
    if sampler == .grid { try Self.check(parameters, gridCount) }
  }

  /// The plan of a sweep that is recorded.
  package init(_ start: SweepStart) throws {
    try self.init(
      options: start.options, sampler: SamplerMethod(rawValue: start.sampler) ?? .grid,
      seed: UInt64(bitPattern: start.samplerSeed))
  }

  /// Whether an option can have several values: other options' values are texts that may hold commas.
  private static func varies(_ option: String) -> Bool {
    option == "preset" || TrainingOption.named(key(of: option)) != nil
  }

  /// The name that a run's parameters have for an option, in lower camel case.
  private static func key(of option: String) -> String {
    let words = option.split(separator: "-")
    return words.dropFirst().reduce(String(words.first ?? "")) {
      $0 + $1.prefix(1).uppercased() + $1.dropFirst()
    }
  }

  /// The one spelling of an option's value: `-0.12:0.12` for `0.12`. A text that is not a value stays, and is refused when
  /// the trial is made ready.
  private static func spelling(_ text: String, of option: String) -> String {
    (try? TrainingOption.named(key(of: option))?.value(text)).map { "\($0)" } ?? text
  }

  /// A trial's values by the names that a run's parameters have.
  ///
  /// - Throws: `ConfigurationError` for a text that is not a value of its option
  package func parameterValues(_ values: [String: String]) throws -> [String: ParameterValue] {
    var typed: [String: ParameterValue] = [:]
    for (name, text) in values {
      let key = Self.key(of: name)
      typed[key] = try TrainingOption.named(key)?.value(text) ?? .text(text)
    }
    return typed
  }

  private static func check(_ parameters: [Parameter], _ count: Int?) throws {
    if let endless = parameters.first(where: { $0.domain.dimension == .interval }) {
      throw SweepError(
        "a grid cannot hold every value of \(endless.name), which is a distribution",
        reason: .gridOfDistribution)
    }
    guard let count, count <= trialLimit else {
      throw SweepError(
        "the grid has \(count.map { "\($0)" } ?? "more") trials, beyond \(trialLimit)",
        reason: .gridTooLarge)
    }
  }

  /// What a trial is given of the options that vary, by option.
  ///
  /// - Parameter history: the trials that were begun, by number; the sampler may learn from them
  package func values(
    trial number: Int, after history: [(values: [String: String], loss: Double?)]
  ) -> [String: String] {
    let point =
      switch sampler {
      case .grid: grid?.coordinates(trial: number) ?? []
      case .random: RandomSampler(dimensions: dimensions, seed: seed).coordinates(trial: number)
      case .tpe:
        TreeParzenSampler(dimensions: dimensions, seed: seed).coordinates(
          trial: number,
          after: history.compactMap { trial in
            coordinates(of: trial.values).map { Observation(coordinates: $0, loss: trial.loss) }
          })
      }
    return values(at: point)
  }

  private func values(at point: [Double]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: zip(parameters, point).map { ($0.name, $0.domain.text(at: $1)) })
  }

  private func coordinates(of values: [String: String]) -> [Double]? {
    let point = parameters.compactMap { parameter in
      values[parameter.name].flatMap { text in
        parameter.domain.coordinate(of: Self.spelling(text, of: parameter.name))
      }
    }
    return point.count == parameters.count ? point : nil
  }

  /// The arguments of `tracker run` for a trial.
  package func arguments(_ values: [String: String]) -> [String] {
    options.flatMap { option -> [String] in
      guard let value = values[option.name] ?? fixed[option.name] ?? option.value else {
        return ["--\(option.name)"]
      }
      return value.hasPrefix("-") ? ["--\(option.name)=\(value)"] : ["--\(option.name)", value]
    }
  }

  /// Trials that have every alternative and both ends of every range at least once; in all combinations, where those are few.
  package var extremes: [[String: String]] {
    let counts = dimensions.map { if case .choice(let count) = $0 { count } else { 2 } }
    let corners = GridSampler(dimensions: counts.map(SearchDimension.choice))
    guard let corners else { return [] }
    if let count = corners.count, count <= 500 {
      return (0..<count).map { values(at: corners.coordinates(trial: $0)) }
    }
    return counts.indices.flatMap { axis in
      (0..<min(counts[axis], 100)).map { value in
        values(at: counts.indices.map { $0 == axis ? Double(value) : 0 })
      }
    }
  }

  /// The share of the objective's variance that goes with each parameter alone, greatest first; of trials that came to their
  /// end. See ``ParameterImportance``.
  package func importance(of trials: [SweepTrial]) -> [(parameter: Parameter, share: Double)] {
    let ended = trials.filter { $0.runStatus == .finished && $0.value != nil }
    return parameters.compactMap { parameter in
      let known = ended.compactMap { trial in
        trial.values[parameter.name].flatMap { text in
          parameter.domain.coordinate(of: Self.spelling(text, of: parameter.name))
        }.map { (coordinate: $0, value: trial.value ?? .nan) }
      }
      return ParameterImportance.share(
        coordinates: known.map(\.coordinate), dimension: parameter.domain.dimension,
        values: known.map(\.value)
      ).map { (parameter, $0) }
    }.sorted { $0.share > $1.share }
  }
}

/// A sweep that cannot be: a mistake in how it was asked for.
package struct SweepError: ExplainedError, Hashable {
  /// What is wrong, for programs.
  package enum Reason: Hashable, Sendable {
    /// A text says no values.
    case syntax
    /// A grid cannot hold every value of a distribution.
    case gridOfDistribution
    /// The grid has too many trials.
    case gridTooLarge
    /// Anything else; the advice says what to do.
    case other
  }
  /// What is wrong, for programs.
  package let reason: Reason
  /// What is wrong.
  package let message: String
  /// What to do about it, where the reason alone does not tell.
  package let advice: String?

  package init(_ message: String, advice: String? = nil, reason: Reason = .other) {
    self.reason = reason
    self.message = message
    self.advice = advice
  }

  package var description: String { message }
  package var kind: ExplainedErrorKind { .usage }
}
