import Testing
import TrackerEngine

@Suite("Data sets")
struct DatasetTests {
  @Test("The digits are scikit-learn's 1,797, by their hash")
  func digits() throws {
    let data = try Dataset.digits()
    #expect(data.rowCount == 1797 && data.featureCount == 64 && data.classCount == 10)
    #expect(data.sha256 == "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8")
    #expect(data.features.min() == 0 && data.features.max() == 16)
    #expect(data.labels.prefix(3) == [0, 1, 2])
    #expect(Array(data.row(0).prefix(5)) == [0, 0, 5, 13, 9])
  }

  @Test("A split holds out the same share of each class, the same rows for the same seed")
  func split() throws {
    let data = try Dataset.digits()
    let (training, heldOut) = try data.stratifiedSplit(testFraction: 0.2, seed: 5)
    #expect(training.rowCount + heldOut.rowCount == 1797)
    for label in 0..<10 {
      let all = data.labels.count { $0 == label }
      let held = heldOut.labels.count { $0 == label }
      #expect(held == Int((0.2 * Double(all)).rounded()))
    }
    #expect(try data.stratifiedSplit(testFraction: 0.2, seed: 5).heldOut == heldOut)
    #expect(try data.stratifiedSplit(testFraction: 0.2, seed: 6).heldOut != heldOut)
    #expect(try data.stratifiedSplit(testFraction: 0, seed: 0).training == data)
  }

  @Test("A split that leaves a class without examples is an error")
  func emptyClass() throws {
    let data = try Dataset(
      name: "few", sha256: "", features: [1, 2, 3], labels: [0, 1, 1], classNames: ["a", "b"],
      featureCount: 1)
    #expect(throws: DatasetError.self) { try data.stratifiedSplit(testFraction: 0.9, seed: 0) }
  }

  @Test("Scaling is fitted on the training part alone")
  func scaling() throws {
    let training = try Dataset(
      name: "t", sha256: "", features: [1, 7, 3, 7, 5, 7], labels: [0, 1, 0],
      classNames: ["a", "b"], featureCount: 2)
    let other = try Dataset(
      name: "o", sha256: "", features: [14, 8], labels: [0], classNames: ["a", "b"],
      featureCount: 2)
    #expect(FeatureScaler(.none, fittedOn: training).scaled(other).features == [14, 8])
    #expect(FeatureScaler(.unit, fittedOn: training).scaled(other).features == [2, 8.0 / 7])
    let standard = FeatureScaler(.standard, fittedOn: training).scaled(other).features
    #expect(abs(standard[0] - 11 / (8.0 / 3).squareRoot()) < 1e-15)
    #expect(standard[1] == 0)
  }

  @Test("Values that are not finite, labels out of range and wrong lengths are errors")
  func mistakes() {
    func make(_ features: [Double], _ labels: [Int], _ classes: [String]) throws {
      _ = try Dataset(
        name: "d", sha256: "", features: features, labels: labels, classNames: classes,
        featureCount: 2)
    }
    #expect(throws: DatasetError.self) { try make([1, 2, 3, .nan], [0, 1], ["a", "b"]) }
    #expect(throws: DatasetError.self) { try make([1, 2, 3, 4], [0, 2], ["a", "b"]) }
    #expect(throws: DatasetError.self) { try make([1, 2, 3], [0, 1], ["a", "b"]) }
    #expect(throws: DatasetError.self) { try make([1, 2, 3, 4], [0, 0], ["a"]) }
  }
}
