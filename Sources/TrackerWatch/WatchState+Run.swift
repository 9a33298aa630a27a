import TrackerViews
import TrackerStore

extension WatchState {
  /// The curve that is drawn.
  var plot: BraillePlot {
    let points = data.points.atResolution(spans: 2 * size.width).map {
      BraillePlot.Point(x: Double($0.step), y: $0.value)
    }
    return BraillePlot(
      [.init(name: "", points: points)], isLogarithmic: isLogarithmic, xName: "step")
  }

  /// One run: how far it is, its metrics and parameters, and the curve of one metric, beside each other or, where the
  /// terminal is narrow, under each other.
  func runLines(_ style: TextStyle) -> [String] {
    guard let run = focusedRun else { return [] }
    var lines = [progressLine(run, style)]
    if let reason = run.error ?? run.outcome {
      lines.append(
        style.painted(
          reason.visible.abbreviated(to: size.width), run.error == nil ? .faint : .bad))
    }
    if let alert = run.alerts.last {
      let step = alert.step.map { " at step \($0)" } ?? ""
      let more = run.alerts.count > 1 ? " (and \(run.alerts.count - 1) before)" : ""
      let text = "⚠ \(alert.title)\(step)\(alert.text.isEmpty ? "" : ": \(alert.text)")\(more)"
      lines.append(
        style.painted(
          text.visible.abbreviated(to: size.width), alert.level == .info ? .faint : .warning))
    }
    let height = max(0, bodyHeight - lines.count)
    let panelWidth = min(44, size.width * 2 / 5)
    if panelWidth >= 32, height >= 8 {
      let plot = plotLines(run, width: size.width - panelWidth - 2, height: height, style)
      let panel = panelLines(run, width: panelWidth, height: height, style)
      let blank = String(repeating: " ", count: panelWidth)
      lines += (0..<height).map { line in
        (line < panel.count ? panel[line] : blank) + "  " + (line < plot.count ? plot[line] : "")
      }
    } else {
      let plotHeight = height >= 10 && size.width >= 30 ? height * 3 / 5 : 0
      if plotHeight > 0 {
        let plot = plotLines(run, width: size.width, height: plotHeight, style)
        lines += plot + Array(repeating: "", count: plotHeight - plot.count)
      }
      lines += panelLines(run, width: min(44, size.width), height: height - plotHeight, style)
    }
    return lines
  }

  private func progressLine(_ run: Run, _ style: TextStyle) -> String {
    var words = [style.painted(run.status.rawValue, run.status.emphasis)]
    if let progress = run.progress { words.append("epoch \(progress)") }
    if let seconds = run.seconds(until: style.now) {
      words.append(
        run.status == .running ? readable(wholeSeconds: seconds) : readable(seconds: seconds))
    }
    if let left = run.secondsLeft(at: style.now) {
      words.append("about \(readable(wholeSeconds: left.rounded(.up))) left")
    }
    if let check = run.gradientChecks.last(where: { !$0.passed }) ?? run.gradientChecks.last {
      words.append(style.painted(check.verdict, check.passed ? .good : .bad))
    }
    return words.joined(separator: "  ")
  }

  /// The curve under its name, in exactly so many lines.
  private func plotLines(
    _ run: Run, width: Int, height: Int, _ style: TextStyle
  ) -> [String] {
    guard let metric = drawnMetric(of: run) else { return ["No metrics yet."] }
    let plot = plot
    let title = metric.visible + (plot.isLogarithmic ? ", logarithmic" : "")
    // Under the picture stand its axis, the axis' labels and, at times, a remark.
    return [style.painted(title.abbreviated(to: width), .strong)]
      + plot.lines(width: width, height: height - 4, style: style).prefix(height - 1)
  }

  /// The metrics with their latest values, and what there is room for of the parameters.
  private func panelLines(
    _ run: Run, width: Int, height: Int, _ style: TextStyle
  ) -> [String] {
    let keys = inReadingOrder(metrics: run.metrics.keys)
    let drawn = drawnMetric(of: run).flatMap { keys.firstIndex(of: $0) } ?? 0
    func line(_ marker: String, _ name: String, _ value: String, isFaint: Bool) -> String {
      let value = value.abbreviated(to: width / 2)
      let room = width - 3 - value.displayWidth
      let name = (marker + name.visible.abbreviated(to: room)).padded(to: room + 2)
      return style.painted(name, isFaint ? .faint : .plain) + " " + value
    }
    // The chosen metric is always among those that are shown.
    let room = max(1, min(keys.count, height))
    let first = max(0, min(drawn - room / 2, keys.count - room))
    var lines = keys.indices.dropFirst(first).prefix(room).map { index in
      let value = run.metrics[keys[index]]?.last ?? .nan
      let text = line(
        index == drawn ? "▸ " : "  ", keys[index], value.readable(), isFaint: index != drawn)
      return index == drawn && style.colour ? text.reversed(over: width) : text
    }
    if lines.count + 2 < height {
      lines.append(String(repeating: " ", count: width))
      for (key, value) in run.parameters.sorted(by: { $0.key < $1.key }) {
        lines.append(line("  ", key, Cell.parameter(value).readable(style), isFaint: true))
      }
    }
    return Array(lines.prefix(height))
  }
}

extension Run {
  /// How long the rest of the epochs takes if they go on as they did.
  func secondsLeft(at now: Timestamp) -> Double? {
    guard status == .running, let epochLimit, let step = metrics.values.map(\.lastStep).max(),
      step > 0, step < epochLimit, let seconds = seconds(until: now)
    else { return nil }
    return seconds / Double(step) * Double(epochLimit - step)
  }
}
