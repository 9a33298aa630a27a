// Difference quotients of the two last layers, row by row, many parameters at a time.

/// The last layer: Θ[i,j] changes logit j alone.
static void last_layer_row(const TrackerWorkspace *w, TrackerDifference method, double epsilon,
                           const double *input, const double *z, const double *factors, int label,
                           double *sums) {
  const TrackerNetwork *network = &w->network;
  int last = network->layer_count, columns = w->sizes[last];
  size_t stride = w->strides[last];
  bool is_central = method == TrackerDifferenceCentral;
  double down_side = is_central ? 1 : 0;
  for (int i = 0; i <= w->sizes[last - 1]; i++, sums += stride) {
    double x = i == 0 ? 1 : input[i - 1];
    if (x == 0) continue;
    double d = epsilon * x;
    for (int k = 0; k < columns; k += LANES) {
      Bits is_label = lane_numbers(k) == label;
      Vector factor = load(factors + k), change;
      if (method == TrackerDifferenceComplexStep) {
        change = factor * x;
      } else if (network->cost == TrackerCostStable) {
        Vector signed_step = select(is_label, splat(-d), splat(d));
        change = log_ratio(factor * expm1_vector(signed_step),
                           factor * expm1_vector(-down_side * signed_step));
      } else if (network->output == TrackerOutputSigmoid) {
        Vector logit = load(z + k), complement;
        Vector up = clamped_cost(sigmoid(logit + d, &complement), is_label);
        Vector down = is_central ? clamped_cost(sigmoid(logit - d, &complement), is_label) : factor;
        change = select(is_lane_used(k, columns), up - down, splat(0));
      } else {
        Vector q_up = expm1_vector(splat(d)), q_down = expm1_vector(splat(-down_side * d));
        double p = factors[label], invalid = factors[0] - factors[0];
        for (int lane = 0; lane < LANES; lane++)
          change[lane] =
              clamped_softmax_cost(p, is_label[lane] ? q_up[lane] : 0, factor[lane] * q_up[lane]) -
              clamped_softmax_cost(p, is_label[lane] ? q_down[lane] : 0,
                                   factor[lane] * q_down[lane]) +
              invalid;
      }
      store(sums + k, load(sums + k) + change);
    }
  }
}

/// The changes of a stable cost when hidden units side by side change by `up` and by `down`, each on its
/// own.
INLINE Vector stable_change(const bool is_central, const bool is_softmax, const bool is_small,
                            int columns, const double *factors, const double *effective,
                            size_t stride, Vector up, Vector down) {
  Vector up_total = {}, down_total = {};
  for (int k = 0; k < columns; k++) {
    Vector weights = load(effective + (size_t)k * stride);
    double factor = factors[k];
    Vector u = factor * (is_small ? expm1_small(up * weights) : expm1_vector(up * weights));
    up_total += is_softmax ? u : u + up_total * u;
    if (is_central) {
      Vector v = factor * (is_small ? expm1_small(down * weights) : expm1_vector(down * weights));
      down_total += is_softmax ? v : v + down_total * v;
    }
  }
  return log_ratio(up_total, down_total);
}

INLINE Vector clamped_change(const bool is_central, int columns, const double *z,
                             const double *factors, int label, const double *effective,
                             size_t stride, Vector up, Vector down) {
  Vector total = {}, complement;
  for (int k = 0; k < columns; k++) {
    Bits is_label = (Bits){} - (k == label);
    Vector weights = load(effective + (size_t)k * stride);
    Vector above = clamped_cost(sigmoid(z[k] + up * weights, &complement), is_label);
    Vector below = is_central
                       ? clamped_cost(sigmoid(z[k] + down * weights, &complement), is_label)
                       : splat(factors[k]);
    total += above - below;
  }
  return total;
}

INLINE Vector tangent_change(int columns, const double *factors, const double *effective,
                             size_t stride, Vector tangent) {
  Vector total = {};
  for (int k = 0; k < columns; k++)
    total += factors[k] * (tangent * load(effective + (size_t)k * stride));
  return total;
}

/// The last but one layer: Θ[i,j] changes hidden unit j, and all logits by multiples of its weights.
static void last_but_one_layer_row(const TrackerWorkspace *w, Scratch *scratch,
                                   TrackerDifference method, double epsilon,
                                   double largest_weight, int row, const double *input, int label,
                                   double *sums) {
  const TrackerNetwork *network = &w->network;
  int last = network->layer_count, columns = w->sizes[last];
  size_t stride = w->strides[last - 1], last_stride = w->strides[last];
  const double *a = scratch->outputs[last - 1] + (size_t)row * stride;
  const double *slopes = scratch->slopes[last - 1] + (size_t)row * stride;
  const double *z = scratch->outputs[last] + (size_t)row * last_stride;
  const double *factors = scratch->slopes[last] + (size_t)row * last_stride;
  const double *effective = scratch->effective;
  TrackerHidden hidden = network->hidden;
  bool is_softmax = network->output == TrackerOutputSoftmax;
  bool is_clamped = network->cost == TrackerCostClamped;
  bool is_central = method == TrackerDifferenceCentral;
  // How far a unit's output moves, at most, when its input moves by 1.
  double reach = hidden == TrackerHiddenSigmoid ? 0.25 : 1;
  for (int i = 0; i <= w->sizes[last - 2]; i++, sums += stride) {
    double x = i == 0 ? 1 : input[i - 1];
    if (x == 0) continue;
    double d = epsilon * x;
    bool is_small = fabs(d) * reach * largest_weight <= 0.125;
    Vector q_up = step_factor(hidden, splat(d)), q_down = step_factor(hidden, splat(-d));
    for (size_t j = 0; j < stride; j += LANES) {
      Vector output = load(a + j), slope = load(slopes + j), change;
      if (method == TrackerDifferenceComplexStep) {
        change = tangent_change(columns, factors, effective + j, stride,
                                output_tangent(hidden, slope, splat(x)));
      } else {
        Vector up = output_change(hidden, output, slope, q_up), down = {};
        if (is_central) down = output_change(hidden, output, slope, q_down);
#define STABLE(central, softmax, small)                                                      \
  stable_change(central, softmax, small, columns, factors, effective + j, stride, up, down)
#define STABLE_OUTPUT(central, softmax) \
  (is_small ? STABLE(central, softmax, true) : STABLE(central, softmax, false))
        if (is_clamped)
          change = is_central ? clamped_change(true, columns, z, factors, label, effective + j,
                                               stride, up, down)
                              : clamped_change(false, columns, z, factors, label, effective + j,
                                               stride, up, down);
        else if (is_central)
          change = is_softmax ? STABLE_OUTPUT(true, true) : STABLE_OUTPUT(true, false);
        else
          change = is_softmax ? STABLE_OUTPUT(false, true) : STABLE_OUTPUT(false, false);
#undef STABLE
#undef STABLE_OUTPUT
      }
      store(sums + j, load(sums + j) + change);
    }
  }
}

/// The weights from hidden units to outputs as they act on one row's cost, by output: negative for a
/// sigmoid's label, less the label's for a softmax; as they are where the factors carry the sign.
static void effective_weights(const TrackerWorkspace *w, TrackerDifference method, int label,
                              const double *transposed, double *out) {
  const TrackerNetwork *network = &w->network;
  int columns = w->sizes[network->layer_count];
  size_t stride = w->strides[network->layer_count - 1];
  bool is_plain =
      method == TrackerDifferenceComplexStep || network->cost == TrackerCostClamped;
  const double *of_label = transposed + (size_t)label * stride;
  for (int k = 0; k < columns; k++, out += stride, transposed += stride)
    for (size_t j = 0; j < stride; j += LANES) {
      Vector weights = load(transposed + j);
      if (!is_plain && network->output == TrackerOutputSoftmax)
        weights -= load(of_label + j);
      else if (!is_plain && k == label)
        weights = -weights;
      store(out + j, weights);
    }
}
