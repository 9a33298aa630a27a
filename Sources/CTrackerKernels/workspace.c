// Cuts the rows of an evaluation into shares, has them done, and adds up what came of them.

#include "workspace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static _Atomic int most_instructions = TrackerInstructionsAVX512;

void tracker_limit_instructions(TrackerInstructions most) { most_instructions = most; }

static TrackerInstructions instructions_of_processor(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    return TrackerInstructionsAVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("bmi2"))
    return TrackerInstructionsAVX2;
#endif
  return TrackerInstructionsBaseline;
}

TrackerInstructions tracker_best_instructions(void) {
  TrackerInstructions best = instructions_of_processor();
  return (int)best < most_instructions ? best : (TrackerInstructions)most_instructions;
}

static const Variant *variant_for(TrackerInstructions instructions) {
  TrackerInstructions best = instructions_of_processor();
  switch (instructions < best ? instructions : best) {
#if defined(__x86_64__)
    case TrackerInstructionsAVX512: return &tracker_variant_avx512;
    case TrackerInstructionsAVX2: return &tracker_variant_avx2;
#endif
    default: return &tracker_variant_baseline;
  }
}

void tracker_adam_update(TrackerAdam settings, const double *gradient, double *first, double *second,
                         double *parameters, size_t count) {
  variant_for(tracker_best_instructions())
      ->adam(&settings, gradient, first, second, parameters, count);
}

void tracker_momentum_update(double rate, double momentum, int32_t looks_ahead, const double *gradient,
                             double *velocity, double *parameters, size_t count) {
  variant_for(tracker_best_instructions())
      ->momentum(rate, momentum, looks_ahead, gradient, velocity, parameters, count);
}

double tracker_maximum_norm(const double *x, size_t count) {
  return variant_for(tracker_best_instructions())->maximum_norm(x, count);
}

void tracker_apply(TrackerFunction function, TrackerInstructions instructions, const double *x,
                   double *out, size_t count) {
  variant_for(instructions)->apply(function, x, out, count);
}

/// `count` doubles, zeroed, at the start of a cache line.
static double *doubles(size_t count) {
  size_t bytes = (count * sizeof(double) + 63) / 64 * 64;
  double *memory = aligned_alloc(64, bytes == 0 ? 64 : bytes);
  if (memory) memset(memory, 0, bytes);
  return memory;
}

static void free_all(double **pointers, int count) {
  if (!pointers) return;
  for (int index = 0; index < count; index++) free(pointers[index]);
  free(pointers);
}

static void destroy_scratch(Scratch *scratch, int layers) {
  if (!scratch) return;
  free(scratch->gathered);
  free(scratch->labels);
  free_all(scratch->outputs, layers + 1);
  free_all(scratch->slopes, layers + 1);
  for (int index = 0; index < 4; index++) free(scratch->work[index]);
  free(scratch->effective);
  free(scratch->transposed);
  free(scratch);
}

static Scratch *create_scratch(const TrackerWorkspace *w) {
  int layers = w->network.layer_count;
  Scratch *scratch = calloc(1, sizeof *scratch);
  if (!scratch) return NULL;
  size_t widest = 0;
  for (int l = 0; l <= layers; l++) widest = w->strides[l] > widest ? w->strides[l] : widest;
  size_t outputs = (size_t)w->sizes[layers];
  scratch->gathered = doubles(CHUNK_ROWS * (size_t)w->sizes[0]);
  scratch->labels = calloc(CHUNK_ROWS, sizeof *scratch->labels);
  scratch->outputs = calloc((size_t)layers + 1, sizeof *scratch->outputs);
  scratch->slopes = calloc((size_t)layers + 1, sizeof *scratch->slopes);
  bool is_complete =
      scratch->gathered && scratch->labels && scratch->outputs && scratch->slopes;
  for (int l = 1; is_complete && l <= layers; l++) {
    scratch->outputs[l] = doubles(CHUNK_ROWS * w->strides[l]);
    scratch->slopes[l] = doubles(CHUNK_ROWS * w->strides[l]);
    is_complete = scratch->outputs[l] && scratch->slopes[l];
  }
  for (int index = 0; index < 4; index++) {
    scratch->work[index] = doubles(CHUNK_ROWS * widest);
    is_complete = is_complete && scratch->work[index];
  }
  // Either the last weights or one row of any matrix.
  size_t last_weights = outputs * w->strides[layers - 1];
  scratch->effective = doubles(last_weights > widest ? last_weights : widest);
  scratch->transposed = doubles(last_weights);
  if (is_complete && scratch->effective && scratch->transposed) return scratch;
  destroy_scratch(scratch, layers);
  return NULL;
}

TrackerWorkspace *tracker_workspace_create(const TrackerNetwork *network,
                                           TrackerInstructions instructions, int32_t threads) {
  size_t layers = (size_t)network->layer_count;
  TrackerWorkspace *w = calloc(1, sizeof *w);
  if (!w) return NULL;
  w->network = *network;
  w->variant = variant_for(instructions);
  w->threads = threads < 1 ? 1 : threads > MOST_SHARES ? MOST_SHARES : threads;
  w->sizes = calloc(layers + 1, sizeof *w->sizes);
  w->strides = calloc(layers + 1, sizeof *w->strides);
  w->sum_offsets = calloc(layers, sizeof *w->sum_offsets);
  w->forward = calloc(layers, sizeof *w->forward);
  w->backward = calloc(layers, sizeof *w->backward);
  bool is_complete = w->sizes && w->strides && w->sum_offsets && w->forward && w->backward;
  size_t lanes = (size_t)w->variant->lanes;
  for (size_t l = 0; is_complete && l <= layers; l++) {
    w->sizes[l] = network->sizes[l];
    w->strides[l] = ((size_t)w->sizes[l] + lanes - 1) / lanes * lanes;
  }
  for (size_t l = 0; is_complete && l < layers; l++) {
    w->sum_offsets[l] = w->sum_count;
    w->sum_count += ((size_t)w->sizes[l] + 1) * w->strides[l + 1];
    w->forward[l] = doubles(((size_t)w->sizes[l] + 1) * w->strides[l + 1]);
    w->unit_count += w->strides[l + 1] * (l + 1 == layers ? 2 : 1);
    if (l > 0) w->backward[l] = doubles((size_t)w->sizes[l + 1] * w->strides[l]);
    is_complete = w->forward[l] && (l == 0 || w->backward[l]);
  }
  w->network.sizes = w->sizes;
  if (is_complete) return w;
  tracker_workspace_destroy(w);
  return NULL;
}

void tracker_workspace_destroy(TrackerWorkspace *w) {
  int layers = w->network.layer_count;
  for (int index = 0; index < MOST_SHARES; index++) {
    free(w->share_sums[index]);
    destroy_scratch(w->scratch[index], layers);
  }
  free_all(w->forward, layers);
  free_all(w->backward, layers);
  free(w->sizes);
  free(w->strides);
  free(w->sum_offsets);
  free(w);
}

/// How many shares `count` rows make: a power of two that depends on the rows alone.
static int share_count(size_t count) {
  int shares = 1;
  while (shares < MOST_SHARES && count / 128 >= (size_t)shares * 2) shares *= 2;
  return shares;
}

/// One evaluation, or one set of difference quotients.
typedef struct {
  TrackerWorkspace *workspace;
  const TrackerExamples *examples;
  int shares;
  bool has_sums;
  double *probabilities;
  bool is_difference;
  TrackerDifference method;
  double epsilon;
  ShareTotals totals[MOST_SHARES];
} Work;

/// Where a share begins; the next one begins where it ends.
static size_t share_begin(const Work *work, int share) {
  size_t begin = work->examples->count * (size_t)share / (size_t)work->shares;
  return share == work->shares ? begin : begin / 8 * 8;
}

static Chunk make_chunk(const TrackerWorkspace *w, Scratch *scratch, const TrackerExamples *examples,
                        size_t begin, size_t end) {
  size_t stride = (size_t)w->sizes[0], rows = end - begin;
  Chunk chunk = {.rows = (int)rows, .stride = stride};
  if (!examples->rows) {
    chunk.features = examples->features + begin * stride;
    chunk.labels = examples->labels + begin;
    return chunk;
  }
  for (size_t r = 0; r < rows; r++) {
    size_t row = (size_t)examples->rows[begin + r];
    memcpy(scratch->gathered + r * stride, examples->features + row * stride,
           stride * sizeof(double));
    scratch->labels[r] = examples->labels[row];
  }
  chunk.features = scratch->gathered;
  chunk.labels = scratch->labels;
  return chunk;
}

static void do_share(void *context, int share, int thread) {
  Work *work = context;
  TrackerWorkspace *w = work->workspace;
  Scratch *scratch = w->scratch[thread];
  double *sums = work->has_sums ? w->share_sums[share] : NULL;
  if (work->is_difference) memset(sums, 0, w->sum_count * sizeof(double));
  size_t first = share_begin(work, share), begin = first, end = share_begin(work, share + 1);
  while (begin < end) {
    size_t next = end - begin > CHUNK_ROWS ? begin + CHUNK_ROWS : end;
    Chunk chunk = make_chunk(w, scratch, work->examples, begin, next);
    chunk.continues = begin > first;
    if (work->is_difference) {
      w->variant->differences(w, scratch, &chunk, work->method, work->epsilon, sums);
    } else {
      double *probabilities = work->probabilities;
      if (probabilities) probabilities += begin * (size_t)w->sizes[w->network.layer_count];
      w->variant->evaluate(w, scratch, &chunk, sums, probabilities, &work->totals[share]);
    }
    begin = next;
  }
}

/// Packs the parameters and has all shares done. False if there is no memory left.
static bool run(Work *work, const double *parameters) {
  TrackerWorkspace *w = work->workspace;
  work->shares = share_count(work->examples->count);
  int threads = w->threads < work->shares ? w->threads : work->shares;
  for (int thread = 0; thread < threads; thread++) {
    if (!w->scratch[thread]) w->scratch[thread] = create_scratch(w);
    if (!w->scratch[thread]) return false;
  }
  for (int share = 0; work->has_sums && share < work->shares; share++) {
    if (!w->share_sums[share]) w->share_sums[share] = doubles(w->sum_count);
    if (!w->share_sums[share]) return false;
  }
  w->variant->pack(w, parameters);
  tracker_parallel(threads, work->shares, do_share, work);
  return true;
}

/// How the sums of all shares become a gradient.
typedef struct {
  const Work *work;
  const double *parameters;
  double divisor, shift;
  double *out;
  int slices;
} Addition;

/// The rows of one slice: out ← (the sum of all shares) / divisor + λ/m (θ + shift), without the penalty in bias rows.
static void add_slice(void *context, int slice, int thread) {
  (void)thread;
  const Addition *addition = context;
  const Work *work = addition->work;
  const TrackerWorkspace *w = work->workspace;
  double penalty = w->network.lambda / (double)work->examples->whole_count;
  double factor = 1 / addition->divisor;
  const double *parameters = addition->parameters;
  double *out = addition->out;
  for (int l = 0; l < w->network.layer_count; l++) {
    size_t units = (size_t)w->sizes[l + 1], rows = (size_t)w->sizes[l] + 1;
    size_t begin = rows * (size_t)slice / (size_t)addition->slices;
    size_t end = rows * (size_t)(slice + 1) / (size_t)addition->slices;
    for (size_t row = begin; row < end; row++)
      w->variant->add_up(w->share_sums, work->shares, w->sum_offsets[l] + row * w->strides[l + 1], units, factor,
                         penalty, row == 0 ? NULL : parameters + row * units, addition->shift, out + row * units);
    out += rows * units;
    parameters += rows * units;
  }
}

/// The gradient from the sums of all shares; each thread adds up some rows of each layer.
static void add_up(const Work *work, const double *parameters, double divisor, double shift,
                   double *out) {
  int threads = work->workspace->threads;
  Addition addition = {.work = work,
                       .parameters = parameters,
                       .divisor = divisor,
                       .shift = shift,
                       .out = out,
                       .slices = threads < work->shares ? threads : work->shares};
  tracker_parallel_briefly(threads, addition.slices, add_slice, &addition);
}

/// Σ θ² without the biases, in eight sums.
static double sum_of_squares(const TrackerWorkspace *w, const double *parameters) {
  double sums[8] = {0};
  for (int l = 0; l < w->network.layer_count; l++) {
    size_t units = (size_t)w->sizes[l + 1], count = (size_t)w->sizes[l] * units;
    parameters += units;
    for (size_t i = 0; i + 8 <= count; i += 8)
      for (size_t lane = 0; lane < 8; lane++) sums[lane] += parameters[i + lane] * parameters[i + lane];
    for (size_t i = count / 8 * 8; i < count; i++) sums[0] += parameters[i] * parameters[i];
    parameters += count;
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

/// What the shares found of single units: `dead`, and the outputs' deviation.
static void look_at_units(const Work *work, TrackerTotals *totals, uint64_t *dead) {
  const TrackerWorkspace *w = work->workspace;
  int last = w->network.layer_count;
  size_t offset = 0;
  for (int l = 1; l < last; l++) {
    dead[l - 1] = 0;
    for (size_t j = 0; w->network.hidden == TrackerHiddenRelu && j < (size_t)w->sizes[l]; j++) {
      bool is_dead = true;
      for (int share = 0; share < work->shares; share++)
        is_dead = is_dead && work->totals[share].units[offset + j] == 0;
      dead[l - 1] += is_dead;
    }
    offset += w->strides[l];
  }
  dead[last - 1] = 0;
  double rows = (double)work->examples->count, deviations = 0;
  for (size_t j = 0; j < (size_t)w->sizes[last]; j++) {
    double sum = 0, squares = 0;
    for (int share = 0; share < work->shares; share++) {
      const double *units = work->totals[share].units + offset;
      sum += units[j];
      squares += units[w->strides[last] + j];
    }
    // Rounding may leave less than nothing; NaN stays.
    double variance = (squares - sum * sum / rows) / rows;
    deviations += variance < 0 ? 0 : sqrt(variance);
  }
  totals->output_deviation = deviations / (double)w->sizes[last];
}

int32_t tracker_evaluate(TrackerWorkspace *workspace, const double *parameters,
                         const TrackerExamples *examples, double *gradient, double *probabilities,
                         TrackerTotals *totals, uint64_t *saturated, uint64_t *dead) {
  size_t layers = (size_t)workspace->network.layer_count;
  uint64_t *counts = calloc(layers * MOST_SHARES, sizeof *counts);
  double *units = doubles(workspace->unit_count * (size_t)share_count(examples->count));
  if (!counts || !units) {
    free(counts);
    free(units);
    return 0;
  }
  Work work = {.workspace = workspace,
               .examples = examples,
               .has_sums = gradient != NULL,
               .probabilities = probabilities};
  for (int share = 0; share < share_count(examples->count); share++) {
    work.totals[share].saturated = counts + (size_t)share * layers;
    work.totals[share].units = units + (size_t)share * workspace->unit_count;
  }
  bool is_done = run(&work, parameters);
  if (is_done) {
    memset(totals, 0, sizeof *totals);
    memset(saturated, 0, layers * sizeof *saturated);
    for (int share = 0; share < work.shares; share++) {
      totals->cost += work.totals[share].totals.cost;
      totals->correct += work.totals[share].totals.correct;
      totals->clamp_hits += work.totals[share].totals.clamp_hits;
      for (size_t l = 0; l < layers; l++) saturated[l] += work.totals[share].saturated[l];
    }
    totals->squares = sum_of_squares(workspace, parameters);
    look_at_units(&work, totals, dead);
    if (gradient) add_up(&work, parameters, (double)examples->count, 0, gradient);
  }
  free(counts);
  free(units);
  return is_done;
}

int32_t tracker_differences(TrackerWorkspace *workspace, const double *parameters,
                            const TrackerExamples *examples, TrackerDifference method,
                            double epsilon, double *quotients) {
  Work work = {.workspace = workspace,
               .examples = examples,
               .has_sums = true,
               .is_difference = true,
               .method = method,
               .epsilon = epsilon};
  if (!run(&work, parameters)) return 0;
  double count = (double)examples->count;
  switch (method) {
    case TrackerDifferenceCentral:
      add_up(&work, parameters, 2 * epsilon * count, 0, quotients);
      break;
    case TrackerDifferenceForward:
      // ((θ + ε)² − θ²) / 2ε = θ + ε/2
      add_up(&work, parameters, epsilon * count, epsilon / 2, quotients);
      break;
    case TrackerDifferenceComplexStep:
      add_up(&work, parameters, count, 0, quotients);
      break;
  }
  return 1;
}
