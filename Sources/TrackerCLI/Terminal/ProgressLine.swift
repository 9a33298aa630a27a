import TrackerEngine
import TrackerStore

/// The progress of a training: on a terminal one line that is drawn over again, elsewhere a line now
/// and then.
final class ProgressLine {
  private let stream: TextStream
  private let width: Int
  private let redraws: Bool
  private let total: Int
  private var lastDrawn: ContinuousClock.Instant?
  private var lastPrintedTenth = -1

  /// - Parameter total: the epochs that there are at most
  init(terminal: Terminal, total: Int) {
    stream = terminal.diagnostics
    width = terminal.width
    redraws = terminal.allowsProgressBar
    self.total = total
  }

  /// Shows an epoch, unless the last one was shown too short a time ago; answers whether it did.
  func show(_ epoch: EpochMetrics) -> Bool {
    if redraws {
      let now = ContinuousClock.now
      if let lastDrawn, now - lastDrawn < .milliseconds(50), epoch.epoch < total {
        return false
      }
      lastDrawn = now
      let figures = figures(epoch)
      let bar = bar(done: epoch.epoch, width: min(30, width - figures.count - 3))
      stream.control("\r\u{1B}[2K")
      stream.write(String("\(bar) \(figures)".prefix(width - 1)))
    } else {
      let tenth = total == 0 ? 10 : epoch.epoch * 10 / total
      guard tenth > lastPrintedTenth else { return false }
      lastPrintedTenth = tenth
      stream.writeLine(figures(epoch))
    }
    return true
  }

  /// Takes the line away, so that what follows stands in its place.
  func clear() {
    if redraws, lastDrawn != nil { stream.control("\r\u{1B}[2K") }
    lastDrawn = nil
  }

  private func bar(done: Int, width: Int) -> String {
    guard width >= 5 else { return "" }
    let filled = total == 0 ? width : min(width, done * width / total)
    return String(repeating: "━", count: filled) + String(repeating: "╌", count: width - filled)
  }

  private func figures(_ epoch: EpochMetrics) -> String {
    var text = "epoch \(epoch.epoch)/\(total)"
    for key in RankingMetric.summary(of: epoch.values.map(\.key)) {
      guard let value = epoch[key] else { continue }
      let metric = KnownMetric(key)
      text +=
        metric.quantity == .accuracy
        ? "  \(metric.role == .train ? "train" : "held out") \(percent(value))"
        : "  \(key) \(rounded(value, digits: 4))"
    }
    return text
  }

  private func percent(_ share: Double) -> String { "\(rounded(share * 100, digits: 1)) %" }

  private func rounded(_ value: Double, digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let units = Int(saturating: (abs(value) * Double(scale)).rounded())
    let fraction = String(units % scale)
    let padding = String(repeating: "0", count: digits - fraction.count)
    return "\(value < 0 ? "-" : "")\(units / scale).\(padding)\(fraction)"
  }
}
