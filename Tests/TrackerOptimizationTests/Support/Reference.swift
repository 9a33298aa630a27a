import Foundation
import Testing

/// What scipy and scikit-learn reach, from Fixtures/reference.json; make_fixtures.py beside it says how.
struct Reference: Decodable {
  struct Result: Decodable {
    let problem: String
    let method: String
    let evaluations: Int
    let cost: Double
    /// Whether a method is to have arrived by this budget.
    let isEnd: Bool
  }

  struct Logistic: Decodable {
    let optimum: Double
    let parameters: [Double]
    let momentum: [Double]
    let nesterov: [Double]
    let adam: [Double]
  }

  let scipy: [Result]
  let logistic: Logistic

  static func load() throws -> Reference {
    let url = try #require(
      Bundle.module.url(forResource: "reference", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }
}
