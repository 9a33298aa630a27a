import TrackerSystem

/// A number as evidence shows it: four significant digits, whole numbers whole.
package func figure(_ value: Double) -> String {
  guard value.isFinite else { return "\(value)" }
  if value == value.rounded(), abs(value) < 1e6 { return "\(Int(value))" }
  let exponent = Int(log10(abs(value)).rounded(.down))
  if (-4...5).contains(exponent) {
    let scale = pow(10, Double(3 - exponent))
    return "\((value * scale).rounded() / scale)"
  }
  let mantissa = value / pow(10, Double(exponent))
  return "\((mantissa * 100).rounded() / 100)e\(exponent)"
}

/// A share as per cent.
package func percent(_ share: Double) -> String { "\(figure((share * 1000).rounded() / 10)) %" }

/// “theta1”, “theta1 and theta2”, “theta1, theta2 and theta3”.
package func list(_ names: [String]) -> String {
  guard let last = names.last, names.count > 1 else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " and " + last
}
