// Cost and gradient of one chunk of rows: forward, cost, backward.

static void pack_all(TrackerWorkspace *workspace, const double *parameters) {
  for (int l = 0; l < workspace->network.layer_count; l++) {
    int inputs = workspace->sizes[l], units = workspace->sizes[l + 1];
    pack(parameters, inputs + 1, units, workspace->forward[l]);
    if (l > 0) pack_transposed(parameters + units, inputs, units, workspace->backward[l]);
    parameters += (size_t)(inputs + 1) * (size_t)units;
  }
}

static void evaluate_chunk(const TrackerWorkspace *w, Scratch *scratch, const Chunk *chunk,
                           double *sums, double *probabilities, ShareTotals *totals) {
  const TrackerNetwork *network = &w->network;
  int last = network->layer_count;
  const double *input = chunk->features;
  size_t input_stride = chunk->stride;
  double *units = totals->units;
  for (int l = 0; l < last; l++) {
    double *out = scratch->outputs[l + 1];
    size_t stride = w->strides[l + 1];
    multiply(chunk->rows, w->sizes[l], w->sizes[l + 1], input, input_stride, w->forward[l], true,
             true, out, stride);
    if (l + 1 < last) {
      size_t rows = (size_t)chunk->rows;
      totals->saturated[l] += activate(network->hidden, out, rows * stride);
      if (network->hidden == TrackerHiddenRelu) {
        totals->saturated[l] -= rows * (stride - (size_t)w->sizes[l + 1]);
        keep_greatest(out, chunk->rows, stride, units);
      }
      units += stride;
    }
    input = out;
    input_stride = stride;
  }

  OutputTotals outputs = {};
  double *delta = scratch->outputs[last];
  for (int r = 0; r < chunk->rows; r++)
    finish_row(network, w->sizes[last], delta + (size_t)r * w->strides[last], chunk->labels[r],
               probabilities ? probabilities + (size_t)r * (size_t)w->sizes[last] : NULL,
               &outputs);
  add_outputs(delta, chunk, w->strides[last], units);
  totals->totals.cost += sum(outputs.cost);
  totals->totals.correct += outputs.correct;
  totals->totals.clamp_hits += count(outputs.clamp_hits);
  totals->saturated[last - 1] += count(outputs.saturated);
  if (!sums) return;

  for (int l = last - 1; l >= 0; l--) {
    size_t stride = w->strides[l + 1];
    double *layer_sums = sums + w->sum_offsets[l];
    for (size_t column = 0; column < stride; column += LANES) {
      Vector bias = chunk->continues ? load(layer_sums + column) : (Vector){};
      for (int r = 0; r < chunk->rows; r++) bias += load(delta + (size_t)r * stride + column);
      store(layer_sums + column, bias);
    }
    accumulate(chunk->rows, w->sizes[l], w->sizes[l + 1],
               l > 0 ? scratch->outputs[l] : chunk->features,
               l > 0 ? w->strides[l] : chunk->stride, delta, stride, chunk->continues, layer_sums + stride,
               stride);
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
