import TrackerOptimization
import TrackerStore

extension StopReason {
  /// Why a run's optimiser stopped: the reason that the run records, or what another program's message means.
  init?(of run: Run) {
    if let name = run.stopReason {
      self.init(rawValue: name)
    } else {
      guard let message = run.error ?? run.outcome else { return nil }
      self.init(scipyMessage: message)
    }
  }

  /// What SciPy's optimisers say where they give up: L-BFGS-B "ABNORMAL: …" (up to 1.14 "ABNORMAL_TERMINATION_IN_LNSRCH"),
  /// BFGS and CG "Desired error not necessarily achieved due to precision loss.", TNC "Linear search failed"
  /// (`scipy/optimize/_optimize.py`, `_lbfgsb_py.py`, `_tnc.py`).
  private init?(scipyMessage message: String) {
    let message = message.lowercased()
    if message.contains("precision loss") {
      self = .precisionLoss
    } else if ["abnormal", "line search", "linesearch", "linear search failed", "lnsrch"]
      .contains(where: message.contains)
    {
      self = .lineSearchFailed
    } else {
      return nil
    }
  }
}
