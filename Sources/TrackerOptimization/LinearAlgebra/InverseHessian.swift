/// The inverse Hessian H that BFGS builds, all of it: I + Σ (s wᵀ + w sᵀ) over its updates.
///
/// While there are few updates, the sum is kept as it stands: a product costs 8 n flops an update,
/// and no n² of memory is taken. Once the updates hold a quarter of what a packed matrix does, they
/// are summed up into one. So a step costs O(n²) at most, and a run of a few hundred iterations on
/// thousands of parameters far less; what is saved with a checkpoint is the shorter form.
struct InverseHessian: Sendable {
  private let count: Int
  private var steps: [[Double]] = []
  private var complements: [[Double]] = []
  private var matrix: PackedSymmetricMatrix?

  /// The identity.
  init(count: Int) { self.count = count }

  /// Whether there was no update.
  var isIdentity: Bool { matrix == nil && steps.isEmpty }

  /// H ← H + s wᵀ + w sᵀ.
  mutating func update(_ s: [Double], _ w: [Double]) {
    if matrix != nil {
      matrix?.update(s, w)
      return
    }
    steps.append(s)
    complements.append(w)
    guard steps.count > count / 16 else { return }
    var sum = PackedSymmetricMatrix(identityOf: count)
    for index in steps.indices { sum.update(steps[index], complements[index]) }
    matrix = sum
    steps = []
    complements = []
  }

  /// out ← H x.
  func multiply(_ x: [Double], into out: inout [Double]) {
    if let matrix {
      matrix.multiply(x, into: &out)
      return
    }
    scale(x, by: 1, into: &out)
    for index in steps.indices {
      let alongStep = dot(steps[index], x)
      let alongComplement = dot(complements[index], x)
      axpy(alongComplement, steps[index], &out)
      axpy(alongStep, complements[index], &out)
    }
  }

  mutating func visit(_ archive: inout StateArchive) throws {
    let blank = PackedSymmetricMatrix(identityOf: 0)
    try archive.visit(&matrix, blank: blank) { try $1.visit(&$0, count: count) }
    try archive.visit(&steps, count: count)
    try archive.visit(&complements, count: count)
    guard steps.count == complements.count else {
      throw OptimizerError.damagedState("its updates do not fit together")
    }
  }
}
