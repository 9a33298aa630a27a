/// The ways to choose the next trial, by their names.
package enum SamplerMethod: String, CaseIterable, Hashable, Sendable {
  /// ``GridSampler``: every combination.
  case grid
  /// ``RandomSampler``.
  case random
  /// ``TreeParzenSampler``: what is known of earlier trials chooses the next.
  case tpe
}
