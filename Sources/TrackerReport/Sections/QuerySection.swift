import TrackerTemplates
import TrackerDrawing
import TrackerViews
import TrackerStore

/// A section that a SQL file makes.
struct QuerySection {
  private let query: ReportQuery
  private let table: DataTable
  private let style: TextStyle
  private let runs: Set<Int64>

  /// More groups cannot be told apart by colour.
  private static let groupLimit = CurveSection.colourCount

  init(_ answer: ReportAnswer, runs: Set<Int64>, _ style: TextStyle) {
    query = answer.query
    table = answer.result.records
    self.style = style
    self.runs = runs
  }

  /// What fills the template `query`: one of its parts.
  private struct Content: TemplateContent {
    let note: String?
    var table: TableContent?
    var chart: ChartContent?
    var scatter: ChartContent?
    var bar: BarsContent?
    var heatMap: HeatMapContent?
  }

  /// What fills the template `heat-map`.
  private struct HeatMapContent: TemplateContent {
    struct Row: TemplateContent {
      let name: String
      let cells: [Cell]
    }

    struct Cell: TemplateContent {
      let text: String
      let level: String
    }

    let caption: String
    let corner: String
    let columns: [String]
    let rows: [Row]
  }

  /// `nil` where a section of the program has nothing to show.
  var section: ReportSection? {
    guard !table.rows.isEmpty || !query.isOwn else { return nil }
    var content = Content(note: table.rows.isEmpty ? "The query found nothing." : query.note)
    if !table.rows.isEmpty {
      switch query.form {
      case .table: content.table = tableContent
      case .line: content.chart = lineContent
      case .scatter: content.scatter = scatterContent
      case .bar: content.bar = BarsContent(bars: bars)
      case .heatMap: content.heatMap = heatMapContent
      }
    }
    return ReportSection(id: query.id, title: query.title, template: "query", content: content)
  }

  // MARK: Table

  private var tableContent: TableContent {
    // A first column of runs leads to them.
    let ids = table.rows.compactMap { row in
      if case .integer(let id) = row[0].value, runs.contains(id) { id } else { nil }
    }
    let isOfRuns =
      ["run", "run_id"].contains(table.columns[0].key) && ids.count == table.rows.count
    return table.content(
      caption: query.title, id: "\(query.id)-table", runs: isOfRuns ? ids : [], style: style)
  }

  // MARK: Charts

  /// The rows by the text in their third column, in the order in which groups occur.
  private var groups: [(name: String, rows: [[Cell]])] {
    var names: [String] = []
    var rows: [String: [[Cell]]] = [:]
    for row in table.rows {
      let name = row.count > 2 ? row[2].readable(style) : ""
      if rows[name] == nil { names.append(name) }
      rows[name, default: []].append(row)
    }
    return names.prefix(Self.groupLimit).map { ($0, rows[$0] ?? []) }
  }

  private var legend: [LegendContent] {
    table.columns.count < 3
      ? [] : groups.enumerated().map { LegendContent(class: "c\($0)", label: $1.name) }
  }

  private var left: String? {
    let count = Set(table.rows.map { $0.count > 2 ? $0[2].readable(style) : "" }).count
    return count > Self.groupLimit
      ? "The first \(Self.groupLimit) of \(count) groups are drawn." : nil
  }

  private func frame(
    _ x: [ChartScale.Tick], _ y: [ChartScale.Tick]
  ) -> ChartContent {
    let titles = table.columns.map(\.title)
    return ChartContent(
      title: titles[1], summary: "\(query.title): \(titles[1]) over \(titles[0])",
      axes: AxesContent(x: x, y: y, xTitle: titles[0]), legend: legend, left: left)
  }

  private var lineContent: ChartContent {
    let series = groups.map { group in
      group.rows.compactMap { row -> ChartPoint? in
        guard let x = row[0].number else { return nil }
        return ChartPoint(x: x, y: row[1].number ?? .nan)
      }.sorted { $0.x < $1.x }
    }
    let x = ChartScale(covering: series.joined().map(\.x), spacing: .linear)
    let chart = LineChart(series, x: x, decimals: 1)
    var content = frame(x.labelled, chart.y.labelled)
    content.isLog = chart.y.spacing == .log
    content.lines = chart.lines.enumerated().map { PathContent(class: "c\($0)", path: $1.path) }
    return content
  }

  private var scatterContent: ChartContent {
    let axis = ParameterAxis(table.rows.map { $0[0].parameter })
    let y = ChartScale(covering: table.rows.compactMap { $0[1].number }, spacing: .linear)
    let pen = Pen(decimals: 1)
    var content = frame(axis.ticks(total: ChartFrame.charactersAcross), y.labelled)
    content.dots = groups.enumerated().flatMap { index, group in
      group.rows.compactMap { row -> PathContent? in
        guard let across = axis.position(row[0].parameter), let value = row[1].number,
          let up = y.position(value)
        else { return nil }
        let point = ChartPoint(x: across * LineChart.width, y: (1 - up) * LineChart.height)
        return PathContent(class: "c\(index)", path: pen.path([point]))
      }
    }
    return content
  }

  private var bars: [Bar] {
    let lengths = table.rows.map { $0[1].number ?? 0 }.map { $0.isFinite ? $0.magnitude : 0 }
    let longest = lengths.max() ?? 0
    return zip(table.rows, lengths).map { row, length in
      Bar(
        label: row[0].readable(style), share: longest > 0 ? length / longest : 0,
        text: row[1].readable(style))
    }
  }

  private var heatMapContent: HeatMapContent {
    func names(_ column: Int) -> [Cell] {
      var seen: Set<Cell> = []
      let names = table.rows.map { $0[column] }.filter { seen.insert($0).inserted }
      // Numbers stand by size, names in the order of the rows.
      guard names.allSatisfy(\.isNumeric) else { return names }
      return names.sorted { ($0.number ?? .nan) < ($1.number ?? .nan) }
    }
    let (rows, columns) = (names(0), names(1))
    let numbers = table.rows.compactMap { $0[2].number }.filter(\.isFinite)
    let (low, high) = (numbers.min() ?? 0, numbers.max() ?? 1)
    let cells = Dictionary(
      table.rows.map { ([$0[0], $0[1]], $0[2]) }, uniquingKeysWith: { $1 })
    return HeatMapContent(
      caption: query.title, corner: table.columns[0].title,
      columns: columns.map { $0.readable(style) },
      rows: rows.map { row in
        HeatMapContent.Row(
          name: row.readable(style),
          cells: columns.map { column in
            guard let cell = cells[[row, column]] else { return .init(text: "", level: "quiet") }
            let share = cell.number.flatMap { value in
              value.isFinite ? (high > low ? (value - low) / (high - low) : 0.5) : nil
            }
            return .init(
              text: cell.readable(style),
              level: share.map { "r\(min(4, Int(saturating: $0 * 5)))" } ?? "quiet")
          })
      })
  }
}

extension Cell {
  /// The value as a number, NaN and ±∞ included; `nil` if it is none.
  fileprivate var number: Double? {
    if case .real(let value) = value { return value }
    if case .integer(let value) = value { return Double(value) }
    return nil
  }

  fileprivate var parameter: ParameterValue? {
    switch value {
    case .missing: nil
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    default: .text(exact)
    }
  }
}
