import TrackerOptimization
public import TrackerValues

extension TrainingConfiguration {
  /// Every option by its name, in lower camel case: the flat form that is a run's parameters. An option
  /// that the training does not use, such as no patience, is left out.
  public var parameters: [String: ParameterValue] {
    Dictionary(
      uniqueKeysWithValues: TrainingOption.all.compactMap { option in
        option.read(self).map { (option.key, $0) }
      })
  }

  /// The configuration whose flat form this is; what is not there keeps its default, and what is not an option of a training is left
  /// out of account.
  ///
  /// - Throws: ``ConfigurationError`` for a value that no such option has
  public init(parameters: [String: ParameterValue]) throws {
    self.init()
    try apply(parameters)
    try validate()
  }

  /// Sets the options that are given; see ``validate()`` for whether they go together.
  ///
  /// - Throws: ``ConfigurationError`` for a value that no such option has
  public mutating func apply(_ values: [String: ParameterValue]) throws(ConfigurationError) {
    for option in TrainingOption.all {
      guard let value = values[option.key] else { continue }
      guard option.write(&self, value) else { throw option.wrong("\(value)") }
    }
  }

  /// Throws a ``ConfigurationError`` for the first option outside its legal range, and `OptimizerError`
  /// for one of the optimiser's.
  public func validate() throws {
    for option in TrainingOption.all {
      for rule in option.rules where !rule.holds(self) {
        let value = option.read(self).map { "\($0)" } ?? "not used"
        throw ConfigurationError(
          option: option.key, message: "\(option.key) is \(value), but must be \(rule.legal)")
      }
    }
    try optimizer.validate()
  }
}
