import TrackerJSON
import TrackerDrawing
import TrackerStore
import TrackerTemplates
import TrackerViews

/// A metric over steps, a line for each run: the picture of the page without its script, and the data from which the script
/// draws it anew and reads values.
struct MetricChart: Sendable {
  private let metric: KnownMetric
  private let curves: [BucketedCurve]
  /// The curves as the page's script reads them, and those of them that are known in more detail.
  private let codes: [(coarse: CurveCode, fine: CurveCode?)]
  private let colours: [Int64: Int]
  private let chart: LineChart
  private let bands: [String]
  /// Where most of the grey curves run, where they are too many to be followed.
  private let crowd: [String]
  /// Whether values beyond the 1st and the 99th percentile are off the chart.
  private let isClipped: Bool
  let place: Int
  /// The metric's name.
  var key: String { metric.key }

  /// A chart that shows less than this share of its axis to its middle 98 % of values leaves out the others.
  private static let leastUse = 0.4

  /// - Parameters:
  ///   - place: the chart's number
  ///   - key: the metric
  ///   - curves: the runs' series; what is drawn last lies on top
  ///   - colours: the colours of the runs that have one
  init(
    _ place: Int, _ key: String, _ curves: [BucketedCurve], colours: [Int64: Int],
    budget: CurveBudget
  ) {
    self.place = place
    metric = KnownMetric(key)
    self.curves = curves
    self.colours = colours
    codes = curves.map { curve in
      func code(_ buckets: [MetricBucket]) -> CurveCode {
        CurveCode(buckets, digits: budget.digits, bandDigits: budget.bandDigits(of: curve.run))
      }
      return (code(curve.buckets), curve.fine.isEmpty ? nil : code(curve.fine))
    }
    let first = curves.compactMap { $0.buckets.first?.step }.min() ?? 0
    let last = curves.compactMap { $0.buckets.last?.step }.max() ?? 1
    var values: [Double] = []
    values.reserveCapacity(curves.reduce(0) { $0 + 2 * $1.buckets.count })
    for curve in curves {
      for bucket in curve.buckets {
        if bucket.least.isFinite { values.append(bucket.least) }
        if bucket.greatest.isFinite { values.append(bucket.greatest) }
      }
    }
    let whole = ChartScale(covering: values)
    let margin = values.count / 100
    let middle =
      values.isEmpty
      ? [] : [values.ordered(at: margin), values.ordered(at: values.count - 1 - margin)]
    let clipped = ChartScale(covering: middle, spacing: whole.spacing)
    let ends = middle.compactMap(whole.position)
    isClipped =
      values.count >= 100 && ends.count == 2 && ends[1] - ends[0] < Self.leastUse
      && clipped.spacing == whole.spacing && middle[0] < middle[1]
    // Of points alone there are no bands.
    let others = curves.filter { colours[$0.run] == nil }
    let isCrowded = others.count { $0.buckets.count > 1 } > CrowdBand.leastCurves
    let points = { (curve: BucketedCurve) in
      curve.buckets.map { ChartPoint(x: Double($0.step), y: $0.last) }
    }
    let chart = LineChart(
      // Those in a crowd have no line of their own.
      curves.map { isCrowded && colours[$0.run] == nil ? [] : points($0) },
      x: ChartScale(steps: first, last), y: isClipped ? clipped : whole,
      pointLimits: curves.map { budget.drawnPoints(isColoured: colours[$0.run] != nil) },
      decimals: curves.count > 20 ? 0 : 1)
    self.chart = chart
    crowd = isCrowded ? CrowdBand(others.map(points), in: chart).paths : []
    bands = curves.map { curve in
      guard colours[curve.run] != nil, curve.buckets.contains(where: { $0.count > 1 }) else {
        return ""
      }
      // As many corners as the line has.
      let stride = max(1, curve.buckets.count / 60)
      var (lower, upper): ([ChartPoint], [ChartPoint]) = ([], [])
      for start in Swift.stride(from: 0, to: curve.buckets.count, by: stride) {
        let group = curve.buckets[start..<min(start + stride, curve.buckets.count)]
          .filter { $0.count > 0 }
        guard let step = group.last?.step else { continue }
        lower.append(ChartPoint(x: Double(step), y: group.map(\.least).min() ?? .nan))
        upper.append(ChartPoint(x: Double(step), y: group.map(\.greatest).max() ?? .nan))
      }
      return chart.band(from: lower, to: upper)
    }
  }

  /// The element that draws a run's line, to be drawn again elsewhere.
  func element(of run: Int64) -> String { "c\(run)-\(place)" }

  /// The runs that are drawn with a line of their own, and their lines.
  private var lines: [(curve: BucketedCurve, path: String)] {
    zip(curves, chart.lines).compactMap { curve, line in
      line.path.isEmpty || !crowd.isEmpty && colours[curve.run] == nil
        ? nil : (curve, line.path)
    }
  }

  var drawn: [Int64] { lines.map(\.curve.run) }

  /// - Parameter isRepeated: whether the page has the chart elsewhere, too: its lines have names there
  func content(isRepeated: Bool = false) -> MetricChartContent {
    let y = chart.y
    let gaps = curves.reduce(0) { $0 + $1.nonFiniteCount }
    return MetricChartContent(
      place: String(place), metric: metric.key,
      description: metric.title == metric.key ? "" : metric.title, isLog: y.spacing == .log,
      summary:
        "\(metric.key) over steps \(Int64(saturating: chart.x.lower)) to \(Int64(saturating: chart.x.upper)) for "
        + "\(counted(curves.count, "run")); from \(y.lower.readable()) to \(y.upper.readable())",
      axes: AxesContent(x: chart.x.labelled, y: y.labelled, xTitle: "step"),
      bands: zip(curves, bands).filter { !$1.isEmpty }.map { curve, path in
        PathContent(run: String(curve.run), class: colour(of: curve.run), path: path)
      },
      crowd: crowd.filter { !$0.isEmpty }.map { PathContent(class: nil, path: $0) },
      lines: lines.map { curve, path in
        // A point alone is drawn large enough to be seen.
        let isDot = curve.buckets.count { $0.last.isFinite } == 1
        return PathContent(
          id: isRepeated ? nil : element(of: curve.run), run: isRepeated ? String(curve.run) : nil,
          class: cssClasses([colour(of: curve.run), isDot ? "dot" : nil]), path: path)
      },
      marks: curves.compactMap { curve in
        guard let end = curve.breakingOff, let across = chart.x.position(Double(end.step)),
          let up = y.position(end.last.isFinite ? end.last : end.mean)
        else { return nil }
        let (x, y) = (across * LineChart.width, (1 - up) * LineChart.height)
        return PathContent(
          run: String(curve.run), class: colour(of: curve.run) ?? "rest",
          path: "M\((x - 12).fixed(0)) \((y - 10).fixed(0))l24 20m-24 0l24-20")
      },
      clipped: isClipped
        ? "The highest and the lowest 1 % of the values are off this chart." : nil,
      gaps: gaps > 0 ? gapText(gaps) : nil)
  }

  private func colour(of run: Int64) -> String? { colours[run].map { "c\($0)" } }

  private func gapText(_ count: Int) -> String {
    let runs = curves.filter { $0.nonFiniteCount > 0 }.map(\.run).sorted()
    let names = runs.prefix(6).map(String.init).joined(separator: ", ")
    return "\(counted(count, "value")) \(count == 1 ? "is" : "are") NaN or infinite, in "
      + (runs.count == 1 ? "run " : "runs ") + names + (runs.count > 6 ? ", …" : "")
      + "; × marks where a curve ends so."
  }

  /// What the page's script draws and reads.
  func data(steps: inout StepTables, times: inout TimeTables) -> JSONValue {
    let (x, y) = (chart.x, chart.y)
    return .object([
      "metric": .string(metric.key), "first": .integer(Int64(saturating: x.lower)),
      "last": .integer(Int64(saturating: x.upper)), "lower": .number(y.lower),
      "upper": .number(y.upper), "log": .boolean(y.spacing == .log), "clipped": .boolean(isClipped),
      "curves": .array(
        zip(curves, codes).map { curve, codes in
          let coarse = level(curve.run, curve.buckets, codes.coarse, &steps, &times)
          guard let code = codes.fine else { return .array(coarse) }
          return .array(coarse + [.array(level(curve.run, curve.fine, code, &steps, &times))])
        }),
    ])
  }

  /// A curve as finely as these buckets: its run, the tables of its steps and times, its least and greatest value, how
  /// its code is to be read, and its code.
  private func level(
    _ run: Int64, _ buckets: [MetricBucket], _ code: CurveCode, _ steps: inout StepTables,
    _ times: inout TimeTables
  ) -> [JSONValue] {
    let place = steps.place(of: buckets)
    return [
      .integer(run), .integer(place), .integer(times.place(of: run, buckets, steps: place)),
      .number(code.low), .number(code.high),
      .integer(2 * code.form.rawValue + (code.isLog ? 1 : 0)),
      .string(code.text),
    ]
  }
}

/// The steps of buckets, each table once: most runs are logged at the same steps.
struct StepTables {
  private var places: [[Int64]: Int] = [:]
  private(set) var tables: [JSONValue] = []

  /// The number of the table of these buckets: for each bucket the steps since the one before, and its points.
  mutating func place(of buckets: [MetricBucket]) -> Int {
    var numbers: [Int64] = []
    numbers.reserveCapacity(2 * buckets.count)
    var before: Int64 = 0
    for bucket in buckets {
      numbers.append(bucket.step &- before)
      numbers.append(Int64(bucket.count + bucket.nonFiniteCount))
      before = bucket.step
    }
    if let place = places[numbers] { return place }
    places[numbers] = tables.count
    tables.append(.array(numbers.map(JSONValue.integer)))
    return tables.count - 1
  }
}

/// When the buckets of runs were logged, once for all metrics that a run logged at the same steps.
struct TimeTables {
  private struct Key: Hashable {
    let run: Int64
    let steps: Int
  }

  private var places: [Key: Int] = [:]
  private(set) var tables: [JSONValue] = []
  /// The characters of a time.
  private static let digits = 3

  /// The number of the table of these buckets' times: from the first, in milliseconds since 1970, over so many
  /// milliseconds.
  mutating func place(of run: Int64, _ buckets: [MetricBucket], steps: Int) -> Int {
    let key = Key(run: run, steps: steps)
    if let place = places[key] { return place }
    let times = buckets.map { Double($0.time.milliseconds) }
    let (first, last) = (times.min() ?? 0, times.max() ?? 0)
    places[key] = tables.count
    var code = NumberCode(from: first, to: last)
    for time in times { code.write(time, digits: Self.digits) }
    tables.append(
      .array([.integer(Int64(first)), .integer(Int64(last - first)), .string(code.text)]))
    return tables.count - 1
  }
}

/// What fills the template `metric-chart`.
struct MetricChartContent: TemplateContent {
  let place: String
  let metric: String
  let description: String
  let isLog: Bool
  let summary: String
  let axes: AxesContent
  let bands: [PathContent]
  let crowd: [PathContent]
  let lines: [PathContent]
  let marks: [PathContent]
  let clipped: String?
  let gaps: String?
}
