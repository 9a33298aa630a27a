// Cost and gradient of one chunk of rows: forward, cost, backward.

#include <math.h>

#include "../workspace.h"

/// Slopes up to this share of the largest possible count as saturated.
#define SATURATED 1e-3

INLINE Bits is_lane_used(int column, int columns) { return lane_numbers(column) < columns; }

static void pack_all(TrackerWorkspace *workspace, const double *parameters) {
  for (int l = 0; l < workspace->network.layer_count; l++) {
    int inputs = workspace->sizes[l], units = workspace->sizes[l + 1];
    pack(parameters, inputs + 1, units, workspace->forward[l]);
    if (l > 0) pack_transposed(parameters + units, inputs, units, workspace->backward[l]);
    parameters += (size_t)(inputs + 1) * (size_t)units;
  }
}

/// Replaces `count` inputs of hidden units by their outputs; returns how many are saturated.
static uint64_t activate(TrackerHidden hidden, double *values, size_t count_) {
  Bits saturated = {};
  switch (hidden) {
    case TrackerHiddenSigmoid:
      for (size_t i = 0; i < count_; i += WIDTH) {
        Vector complement, a = sigmoid(load(values + i), &complement);
        saturated += a * complement <= SATURATED / 4;
        store(values + i, a);
      }
      break;
    case TrackerHiddenTanh:
      for (size_t i = 0; i < count_; i += WIDTH) {
        Vector a = tanh_vector(load(values + i));
        saturated += 1 - a * a <= SATURATED;
        store(values + i, a);
      }
      break;
    case TrackerHiddenRelu:
      for (size_t i = 0; i < count_; i += WIDTH) {
        Vector z = load(values + i), a = select(z < 0, splat(0), z);
        saturated += a == 0;
        store(values + i, a);
      }
      break;
  }
  int64_t total = 0;
  for (int lane = 0; lane < WIDTH; lane++) total -= saturated[lane];
  return (uint64_t)total;
}

/// deltas ← deltas · slope of the activation, by its outputs.
static void multiply_by_slopes(TrackerHidden hidden, const double *outputs, double *deltas,
                               size_t count_) {
  for (size_t i = 0; i < count_; i += WIDTH) {
    Vector a = load(outputs + i), d = load(deltas + i);
    switch (hidden) {
      case TrackerHiddenSigmoid: d *= a * (1 - a); break;
      case TrackerHiddenTanh: d *= 1 - a * a; break;
      case TrackerHiddenRelu: d = select(a > 0, d, splat(0)); break;
    }
    store(deltas + i, d);
  }
}

static int largest(const double *values, int count_) {
  int best = 0;
  for (int k = 1; k < count_; k++)
    if (values[k] > values[best]) best = k;
  return best;
}

/// e^(z − max z), with 0 in unused lanes; returns max z.
INLINE double exponentials(const double *z, int columns, double *out) {
  double top = z[largest(z, columns)];
  for (int k = 0; k < columns; k += WIDTH)
    store(out + k,
          select(is_lane_used(k, columns), exponential(load(z + k) - top), splat(0)));
  return top;
}

/// The softmax of one row in place: `row[label]` becomes 0, and what it would be is left to the two sums.
/// Returns −log of the label's probability.
INLINE double softmax(double *row, int columns, int label, double *label_exponential,
                      double *others) {
  double label_logit = row[label];
  double top = exponentials(row, columns, row);
  *label_exponential = row[label];
  row[label] = 0;
  Vector total = {};
  for (int k = 0; k < columns; k += WIDTH) total += load(row + k);
  *others = sum(total);
  return label_logit == top ? log1p(*others) : top - label_logit + log(*label_exponential + *others);
}

INLINE uint64_t saturated_outputs(Vector a, Vector complement, Bits used) {
  return count((a * complement <= SATURATED / 4) & used);
}

/// −log a of a label's output, −log(1 − a) of another's, a = 1 replaced by 0.999999. As with numpy, an
/// output of exactly 0 that is no label's gives 0 · log 0 = NaN.
INLINE Vector clamped_cost(Vector a, Bits is_label) {
  a = select(a == 1, splat(0.999999), a);
  Vector cost = -logarithm(select(is_label, a, 1 - a));
  return select(~is_label & (a == 0), splat(__builtin_nan("")), cost);
}

/// Turns a row's logits into deltas, adds up its cost, and counts.
INLINE void finish_row(const TrackerNetwork *network, int columns, double *row, int label,
                       double *probabilities, Vector *cost, ShareTotals *totals) {
  TrackerTotals *t = &totals->totals;
  uint64_t *saturated = &totals->saturated[network->layer_count - 1];
  t->correct += largest(row, columns) == label;
  if (network->output == TrackerOutputSigmoid && network->cost == TrackerCostStable) {
    // Of the label, −z takes the place of z: its cost is log(1 + e^−z), its delta −σ(−z), and nothing
    // cancels.
    row[label] = -row[label];
    for (int k = 0; k < columns; k += WIDTH) {
      Bits used = is_lane_used(k, columns);
      Vector z = load(row + k), complement, a = sigmoid(z, &complement);
      *cost += select(used, softplus(z), splat(0));
      *saturated += saturated_outputs(a, complement, used);
      store(row + k, a);
    }
    if (probabilities) {
      for (int k = 0; k < columns; k++) probabilities[k] = row[k];
      probabilities[label] = 1 - row[label];
    }
    row[label] = -row[label];
  } else if (network->output == TrackerOutputSigmoid) {
    for (int k = 0; k < columns; k += WIDTH) {
      Bits used = is_lane_used(k, columns), is_label = lane_numbers(k) == label;
      Vector complement, a = sigmoid(load(row + k), &complement);
      if (probabilities)
        for (int lane = 0; lane < WIDTH && k + lane < columns; lane++)
          probabilities[k + lane] = a[lane];
      *cost += select(used, clamped_cost(a, is_label), splat(0));
      t->clamp_hits += count((a == 1) & used);
      *saturated += saturated_outputs(a, complement, used);
      a = select(a == 1, splat(0.999999), a);
      store(row + k, select(is_label, a - 1, a));
    }
  } else {
    double label_exponential, others;
    double row_cost = softmax(row, columns, label, &label_exponential, &others);
    double total = label_exponential + others;
    bool is_clamped = network->cost == TrackerCostClamped, has_zero = false;
    for (int k = 0; k < columns; k += WIDTH) {
      Bits used = is_lane_used(k, columns) & (lane_numbers(k) != label);
      Vector p = load(row + k) / total;
      *saturated += saturated_outputs(p, 1 - p, used);
      if (is_clamped) {
        has_zero |= count((p == 0) & used) > 0;
        t->clamp_hits += count((p == 1) & used);
        p = select(p == 1, splat(0.999999), p);
      }
      store(row + k, p);
    }
    double p = label_exponential / total;
    *saturated += p * (others / total) <= SATURATED / 4;
    if (probabilities) {
      for (int k = 0; k < columns; k++) probabilities[k] = row[k];
      probabilities[label] = p;
    }
    row[label] = -others / total;
    if (is_clamped) {
      t->clamp_hits += p == 1;
      p = p == 1 ? 0.999999 : p;
      row_cost = has_zero ? __builtin_nan("") : -log(p);
      row[label] = p - 1;
    }
    (*cost)[0] += row_cost;
  }
}

static void evaluate_chunk(const TrackerWorkspace *w, Scratch *scratch, const Chunk *chunk,
                           double *sums, double *probabilities, ShareTotals *totals) {
  const TrackerNetwork *network = &w->network;
  int last = network->layer_count;
  const double *input = chunk->features;
  size_t input_stride = chunk->stride;
  for (int l = 0; l < last; l++) {
    double *out = scratch->outputs[l + 1];
    size_t stride = w->strides[l + 1];
    multiply(chunk->rows, w->sizes[l], w->sizes[l + 1], input, input_stride, w->forward[l], true,
             true, out, stride);
    if (l + 1 < last) {
      size_t rows = (size_t)chunk->rows;
      totals->saturated[l] += activate(network->hidden, out, rows * stride);
      if (network->hidden == TrackerHiddenRelu)
        totals->saturated[l] -= rows * (stride - (size_t)w->sizes[l + 1]);
    }
    input = out;
    input_stride = stride;
  }

  Vector cost = {};
  double *delta = scratch->outputs[last];
  for (int r = 0; r < chunk->rows; r++)
    finish_row(network, w->sizes[last], delta + (size_t)r * w->strides[last], chunk->labels[r],
               probabilities ? probabilities + (size_t)r * (size_t)w->sizes[last] : NULL, &cost,
               totals);
  totals->totals.cost += sum(cost);
  if (!sums) return;

  for (int l = last - 1; l >= 0; l--) {
    size_t stride = w->strides[l + 1];
    double *layer_sums = sums + w->sum_offsets[l];
    for (size_t column = 0; column < stride; column += WIDTH) {
      Vector bias = load(layer_sums + column);
      for (int r = 0; r < chunk->rows; r++) bias += load(delta + (size_t)r * stride + column);
      store(layer_sums + column, bias);
    }
    accumulate(chunk->rows, w->sizes[l], w->sizes[l + 1],
               l > 0 ? scratch->outputs[l] : chunk->features,
               l > 0 ? w->strides[l] : chunk->stride, delta, stride, layer_sums + stride, stride);
    if (l > 0) {
      double *next = scratch->work[l & 1];
      multiply(chunk->rows, w->sizes[l + 1], w->sizes[l], delta, stride, w->backward[l], false,
               false, next, w->strides[l]);
      multiply_by_slopes(network->hidden, scratch->outputs[l], next,
                         (size_t)chunk->rows * w->strides[l]);
      delta = next;
    }
  }
}
