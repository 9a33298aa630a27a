// The last layer: costs and deltas from logits, row by row.

INLINE Bits is_lane_used(int column, int columns) { return lane_numbers(column) < columns; }

/// What the rows of a chunk add up.
typedef struct {
  Vector cost;
  Bits saturated;
  Bits clamp_hits;
  uint64_t correct;
} OutputTotals;

/// Whether no output is larger than the label's, and none before it as large. NaN is never correct.
INLINE bool is_label_largest(const double *z, int columns, int label) {
  double of_label = z[label];
  Bits larger = {};
  for (int k = 0; k < columns; k += LANES) {
    Bits numbers = lane_numbers(k);
    Vector value = load(z + k);
    Bits is_smaller = (value < of_label) | ((value == of_label) & (numbers >= label));
    larger |= ~is_smaller & (numbers < columns);
  }
  return !any(larger);
}

/// The softmax of one row, without its division.
typedef struct {
  /// e^(z − top) of the label, and the sum of it over all others.
  double label, others;
  /// How far the label's logit lies below the largest.
  double below_top;
} SoftmaxSums;

/// out ← e^(z − max z), 0 in unused lanes and for the label.
INLINE SoftmaxSums softmax(const double *z, int columns, int label, double *out) {
  Vector largest = splat(-__builtin_inf());
  for (int k = 0; k < columns; k += LANES) {
    Vector value = load(z + k);
    largest = select((value > largest) & is_lane_used(k, columns), value, largest);
  }
  double top = maximum(largest), label_logit = z[label];
  Vector of_label = {}, of_others = {};
  for (int k = 0; k < columns; k += LANES) {
    Bits is_label = lane_numbers(k) == label;
    Vector e = exponential(load(z + k) - top);
    e = select(is_lane_used(k, columns), e, splat(0));
    Vector others = select(is_label, splat(0), e);
    of_label += select(is_label, e, splat(0));
    of_others += others;
    store(out + k, others);
  }
  return (SoftmaxSums){sum(of_label), sum(of_others), top - label_logit};
}

/// −log of the label's probability, which is log(Σ e^(z − z_label)).
INLINE double softmax_cost(SoftmaxSums sums) {
  return sums.below_top == 0 ? log1p(sums.others)
                             : sums.below_top + log(sums.label + sums.others);
}

/// −log a of a label's output, −log(1 − a) of another's, a = 1 replaced by 0.999999. As with numpy, an
/// output of exactly 0 that is not a label's gives 0 · log 0 = NaN.
INLINE Vector clamped_cost(Vector a, Bits is_label) {
  a = select(a == 1, splat(0.999999), a);
  Vector cost = -logarithm(select(is_label, a, 1 - a));
  return select(~is_label & (a == 0), splat(__builtin_nan("")), cost);
}

INLINE void store_used(double *to, Vector value, int columns) {
  for (int lane = 0; lane < LANES && lane < columns; lane++) to[lane] = value[lane];
}

/// Of the label, −z takes the place of z: its cost is log(1 + e^−z), its delta −σ(−z), and nothing cancels.
INLINE void finish_stable_sigmoid(int columns, double *row, int label, double *probabilities,
                                  OutputTotals *totals) {
  for (int k = 0; k < columns; k += LANES) {
    Bits used = is_lane_used(k, columns), is_label = lane_numbers(k) == label;
    Bits flips = is_label & INT64_MIN;
    Vector z = (Vector)((Bits)load(row + k) ^ flips), complement, a = sigmoid(z, &complement);
    totals->cost += select(used, softplus(z), splat(0));
    totals->saturated += is_sigmoid_saturated(z) & used;
    if (probabilities)
      store_used(probabilities + k, select(is_label, complement, a), columns - k);
    store(row + k, (Vector)((Bits)a ^ flips));
  }
}

INLINE void finish_clamped_sigmoid(int columns, double *row, int label, double *probabilities,
                                   OutputTotals *totals) {
  for (int k = 0; k < columns; k += LANES) {
    Bits used = is_lane_used(k, columns), is_label = lane_numbers(k) == label;
    Vector z = load(row + k), complement, a = sigmoid(z, &complement);
    if (probabilities) store_used(probabilities + k, a, columns - k);
    totals->cost += select(used, clamped_cost(a, is_label), splat(0));
    totals->clamp_hits += (a == 1) & used;
    totals->saturated += is_sigmoid_saturated(z) & used;
    a = select(a == 1, splat(0.999999), a);
    store(row + k, select(is_label, a - 1, a));
  }
}

INLINE void finish_softmax(int columns, double *row, int label, bool is_clamped,
                           double *probabilities, OutputTotals *totals) {
  SoftmaxSums sums = softmax(row, columns, label, row);
  double total = sums.label + sums.others, p = sums.label / total;
  double complement = sums.others / total;
  double delta = -complement, cost;
  if (is_clamped) {
    bool is_one = p == 1;
    cost = -log(is_one ? 0.999999 : p);
    delta = (is_one ? 0.999999 : p) - 1;
    totals->clamp_hits[0] -= is_one;
  } else {
    cost = softmax_cost(sums);
  }
  for (int k = 0; k < columns; k += LANES) {
    Bits is_label = lane_numbers(k) == label, used = is_lane_used(k, columns);
    Vector q = load(row + k) / total;
    Vector slope = select(is_label, splat(p * complement), q * (1 - q));
    totals->saturated += (slope <= SATURATED / 4) & used;
    if (probabilities) store_used(probabilities + k, select(is_label, splat(p), q), columns - k);
    if (is_clamped) {
      if (any((q == 0) & used & ~is_label)) cost = __builtin_nan("");
      totals->clamp_hits += (q == 1) & used & ~is_label;
      q = select(q == 1, splat(0.999999), q);
    }
    store(row + k, select(is_label, splat(delta), q));
  }
  totals->cost[0] += cost;
}

/// Adds a chunk's outputs to the first `stride` of `sums`, and their squares to the next. A delta is the output,
/// less 1 where the label is.
static void add_outputs(const double *deltas, const Chunk *chunk, size_t stride, double *sums) {
  for (size_t column = 0; column < stride; column += LANES) {
    Vector sum_ = load(sums + column), squares = load(sums + stride + column);
    for (int r = 0; r < chunk->rows; r++) {
      Bits is_label = lane_numbers((int)column) == chunk->labels[r];
      Vector a = load(deltas + (size_t)r * stride + column) + select(is_label, splat(1), splat(0));
      sum_ += a;
      squares += a * a;
    }
    store(sums + column, sum_);
    store(sums + stride + column, squares);
  }
}

/// Turns a row's logits into deltas, adds up its cost, and counts.
INLINE void finish_row(const TrackerNetwork *network, int columns, double *row, int label,
                       double *probabilities, OutputTotals *totals) {
  totals->correct += is_label_largest(row, columns, label);
  bool is_clamped = network->cost == TrackerCostClamped;
  if (network->output == TrackerOutputSoftmax)
    finish_softmax(columns, row, label, is_clamped, probabilities, totals);
  else if (is_clamped)
    finish_clamped_sigmoid(columns, row, label, probabilities, totals);
  else
    finish_stable_sigmoid(columns, row, label, probabilities, totals);
}
