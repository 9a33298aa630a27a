// The code of one instruction set: define VARIANT (the table's name), WIDTH (doubles in a register), ROWS and PANEL
// (the block of sums that fits the registers), and include this under that set's target attribute.

#include "vector.h"

#include "elementary.h"
#include "products.h"
#include "activations.h"
#include "outputs.h"
#include "evaluation.h"
#include "changes.h"
#include "top_layers.h"
#include "lower_layers.h"
#include "differences.h"
#include "gradient.h"
#include "updates.h"

static void apply(TrackerFunction function, const double *x, double *out, size_t count_) {
  for (size_t i = 0; i < count_; i += LANES) {
    size_t used = count_ - i < LANES ? count_ - i : LANES;
    Vector value = {}, complement;
    for (size_t lane = 0; lane < used; lane++) value[lane] = x[i + lane];
    switch (function) {
      case TrackerFunctionExp: value = exponential(value); break;
      case TrackerFunctionExpm1: value = expm1_vector(value); break;
      case TrackerFunctionLog: value = logarithm(value); break;
      case TrackerFunctionLog1p: value = log1p_vector(value); break;
      case TrackerFunctionSigmoid: value = sigmoid(value, &complement); break;
      case TrackerFunctionTanh: value = tanh_vector(value); break;
      case TrackerFunctionSoftplus: value = softplus(value); break;
    }
    for (size_t lane = 0; lane < used; lane++) out[i + lane] = value[lane];
  }
}

const Variant VARIANT = {
    .lanes = LANES,
    .pack = pack_all,
    .evaluate = evaluate_chunk,
    .differences = difference_chunk,
    .add_up = add_up_row,
    .maximum_norm = maximum_norm,
    .adam = adam,
    .momentum = momentum,
    .apply = apply,
};
