// The change of a chunk's cost with every single parameter, layer by layer.

/// The transpose of the last weights, side by side, and the largest magnitude in them.
static double transpose_last(const TrackerWorkspace *w, double *out) {
  int last = w->network.layer_count, columns = w->sizes[last];
  size_t stride = w->strides[last - 1];
  double largest_magnitude = 0;
  for (int k = 0; k < columns; k++) {
    unpack_row(w->backward[last - 1], columns, w->sizes[last - 1], k, out + (size_t)k * stride,
               stride);
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
