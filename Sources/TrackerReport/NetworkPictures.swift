import TrackerTemplates
import TrackerDrawing
import TrackerViews
import TrackerStore

/// What a run's network does: what fills the template `network`.
struct NetworkContent: TemplateContent {
  struct ConfusionRow: TemplateContent {
    struct Cell: TemplateContent {
      let count: String
      let level: String
    }

    let `class`: String
    let cells: [Cell]
  }

  struct Mistake: TemplateContent {
    let url: String
    let label: String
    let predicted: String
    let probability: String
    let alt: String
  }

  struct Units: TemplateContent {
    let url: String
    let width: String
    let height: String
    let note: String
    let alt: String
  }

  let examples: String
  let run: String
  let classes: [String]
  let confusion: [ConfusionRow]
  let hasMistakes: Bool
  let mistakes: [Mistake]
  let mistakeNote: String
  let units: Units?
  let histograms: [RidgelineContent]

  private static let mistakeLimit = 16

  init(_ view: NetworkView, run: Int64) {
    let total = view.confusion.joined().reduce(0, +)
    let right = view.confusion.indices.reduce(0) { $0 + view.confusion[$1][$1] }
    examples =
      "\(grouped(right)) of \(counted(total, view.areHeldOut ? "held-out example" : "training example")) "
      + "are classified correctly."
    self.run = String(run)
    classes = view.classNames
    confusion = view.confusion.indices.map { Self.confusionRow(view, $0) }
    histograms = Self.histograms(view)
    let side = view.pictureSide
    let shown = side == nil ? [] : view.mistakes.prefix(Self.mistakeLimit)
    mistakes = shown.map { Self.mistake(view, $0, side ?? 0) }
    hasMistakes = !shown.isEmpty
    mistakeNote =
      shown.count < view.mistakes.count
      ? "The \(shown.count) of \(grouped(view.mistakes.count)) that the network is most confident of."
      : "All of them, the most confident first."
    units = side.flatMap { Self.units(view, $0) }
  }

  private static func confusionRow(_ view: NetworkView, _ label: Int) -> ConfusionRow {
    let row = view.confusion[label]
    let total = row.reduce(0, +)
    return ConfusionRow(
      class: view.classNames[label],
      cells: row.indices.map { predicted in
        let count = row[predicted]
        guard count > 0 else { return .init(count: "·", level: "quiet") }
        // Mistakes are few: their shades rise faster.
        let share = Double(count) / Double(max(1, total))
        let level = Int(
          saturating: (predicted == label ? share * 4 : min(1, share * 10) * 4).rounded(.up))
        return .init(count: grouped(count), level: (predicted == label ? "r" : "w") + "\(level)")
      })
  }

  private static func mistake(
    _ view: NetworkView, _ mistake: NetworkView.Mistake, _ side: Int
  ) -> Mistake {
    let (label, predicted) = (view.classNames[mistake.label], view.classNames[mistake.predicted])
    return Mistake(
      url: InputPictures.example(mistake.features, side: side, range: view.featureRange).dataURL,
      label: label, predicted: predicted,
      probability: "\(Int(saturating: (mistake.probability * 100).rounded())) %",
      alt: "A \(label) that is taken for \(predicted)")
  }

  private static func units(_ view: NetworkView, _ side: Int) -> Units? {
    guard let first = view.weights.last(where: { $0.layer == view.weights.first?.layer }),
      view.layerSizes.count > 2
    else { return nil }
    let count = view.layerSizes[1]
    let (picture, shown) = InputPictures.units(first.values, side: side, units: count)
    return Units(
      url: picture.dataURL, width: String(picture.width * 4), height: String(picture.height * 4),
      note: (shown < count ? "The first \(shown) of \(count)" : "All \(count)")
        + " hidden units: a unit is drawn by its weight for each pixel, red where a dark pixel excites it, blue "
        + "where it inhibits it.",
      alt: "The weights of \(counted(shown, "hidden unit")), each as a picture of \(side) × \(side)"
    )
  }

  private static func histograms(_ view: NetworkView) -> [RidgelineContent] {
    var layers: [String] = []
    for weights in view.weights where !layers.contains(weights.layer) {
      layers.append(weights.layer)
    }
    return layers.map { layer in
      let moments = view.weights.filter { $0.layer == layer }
      return RidgelineContent(
        Ridgeline(moments.map { ("epoch \($0.step)", $0.values) }), layer: layer,
        summary: "Histograms of the weights of \(layer) at \(counted(moments.count, "epoch"))")
    }
  }
}
