// The change of a chunk's cost with every single parameter, without a forward pass for any of them.
//
// A step of Θ[i,j] changes the input of unit j by d = ±ε x_i, and its output by
//
//     σ(z + d) − σ(z) = σ′(z) q / (1 + σ(z) q),   q = e^d − 1,
//
// and the like for tanh, with q = tanh d. The logits change by a multiple of unit j's weights, and a stable
// cost, log(1 + e^z) summed over outputs, by
//
//     Σ_k log1p(s_k (e^δ_k − 1)) = log(Π_k (1 + u_k)),   u_k = s_k (e^δ_k − 1),
//
// where s_k is σ(z_k), and for the label's output σ(−z_k) with −δ_k. Of a softmax it is log1p(Σ_k u_k) with s_k
// its probabilities and δ_k less the label's. Nothing is subtracted but the two sides of a central
// difference.

/// q of the formulas above; d itself for ReLU.
INLINE Vector step_factor(TrackerHidden hidden, Vector d) {
  switch (hidden) {
    case TrackerHiddenSigmoid: return expm1_vector(d);
    case TrackerHiddenTanh: return tanh_vector(d);
    case TrackerHiddenRelu: return d;
  }
}

/// How the output of hidden units changes; `slope` is the input itself for ReLU.
INLINE Vector output_change(TrackerHidden hidden, Vector a, Vector slope, Vector q) {
  if (hidden != TrackerHiddenRelu) return slope * q / (1 + a * q);
  Vector after = slope + q;
  return select(slope > 0, select(after > 0, q, -slope), select(after > 0, after, splat(0)));
}

/// The derivative of the output of hidden units along a change d of their inputs.
INLINE Vector output_tangent(TrackerHidden hidden, Vector slope, Vector d) {
  return hidden == TrackerHiddenRelu ? select(slope > 0, d, splat(0)) : slope * d;
}

/// Replaces inputs of hidden units by outputs, and writes their slopes.
static void activate_with_slopes(TrackerHidden hidden, double *values, double *slopes,
                                 size_t count_) {
  for (size_t i = 0; i < count_; i += WIDTH) {
    Vector z = load(values + i), a, slope;
    switch (hidden) {
      case TrackerHiddenSigmoid: {
        Vector complement;
        a = sigmoid(z, &complement);
        slope = a * complement;
        break;
      }
      case TrackerHiddenTanh: {
        Vector e = exponential(-2 * magnitude(z)), root = 1 / (1 + e);
        a = tanh_vector(z);
        slope = 4 * e * root * root;
        break;
      }
      case TrackerHiddenRelu:
        a = select(z < 0, splat(0), z);
        slope = z;
        break;
    }
    store(values + i, a);
    store(slopes + i, slope);
  }
}

/// What the changes of one row's cost are computed from, one number for each output:
/// the derivatives of the cost for a complex step; s_k of a stable cost; the cost of each output for the
/// forward difference of a clamped sigmoid; the probabilities for a clamped softmax.
INLINE void cost_factors(const TrackerNetwork *network, TrackerDifference method, int columns,
                         const double *z, int label, double *out) {
  bool is_tangent = method == TrackerDifferenceComplexStep;
  bool is_clamped = network->cost == TrackerCostClamped;
  if (network->output == TrackerOutputSigmoid) {
    for (int k = 0; k < columns; k += WIDTH) {
      Bits is_label = lane_numbers(k) == label;
      Vector complement, a = sigmoid(load(z + k), &complement), factor;
      if (!is_clamped) {
        factor = select(is_label, complement, a);
        if (is_tangent) factor = select(is_label, -factor, factor);
      } else if (is_tangent) {
        // As complex arithmetic does it, with the cancellation in 1 − a.
        factor = select(is_label, -complement, a * complement / (1 - a));
        factor = select(a == 1, splat(0), factor);
        factor = select(~is_label & (a == 0), splat(__builtin_nan("")), factor);
      } else {
        factor = clamped_cost(a, is_label);
      }
      store(out + k, select(is_lane_used(k, columns), factor, splat(0)));
    }
    return;
  }
  double label_exponential, others;
  for (int k = 0; k < columns; k++) out[k] = z[k];
  softmax(out, columns, label, &label_exponential, &others);
  double total = label_exponential + others;
  bool has_zero = false;
  for (int k = 0; k < columns; k++) {
    out[k] /= total;
    has_zero |= k != label && out[k] == 0;
  }
  double p = label_exponential / total;
  out[label] = is_clamped ? p : others / total;
  if (is_tangent) {
    out[label] = -others / total;
    if (is_clamped && p == 1)
      for (int k = 0; k < columns; k++) out[k] = 0;
  }
  if (is_clamped && has_zero) out[0] = __builtin_nan("");
}

/// log((1 + up) / (1 + down)).
INLINE Vector log_ratio(Vector up, Vector down) {
  return log1p_finite((up - down) / (1 + down));
}

/// −log p of the label's probability after its logit changed by e, the label's q, and the sum of all
/// u by `total`; 1 replaced by 0.999999.
INLINE double clamped_softmax_cost(double p, double q, double total) {
  double changed = p * (1 + q) / (1 + total);
  return -log(changed == 1 ? 0.999999 : changed);
}

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
    for (int k = 0; k < columns; k += WIDTH) {
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
        for (int lane = 0; lane < WIDTH; lane++)
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

/// The change of a stable cost when `unit` hidden outputs side by side change by `up` and by `down`, each on
/// its own.
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
    for (size_t j = 0; j < stride; j += WIDTH) {
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
    for (size_t j = 0; j < stride; j += WIDTH) {
      Vector weights = load(transposed + j);
      if (!is_plain && network->output == TrackerOutputSoftmax)
        weights -= load(of_label + j);
      else if (!is_plain && k == label)
        weights = -weights;
      store(out + j, weights);
    }
}

/// Row `row` of packed panels, written out side by side.
static void unpack_row(const double *panels, int rows, int columns, int row, double *out) {
  int left = (columns + WIDTH - 1) / WIDTH;
  while (left > 0) {
    int width = panel_vectors(left) * WIDTH;
    for (int c = 0; c < width; c++) out[c] = panels[(size_t)row * (size_t)width + (size_t)c];
    panels += (size_t)rows * (size_t)width;
    out += width;
    left -= width / WIDTH;
  }
}

/// The change of one row's cost when all its logits change, by `up` and by `down`.
static double logits_change(const TrackerNetwork *network, TrackerDifference method, int columns,
                            const double *z, const double *factors, int label, const double *up,
                            const double *down) {
  bool is_central = method == TrackerDifferenceCentral;
  bool is_softmax = network->output == TrackerOutputSoftmax;
  bool is_clamped = network->cost == TrackerCostClamped;
  Vector total = {}, up_total = {}, down_total = {};
  double shift_up = is_softmax && !is_clamped ? up[label] : 0;
  double shift_down = is_softmax && !is_clamped && is_central ? down[label] : 0;
  for (int k = 0; k < columns; k += WIDTH) {
    Bits is_label = lane_numbers(k) == label, used = is_lane_used(k, columns);
    Vector factor = load(factors + k), d_up = load(up + k), d_down = {};
    if (is_central) d_down = load(down + k);
    if (method == TrackerDifferenceComplexStep) {
      total += factor * d_up;
    } else if (is_softmax) {
      up_total += factor * expm1_vector(d_up - shift_up);
      down_total += factor * expm1_vector(d_down - shift_down);
    } else if (is_clamped) {
      Vector complement, logit = load(z + k);
      Vector above = clamped_cost(sigmoid(logit + d_up, &complement), is_label);
      Vector below =
          is_central ? clamped_cost(sigmoid(logit + d_down, &complement), is_label) : factor;
      total += select(used, above - below, splat(0));
    } else {
      total += log_ratio(factor * expm1_vector(select(is_label, -d_up, d_up)),
                         factor * expm1_vector(select(is_label, -d_down, d_down)));
    }
  }
  if (method == TrackerDifferenceComplexStep || !is_softmax) return sum(total);
  double above = sum(up_total), below = sum(down_total);
  if (!is_clamped) return log1p((above - below) / (1 + below));
  return clamped_softmax_cost(factors[label], expm1(up[label]), above) -
         clamped_softmax_cost(factors[label], is_central ? expm1(down[label]) : 0, below) +
         (factors[0] - factors[0]);
}

/// Takes a change of unit `unit` of layer `layer` through all layers above, for all rows of a chunk.
/// Returns the changes of the logits, which lie in `first` or `second`.
static double *propagate(const TrackerWorkspace *w, Scratch *scratch, int rows, bool is_tangent,
                         int layer, const double *weights, const double *changes, double *first,
                         double *second) {
  TrackerHidden hidden = w->network.hidden;
  size_t stride = w->strides[layer + 1];
  for (int r = 0; r < rows; r++)
    for (size_t j = 0; j < stride; j += WIDTH)
      store(first + (size_t)r * stride + j, changes[r] * load(weights + j));
  for (layer++; layer < w->network.layer_count; layer++) {
    const double *a = scratch->outputs[layer], *slopes = scratch->slopes[layer];
    for (size_t i = 0; i < (size_t)rows * stride; i += WIDTH) {
      Vector d = load(first + i), slope = load(slopes + i);
      store(first + i, is_tangent ? output_tangent(hidden, slope, d)
                                  : output_change(hidden, load(a + i), slope,
                                                  step_factor(hidden, d)));
    }
    multiply(rows, w->sizes[layer], w->sizes[layer + 1], first, stride, w->forward[layer], true,
             false, second, w->strides[layer + 1]);
    stride = w->strides[layer + 1];
    double *result = second;
    second = first;
    first = result;
  }
  return first;
}

/// A layer further down, or any with a clamped softmax: changes of each unit are taken through the
/// layers above.
static void earlier_layer(const TrackerWorkspace *w, Scratch *scratch, const Chunk *chunk,
                          TrackerDifference method, double epsilon, int matrix, double *sums) {
  const TrackerNetwork *network = &w->network;
  int last = network->layer_count, columns = w->sizes[last], layer = matrix + 1;
  size_t stride = w->strides[layer], last_stride = w->strides[last];
  const double *input = matrix == 0 ? chunk->features : scratch->outputs[matrix];
  size_t input_stride = matrix == 0 ? chunk->stride : w->strides[matrix];
  bool is_tangent = method == TrackerDifferenceComplexStep;
  bool is_central = method == TrackerDifferenceCentral;
  double changes[2][CHUNK_ROWS];
  for (int j = 0; j < w->sizes[layer]; j++) {
    unpack_row(w->forward[layer], w->sizes[layer] + 1, w->sizes[layer + 1], j + 1,
               scratch->effective);
    for (int i = 0; i <= w->sizes[matrix]; i++) {
      bool is_still = true;
      for (int r = 0; r < chunk->rows; r++) {
        double x = i == 0 ? 1 : input[(size_t)r * input_stride + (size_t)i - 1];
        Vector a = splat(scratch->outputs[layer][(size_t)r * stride + (size_t)j]);
        Vector slope = splat(scratch->slopes[layer][(size_t)r * stride + (size_t)j]);
        is_still &= x == 0;
        for (int side = 0; side < (is_central ? 2 : 1); side++) {
          Vector d = splat(side == 0 ? epsilon * x : -epsilon * x);
          changes[side][r] =
              (is_tangent ? output_tangent(network->hidden, slope, splat(x))
                          : output_change(network->hidden, a, slope,
                                          step_factor(network->hidden, d)))[0];
        }
      }
      if (is_still) continue;
      double *up = propagate(w, scratch, chunk->rows, is_tangent, layer, scratch->effective,
                             changes[0], scratch->work[0], scratch->work[1]);
      double *down = !is_central
                         ? NULL
                         : propagate(w, scratch, chunk->rows, is_tangent, layer,
                                     scratch->effective, changes[1], scratch->work[2],
                                     scratch->work[3]);
      double total = 0;
      for (int r = 0; r < chunk->rows; r++) {
        size_t row = (size_t)r * last_stride;
        total += logits_change(network, method, columns, scratch->outputs[last] + row,
                               scratch->slopes[last] + row, chunk->labels[r], up + row,
                               is_central ? down + row : NULL);
      }
      sums[(size_t)i * stride + (size_t)j] += total;
    }
  }
}

/// The transpose of the last weights, side by side, and the largest magnitude in them.
static double transpose_last(const TrackerWorkspace *w, double *out) {
  int last = w->network.layer_count, columns = w->sizes[last];
  size_t stride = w->strides[last - 1];
  double largest_magnitude = 0;
  for (int k = 0; k < columns; k++) {
    unpack_row(w->backward[last - 1], columns, w->sizes[last - 1], k, out + (size_t)k * stride);
    for (size_t j = 0; j < stride; j++)
      largest_magnitude = fmax(largest_magnitude, fabs(out[(size_t)k * stride + j]));
  }
  return w->network.output == TrackerOutputSoftmax ? 2 * largest_magnitude : largest_magnitude;
}

static void difference_chunk(const TrackerWorkspace *w, Scratch *scratch, const Chunk *chunk,
                             TrackerDifference method, double epsilon, double *sums) {
  const TrackerNetwork *network = &w->network;
  int last = network->layer_count, columns = w->sizes[last];
  size_t last_stride = w->strides[last];
  const double *input = chunk->features;
  size_t input_stride = chunk->stride;
  for (int l = 0; l < last; l++) {
    double *out = scratch->outputs[l + 1];
    size_t stride = w->strides[l + 1];
    multiply(chunk->rows, w->sizes[l], w->sizes[l + 1], input, input_stride, w->forward[l], true,
             true, out, stride);
    if (l + 1 < last)
      activate_with_slopes(network->hidden, out, scratch->slopes[l + 1],
                           (size_t)chunk->rows * stride);
    if (l + 1 < last) {
      input = out;
      input_stride = stride;
    }
  }
  bool takes_rows =
      network->cost == TrackerCostStable || network->output == TrackerOutputSigmoid ||
      method == TrackerDifferenceComplexStep;
  double largest_weight = 0;
  double *transposed = scratch->transposed;
  if (last > 1 && takes_rows) largest_weight = transpose_last(w, transposed);
  for (int r = 0; r < chunk->rows; r++) {
    int label = chunk->labels[r];
    const double *z = scratch->outputs[last] + (size_t)r * last_stride;
    double *factors = scratch->slopes[last] + (size_t)r * last_stride;
    cost_factors(network, method, columns, z, label, factors);
    last_layer_row(w, method, epsilon, input + (size_t)r * input_stride, z, factors, label,
                   sums + w->sum_offsets[last - 1]);
    if (last > 1 && takes_rows) {
      effective_weights(w, method, label, transposed, scratch->effective);
      const double *below = last == 2
                                ? chunk->features + (size_t)r * chunk->stride
                                : scratch->outputs[last - 2] + (size_t)r * w->strides[last - 2];
      last_but_one_layer_row(w, scratch, method, epsilon, largest_weight, r, below, label,
                             sums + w->sum_offsets[last - 2]);
    }
  }
  for (int matrix = takes_rows ? last - 3 : last - 2; matrix >= 0; matrix--)
    earlier_layer(w, scratch, chunk, method, epsilon, matrix, sums + w->sum_offsets[matrix]);
}
