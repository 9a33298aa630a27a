import TrackerEngine
import TrackerOptimization
package import TrackerValues

/// A named configuration to start from.
package struct Preset: Sendable {
  /// What `--preset` takes.
  package let name: String
  /// What it is for, in a sentence.
  package let summary: String
  private let change: @Sendable (inout RunConfiguration) -> Void

  /// The defaults, with what the preset changes.
  package var configuration: RunConfiguration {
    var configuration = RunConfiguration()
    change(&configuration)
    configuration.preset = name
    return configuration
  }

  /// Every preset, in the order of `--list-presets`.
  package static let all: [Preset] = [
    Preset(name: "digits", summary: "the defaults: a 64–100–10 network that learns the digits") {
      _ in
    },
    Preset(
      name: "saturated-digits",
      summary: "the question: weights in 0…3, clamped cost; its check fails"
    ) { configuration in
      configuration.training.scale = .none
      configuration.training.testFraction = 0
      configuration.training.cost = .clamped
      configuration.training.initialization = .uniform(lower: 0, upper: 3)
      configuration.training.optimizer.method = .tnc
      configuration.training.check.epsilon = 1e-7
    },
  ]

  /// The preset of this name.
  ///
  /// - Throws: ``UnknownPreset``
  package static func named(_ name: String) throws -> Preset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw UnknownPreset(name: name)
    }
    return preset
  }
}

/// There is no preset of that name.
package struct UnknownPreset: ExplainedError, Hashable {
  /// The name that was asked for.
  package let name: String

  package var description: String { "there is no preset \"\(name)\"" }
  package var kind: ExplainedErrorKind { .usage }
  /// The preset that was most likely meant.
  package var advice: String? {
    nearest(name, to: Preset.all.map(\.name)).map { "did you mean \($0)?" }
  }
}
