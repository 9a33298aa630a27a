// Difference quotients of all other layers: each change is taken through the layers above, a chunk of rows
// at a time.

/// Row `row` of packed panels, written out side by side and filled up with zeros to `stride`.
static void unpack_row(const double *panels, int rows, int columns, int row, double *out,
                       size_t stride) {
  int left = (columns + WIDTH - 1) / WIDTH;
  for (size_t j = (size_t)left * WIDTH; j < stride; j++) out[j] = 0;
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
  for (int k = 0; k < columns; k += LANES) {
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
    for (size_t j = 0; j < stride; j += LANES)
      store(first + (size_t)r * stride + j, changes[r] * load(weights + j));
  for (layer++; layer < w->network.layer_count; layer++) {
    const double *a = scratch->outputs[layer], *slopes = scratch->slopes[layer];
    for (size_t i = 0; i < (size_t)rows * stride; i += LANES) {
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
               scratch->effective, w->strides[layer + 1]);
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
