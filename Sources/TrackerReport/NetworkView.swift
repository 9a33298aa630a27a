import TrackerStore

/// What a run's network does with examples, and what its weights look like.
package struct NetworkView: Sendable {
  /// An example that is taken for another class.
  package struct Mistake: Sendable {
    /// Its inputs, row by row where they are a picture.
    package var features: [Double]
    package var label: Int
    package var predicted: Int
    /// How sure the network is, 0…1.
    package var probability: Double

    package init(features: [Double], label: Int, predicted: Int, probability: Double) {
      self.features = features
      self.label = label
      self.predicted = predicted
      self.probability = probability
    }
  }

  /// A layer's weights, biases left out, at an epoch.
  package struct Weights: Sendable {
    package var layer: String
    package var step: Int64
    /// Inputs × units, row-major.
    package var values: [Double]

    package init(layer: String, step: Int64, values: [Double]) {
      self.layer = layer
      self.step = step
      self.values = values
    }
  }

  /// The classes' names, length K.
  package var classNames: [String]
  /// Whether the examples were held out from the training.
  package var areHeldOut: Bool
  /// Examples by their own class (row) and the class that they are taken for (column), K × K.
  package var confusion: [[Int]]
  /// The surest mistake first.
  package var mistakes: [Mistake]
  /// The least and the greatest input.
  package var featureRange: ClosedRange<Double>
  /// The layers' units, the inputs first.
  package var layerSizes: [Int]
  /// By rising epoch.
  package var weights: [Weights]

  /// What a network does.
  package init(
    classNames: [String], areHeldOut: Bool, confusion: [[Int]], mistakes: [Mistake],
    featureRange: ClosedRange<Double>, layerSizes: [Int], weights: [Weights]
  ) {
    self.classNames = classNames
    self.areHeldOut = areHeldOut
    self.confusion = confusion
    self.mistakes = mistakes
    self.featureRange = featureRange
    self.layerSizes = layerSizes
    self.weights = weights
  }

  /// The side of the picture that the inputs are, if their number is a square, as with digits.
  var pictureSide: Int? {
    let count = layerSizes.first ?? 0
    let side = Int(saturating: Double(count).squareRoot().rounded())
    return side > 2 && side * side == count ? side : nil
  }
}
