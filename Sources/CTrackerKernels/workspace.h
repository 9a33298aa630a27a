// What the variants and the code around them share.

#ifndef TRACKER_WORKSPACE_H
#define TRACKER_WORKSPACE_H

#include <stdbool.h>

#include "include/CTrackerKernels.h"

/// Rows that are taken through all layers together, so that their values stay in the cache.
enum { CHUNK_ROWS = 64 };
/// The most shares that the rows of one evaluation are cut into, and the most threads.
enum { MOST_SHARES = 16 };

typedef struct Variant Variant;

/// One thread's room for the values of one chunk. A layer's matrix of values has `CHUNK_ROWS` rows with
/// the layer's stride, its units filled up to whole vectors.
typedef struct {
  /// Rows of the data that do not lie side by side.
  double *gathered;
  int32_t *labels;
  /// By layer, from 1: outputs of hidden layers, logits or deltas of the last.
  double **outputs;
  /// By layer, from 1: the slopes of hidden units (for ReLU their inputs); of the last layer what the
  /// changes of its cost are computed from.
  double **slopes;
  /// Room for the widest layer each.
  double *work[4];
  /// The last layer's weights as they act on the cost of one row: units of the last layer × stride.
  double *effective;
  /// Those weights transposed, as they are.
  double *transposed;
} Scratch;

struct TrackerWorkspace {
  TrackerNetwork network;
  int32_t *sizes;
  const Variant *variant;
  int threads;
  /// Units of each layer, filled up to whole vectors.
  size_t *strides;
  /// By matrix: bias and weights, packed; and the transposed weights, packed (not for the first).
  double **forward;
  double **backward;
  /// By matrix: where its sums begin in a share's sums, (inputs + 1) × stride.
  size_t *sum_offsets;
  size_t sum_count;
  /// Units of all layers after the inputs, filled up, and those of the last once more.
  size_t unit_count;
  /// Sums of each share, made on first use.
  double *share_sums[MOST_SHARES];
  /// By thread, made on first use.
  Scratch *scratch[MOST_SHARES];
};

/// What one share adds up beside its sums.
typedef struct {
  TrackerTotals totals;
  /// By layer after the inputs.
  uint64_t *saturated;
  /// By unit, layer after layer: of hidden ReLUs the greatest output; of the last layer the sums of the outputs,
  /// and then those of their squares.
  double *units;
} ShareTotals;

/// A chunk of examples.
typedef struct {
  int rows;
  const double *features;
  size_t stride;
  const int32_t *labels;
  /// Whether it adds to its share's sums, as all but the first one do.
  bool continues;
} Chunk;

/// The code for one instruction set.
struct Variant {
  /// What the units of a layer are filled up to a multiple of.
  int lanes;
  /// Packs the parameters' matrices for products.
  void (*pack)(TrackerWorkspace *workspace, const double *parameters);
  /// Cost and, if `sums` is not NULL, the sums of the gradient over a chunk.
  void (*evaluate)(const TrackerWorkspace *workspace, Scratch *scratch, const Chunk *chunk,
                   double *sums, double *probabilities, ShareTotals *totals);
  /// Adds each parameter's change of the chunk's cost to `sums`.
  void (*differences)(const TrackerWorkspace *workspace, Scratch *scratch, const Chunk *chunk,
                      TrackerDifference method, double epsilon, double *sums);
  /// out ← (the sum of all shares at `offset`) · factor + penalty (parameters + shift), for one row of `units`. A row of
  /// biases has no penalty, and no parameters here.
  void (*add_up)(double *const *share_sums, int shares, size_t offset, size_t units, double factor,
                 double penalty, const double *parameters, double shift, double *out);
  /// See `tracker_maximum_norm`.
  double (*maximum_norm)(const double *x, size_t count);
  /// See `tracker_adam_update`.
  void (*adam)(const TrackerAdam *settings, const double *gradient, double *first, double *second,
               double *parameters, size_t count);
  /// See `tracker_momentum_update`.
  void (*momentum)(double rate, double momentum, int32_t looks_ahead, const double *gradient,
                   double *velocity, double *parameters, size_t count);
  /// out ← function(x).
  void (*apply)(TrackerFunction function, const double *x, double *out, size_t count);
};

extern const Variant tracker_variant_baseline;
#if defined(__x86_64__)
extern const Variant tracker_variant_avx2;
extern const Variant tracker_variant_avx512;
#endif

#endif
