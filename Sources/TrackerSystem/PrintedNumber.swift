import CTrackerSystem

/// A number as C prints it, rounded to a number of decimals, `0.0500`; scientific, `5.00e-02`. The standard library has no
/// rounding formatter.
///
/// - Parameter precision: digits after the point
package func printed(_ value: Double, precision: Int, isScientific: Bool = false) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { text in
    let length = tracker_print_number(
      text.baseAddress, text.count, value, Int32(precision), isScientific ? 1 : 0)
    return String(
      decoding: UnsafeRawBufferPointer(
        rebasing: UnsafeRawBufferPointer(text)[..<max(0, min(Int(length), text.count - 1))]),
      as: UTF8.self)
  }
}
