package import TrackerEngine

/// All that a run is started with: how it trains, on what, and what is written beside it.
package struct RunConfiguration: Hashable, Sendable {
  /// What decides the training, to the bit.
  package var training = TrainingConfiguration()
  /// The data to train on.
  package var data = DataSource.digits
  /// The preset that the configuration was started from.
  package var preset: String?
  /// The group that the run belongs to.
  package var experiment = "default"
  /// A name for people.
  package var name: String?
  /// Free text by key.
  package var tags: [String: String] = [:]
  /// Free text.
  package var note: String?

  /// The defaults: the 64–100–10 network on scikit-learn's digits.
  package init() {}

  /// The run's parameters: every option that decides its result, by its name in lower camel case.
  package var parameters: [String: ParameterValue] {
    var parameters = training.parameters
    parameters.merge(data.parameters) { $1 }
    if let preset { parameters["preset"] = .text(preset) }
    return parameters
  }

  /// The configuration of a run that was trained by this program.
  ///
  /// - Throws: ``InputError`` when the parameters are another program's; `ConfigurationError`
  package init(parameters: [String: ParameterValue]) throws {
    guard parameters["initRange"] != nil, let source = DataSource(parameters: parameters) else {
      throw InputError(
        .foreignRun, "the run was not trained by tracker, so its network cannot be made again")
    }
    data = source
    training = try TrainingConfiguration(parameters: parameters)
    if case .text(let name) = parameters["preset"] { preset = name }
  }
}
