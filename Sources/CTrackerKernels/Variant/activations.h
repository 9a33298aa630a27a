// The activations of hidden layers, and their slopes.

#include <math.h>

#include "../workspace.h"

/// Slopes up to this share of the largest possible count as saturated.
#define SATURATED 1e-3
/// |x| from which on the slope of σ is at most a thousandth of ¼: 2 + 2 cosh x = 4000.
#define SATURATED_SIGMOID 8.2935495151454

INLINE Bits is_sigmoid_saturated(Vector x) { return magnitude(x) >= SATURATED_SIGMOID; }

/// greatest ← max(greatest, outputs), column by column.
static void keep_greatest(const double *outputs, int rows, size_t stride, double *greatest) {
  for (size_t column = 0; column < stride; column += LANES) {
    Vector most = load(greatest + column);
    for (int r = 0; r < rows; r++) {
      Vector a = load(outputs + (size_t)r * stride + column);
      // What is NaN is not dead.
      most = select(a <= most, most, a);
    }
    store(greatest + column, most);
  }
}

/// Replaces `count_` inputs of hidden units by their outputs; returns how many are saturated.
static uint64_t activate(TrackerHidden hidden, double *values, size_t count_) {
  Bits saturated = {};
  switch (hidden) {
    case TrackerHiddenSigmoid:
      for (size_t i = 0; i < count_; i += LANES) {
        Vector z = load(values + i), complement;
        saturated += is_sigmoid_saturated(z);
        store(values + i, sigmoid(z, &complement));
      }
      break;
    case TrackerHiddenTanh:
      for (size_t i = 0; i < count_; i += LANES) {
        Vector a = tanh_vector(load(values + i));
        saturated += 1 - a * a <= SATURATED;
        store(values + i, a);
      }
      break;
    case TrackerHiddenRelu:
      for (size_t i = 0; i < count_; i += LANES) {
        Vector z = load(values + i), a = select(z < 0, splat(0), z);
        saturated += a == 0;
        store(values + i, a);
      }
      break;
  }
  return count(saturated);
}

/// deltas ← deltas · slope of the activation, by its outputs.
static void multiply_by_slopes(TrackerHidden hidden, const double *outputs, double *deltas,
                               size_t count_) {
  for (size_t i = 0; i < count_; i += LANES) {
    Vector a = load(outputs + i), d = load(deltas + i);
    switch (hidden) {
      case TrackerHiddenSigmoid: d *= a * (1 - a); break;
      case TrackerHiddenTanh: d *= 1 - a * a; break;
      case TrackerHiddenRelu: d = select(a > 0, d, splat(0)); break;
    }
    store(deltas + i, d);
  }
}
