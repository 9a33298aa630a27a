import CTrackerKernels

// Loops over vectors, eight elements at a time, and on several threads where vectors are long. Each result depends on its
// arguments alone: the order of every sum is fixed. Products are added in two roundings, as a fused one is a library call on
// processors without the instruction.

typealias Lane = SIMD8<Double>

/// Eight elements from `index` on.
@inline(__always)
func load(_ pointer: UnsafePointer<Double>, _ index: Int) -> Lane {
  UnsafeRawPointer(pointer + index).loadUnaligned(as: Lane.self)
}

/// Writes eight elements from `index` on.
@inline(__always)
func store(_ value: Lane, _ pointer: UnsafeMutablePointer<Double>, _ index: Int) {
  UnsafeMutableRawPointer(pointer + index).storeBytes(of: value, as: Lane.self)
}

/// The pointer-level loops, for rows of packed storage; `count` elements each.
enum Kernel {
  /// Σ x_i y_i, in two accumulators of eight lanes.
  static func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int) -> Double {
    var even = Lane.zero
    var odd = Lane.zero
    var index = 0
    while index + 16 <= count {
      even += load(x, index) * load(y, index)
      odd += load(x, index + 8) * load(y, index + 8)
      index += 16
    }
    var sum = (even + odd).sum()
    while index < count {
      sum += x[index] * y[index]
      index += 1
    }
    return sum
  }

  /// Σ (x_i − y_i)², in two accumulators of eight lanes.
  static func squaredDistance(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var even = Lane.zero
    var odd = Lane.zero
    var index = 0
    while index + 16 <= count {
      let (first, second) = (
        load(x, index) - load(y, index), load(x, index + 8) - load(y, index + 8)
      )
      even += first * first
      odd += second * second
      index += 16
    }
    var sum = (even + odd).sum()
    while index < count {
      sum += (x[index] - y[index]) * (x[index] - y[index])
      index += 1
    }
    return sum
  }

  /// y ← y + a x.
  static func axpy(
    _ a: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    var index = 0
    while index + 8 <= count {
      store(load(y, index) + a * load(x, index), y, index)
      index += 8
    }
    while index < count {
      y[index] += a * x[index]
      index += 1
    }
  }

  /// y ← y + a x, and Σ y_i z_i of the new y as ``dot(_:_:_:)`` sums it up, in one go.
  static func axpyAndDot(
    _ a: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>,
    _ z: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    var even = Lane.zero
    var odd = Lane.zero
    var index = 0
    while index + 16 <= count {
      let (first, second) = (
        load(y, index) + a * load(x, index), load(y, index + 8) + a * load(x, index + 8)
      )
      store(first, y, index)
      store(second, y, index + 8)
      even += first * load(z, index)
      odd += second * load(z, index + 8)
      index += 16
    }
    var sum = (even + odd).sum()
    while index < count {
      y[index] += a * x[index]
      sum += y[index] * z[index]
      index += 1
    }
    return sum
  }

  /// z ← z + (a x + b y).
  static func addTwo(
    _ a: Double, _ x: UnsafePointer<Double>, _ b: Double, _ y: UnsafePointer<Double>,
    to z: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    var index = 0
    while index + 8 <= count {
      store(load(z, index) + (a * load(x, index) + b * load(y, index)), z, index)
      index += 8
    }
    while index < count {
      z[index] += a * x[index] + b * y[index]
      index += 1
    }
  }
}

/// How much of a long vector one thread takes at a time: some microseconds of work.
private let stretchLength = 8192

/// The sum of what `kernel` makes of each stretch of `count` indices.
@inline(__always)
private func sum(_ count: Int, _ kernel: (_ begin: Int, _ count: Int) -> Double) -> Double {
  guard count > stretchLength else { return kernel(0, count) }
  let stretches = (count + stretchLength - 1) / stretchLength
  return withUnsafeTemporaryAllocation(of: Double.self, capacity: stretches) { sums in
    sums.initialize(repeating: 0)
    forEachStretch(of: stretchLength, in: count) { stretch, range in
      sums[stretch] = kernel(range.lowerBound, range.count)
    }
    return sums.reduce(0, +)
  }
}

/// The sum of what `kernel` makes of two vectors, or of a range of them.
@inline(__always)
private func sum(
  _ x: [Double], _ y: [Double], in range: Range<Int>,
  _ kernel: (UnsafePointer<Double>, UnsafePointer<Double>, Int) -> Double
) -> Double {
  precondition(x.count == y.count && range.lowerBound >= 0 && range.upperBound <= x.count)
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      guard var xs = x.baseAddress, var ys = y.baseAddress else { return 0 }
      (xs, ys) = (xs + range.lowerBound, ys + range.lowerBound)
      return sum(range.count) { kernel(xs + $0, ys + $0, $1) }
    }
  }
}

/// Σ x_i y_i.
func dot(_ x: [Double], _ y: [Double]) -> Double {
  sum(x, y, in: x.indices, Kernel.dot)
}

/// Σ x_i² over a range of indices, all of them unless one is given.
package func squaredLength(_ x: [Double], in range: Range<Int>? = nil) -> Double {
  sum(x, x, in: range ?? x.indices, Kernel.dot)
}

/// Σ (x_i − y_i)² over a range of indices, all of them unless one is given.
package func squaredDistance(_ x: [Double], _ y: [Double], in range: Range<Int>? = nil) -> Double {
  sum(x, y, in: range ?? x.indices, Kernel.squaredDistance)
}

/// y ← y + a x, and Σ y_i z_i of the new y: to the bit what one after the other does, with one reading of y.
func axpyAndDot(_ a: Double, _ x: [Double], _ y: inout [Double], _ z: [Double]) -> Double {
  precondition(x.count == y.count && z.count == y.count)
  return x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      z.withUnsafeBufferPointer { z in
        guard let xs = x.baseAddress, let ys = y.baseAddress, let zs = z.baseAddress else {
          return 0
        }
        return sum(x.count) { Kernel.axpyAndDot(a, xs + $0, ys + $0, zs + $0, $1) }
      }
    }
  }
}

/// y ← y + a x.
func axpy(_ a: Double, _ x: [Double], _ y: inout [Double]) {
  precondition(x.count == y.count)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      guard let xs = x.baseAddress, let ys = y.baseAddress else { return }
      guard x.count > stretchLength else { return Kernel.axpy(a, xs, ys, x.count) }
      forEachStretch(of: stretchLength, in: x.count) { _, range in
        Kernel.axpy(a, xs + range.lowerBound, ys + range.lowerBound, range.count)
      }
    }
  }
}

/// out_i ← body(x_i, y_i), eight at a time. `body` must act on each lane alone.
@inline(__always)
private func map(
  _ x: [Double], _ y: [Double], into out: inout [Double], _ body: (Lane, Lane) -> Lane
) {
  precondition(x.count == y.count && x.count == out.count)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      out.withUnsafeMutableBufferPointer { out in
        guard let xs = x.baseAddress, let ys = y.baseAddress, let outs = out.baseAddress else {
          return
        }
        var index = 0
        while index + 8 <= x.count {
          store(body(load(xs, index), load(ys, index)), outs, index)
          index += 8
        }
        while index < x.count {
          outs[index] = body(Lane(repeating: xs[index]), Lane(repeating: ys[index]))[0]
          index += 1
        }
      }
    }
  }
}

/// out ← x + a y.
func add(_ x: [Double], _ a: Double, _ y: [Double], into out: inout [Double]) {
  map(x, y, into: &out) { $0 + a * $1 }
}

/// out ← x − y.
func subtract(_ x: [Double], _ y: [Double], into out: inout [Double]) {
  map(x, y, into: &out) { $0 - $1 }
}

/// x ← a x.
func scale(_ x: inout [Double], by a: Double) {
  for index in x.indices { x[index] *= a }
}

/// out ← a x.
func scale(_ x: [Double], by a: Double, into out: inout [Double]) {
  map(x, x, into: &out) { value, _ in a * value }
}

/// max |x_i|; NaN if any element is.
func maximumNorm(_ x: [Double]) -> Double { tracker_maximum_norm(x, x.count) }

/// ‖x‖₂, also where the squares overflow or vanish.
func norm(_ x: [Double]) -> Double {
  let squares = dot(x, x)
  if squares.isFinite, squares > 1e-280 { return squares.squareRoot() }
  let largest = maximumNorm(x)
  guard largest > 0, largest.isFinite else { return largest }
  var sum = 0.0
  for element in x { sum += (element / largest) * (element / largest) }
  return largest * sum.squareRoot()
}

/// Whether no element is NaN or infinite.
func isFinite(_ x: [Double]) -> Bool {
  x.withUnsafeBufferPointer { x in
    guard let xs = x.baseAddress else { return true }
    // x − x is 0 for every finite number and NaN for all others.
    var sum = Lane.zero
    var index = 0
    while index + 8 <= x.count {
      let value = load(xs, index)
      sum += value - value
      index += 8
    }
    var total = sum.sum()
    while index < x.count {
      total += xs[index] - xs[index]
      index += 1
    }
    return total == 0
  }
}

/// x ← x / y, element by element.
func divide(_ x: inout [Double], by y: [Double]) {
  precondition(x.count == y.count)
  for index in x.indices { x[index] /= y[index] }
}
