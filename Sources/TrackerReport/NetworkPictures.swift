import TrackerDrawing
import TrackerViews

/// What a run's network does, as the template `network` wants it.
struct NetworkPictures {
  private let view: NetworkView
  private let run: Int64

  private static let mistakeLimit = 16

  init(_ view: NetworkView, run: Int64) {
    self.view = view
    self.run = run
  }

  var templateContext: [String: Any] {
    let total = view.confusion.joined().reduce(0, +)
    let right = view.confusion.indices.reduce(0) { $0 + view.confusion[$1][$1] }
    var context: [String: Any] = [
      "examples":
        "\(grouped(right)) of \(counted(total, view.areHeldOut ? "held-out example" : "training example")) "
        + "are classified rightly.",
      "run": String(run),
      "classes": view.classNames,
      "confusion": view.confusion.indices.map(confusionRow),
      "histograms": histograms,
    ]
    if let side = view.pictureSide {
      let shown = view.mistakes.prefix(Self.mistakeLimit)
      context["mistakes"] = shown.map { mistake($0, side) }
      context["hasMistakes"] = !shown.isEmpty
      context["mistakeNote"] =
        shown.count < view.mistakes.count
        ? "The \(shown.count) of \(grouped(view.mistakes.count)) of which the network is surest."
        : "All of them, the surest first."
      if let units = units(side) { context["units"] = units }
    }
    return context
  }

  private func confusionRow(_ label: Int) -> [String: Any] {
    let row = view.confusion[label]
    let total = row.reduce(0, +)
    return [
      "class": view.classNames[label],
      "cells": row.indices.map { predicted -> [String: Any] in
        let count = row[predicted]
        guard count > 0 else { return ["count": "·", "level": "quiet"] }
        // Mistakes are few: their shades rise faster.
        let share = Double(count) / Double(max(1, total))
        let level = Int((predicted == label ? share * 4 : min(1, share * 10) * 4).rounded(.up))
        return ["count": grouped(count), "level": (predicted == label ? "r" : "w") + "\(level)"]
      },
    ]
  }

  private func mistake(_ mistake: NetworkView.Mistake, _ side: Int) -> [String: Any] {
    let (label, predicted) = (view.classNames[mistake.label], view.classNames[mistake.predicted])
    return [
      "url": InputPictures.example(mistake.features, side: side, range: view.featureRange).dataURL,
      "label": label, "predicted": predicted,
      "probability": "\(Int((mistake.probability * 100).rounded())) %",
      "alt": "A \(label) that is taken for \(predicted)",
    ]
  }

  private func units(_ side: Int) -> [String: Any]? {
    guard let first = view.weights.last(where: { $0.layer == view.weights.first?.layer }),
      view.layerSizes.count > 2
    else { return nil }
    let count = view.layerSizes[1]
    let (picture, shown) = InputPictures.units(first.values, side: side, units: count)
    return [
      "url": picture.dataURL, "width": String(picture.width * 4),
      "height": String(picture.height * 4),
      "note": (shown < count ? "The first \(shown) of \(count)" : "All \(count)")
        + " hidden units: a unit is drawn by its weight for each pixel, red where a dark pixel excites it, blue "
        + "where it inhibits it.",
      "alt":
        "The weights of \(counted(shown, "hidden unit")), each as a picture of \(side) × \(side)",
    ]
  }

  private var histograms: [[String: Any]] {
    var layers: [String] = []
    for weights in view.weights where !layers.contains(weights.layer) {
      layers.append(weights.layer)
    }
    return layers.map { layer in
      let moments = view.weights.filter { $0.layer == layer }
      var context = Ridgeline(moments.map { ("epoch \($0.step)", $0.values) }).templateContext
      context["layer"] = layer
      context["summary"] =
        "Histograms of the weights of \(layer) at \(counted(moments.count, "epoch"))"
      return context
    }
  }
}
