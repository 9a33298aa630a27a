#ifndef TRACKER_KERNELS_H
#define TRACKER_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The hot loops of fully connected networks: cost, gradient, and exact difference quotients.
///
/// Parameters are one flat vector: for each layer a row-major matrix of (inputs + 1) × units, the bias
/// row first. Rows of examples are cut into fixed shares whose results are added in a fixed order, so
/// that no result depends on the number of threads. It does depend on the instruction set, in the last
/// bits.

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// The activation of the hidden layers.
typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
  TrackerHiddenSigmoid,
  TrackerHiddenTanh,
  TrackerHiddenRelu,
} TrackerHidden;

/// The activation of the output layer.
typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
  TrackerOutputSigmoid,
  TrackerOutputSoftmax,
} TrackerOutput;

/// How the cost is computed: from the logits, or from the outputs with 1 replaced by 0.999999.
typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
  TrackerCostStable,
  TrackerCostClamped,
} TrackerCost;

/// The difference quotient.
typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
  TrackerDifferenceCentral,
  TrackerDifferenceForward,
  /// Im J(θ + iε) / ε for an ε so small that it leaves every real part as it is.
  TrackerDifferenceComplexStep,
} TrackerDifference;

/// The instructions to use. What the processor cannot do is replaced by what it can.
typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
  TrackerInstructionsBaseline,
  TrackerInstructionsAVX2,
  TrackerInstructionsAVX512,
} TrackerInstructions;

/// The best instructions of this processor, within the limit.
TrackerInstructions tracker_best_instructions(void);

/// Sets the best instructions that are used where none are named, for all that begins after; without it those of the processor.
void tracker_limit_instructions(TrackerInstructions most);

/// The processors that this process may use, by its affinity and by the limits of its control groups, 1 to
/// 16.
int32_t tracker_processor_count(void);

/// Sets how many threads work is shared out to, 1 to 16, for all that begins after.
void tracker_set_thread_count(int32_t count);

/// How many threads work is shared out to: what was set, else the processors that this process may use.
int32_t tracker_thread_count(void);

/// Calls `body(context, share, thread)` for each share from 0, on up to `threads` threads that wait for work; `thread` is
/// below `threads`. Which thread does a share is a matter of chance. Where the threads work for another caller, this one
/// does it all.
void tracker_parallel(int threads, int shares, void (*body)(void *context, int share, int thread),
                      void *context);

/// The same for a few microseconds of work: only threads that are awake take part, as waking one takes as long.
void tracker_parallel_briefly(int threads, int shares,
                              void (*body)(void *context, int share, int thread), void *context);

/// A network.
typedef struct {
  /// Units of each layer, the inputs first: `layer_count` + 1 numbers, all above 0.
  const int32_t *sizes;
  /// Matrices of parameters, at least 1.
  int32_t layer_count;
  TrackerHidden hidden;
  TrackerOutput output;
  TrackerCost cost;
  double lambda;
} TrackerNetwork;

/// Rows of data.
typedef struct {
  /// Row-major, rows × `sizes[0]`.
  const double *features;
  /// A class of each row, from 0 on, below `sizes[layer_count]`.
  const int32_t *labels;
  /// How many rows are evaluated; at least 1.
  size_t count;
  /// Their numbers; NULL for the first `count`.
  const ptrdiff_t *_Nullable rows;
  /// m, the rows of the whole cost, which its penalty λ/2m is divided by whatever part is evaluated.
  size_t whole_count;
} TrackerExamples;

/// What a forward pass finds beside the gradient.
typedef struct {
  /// The sum over examples; neither divided nor penalised.
  double cost;
  /// Σ θ² without the biases.
  double squares;
  /// Rows whose largest output is their label's.
  uint64_t correct;
  /// Outputs that were exactly 1 and replaced.
  uint64_t clamp_hits;
  /// The standard deviation of an output over the rows, the mean over outputs; NaN where one is NaN.
  double output_deviation;
} TrackerTotals;

/// Room for the work on one network. Used by one thread at a time.
typedef struct TrackerWorkspace TrackerWorkspace;

/// Room for the work on `network`; NULL if there is no memory left.
TrackerWorkspace *_Nullable tracker_workspace_create(const TrackerNetwork *network,
                                                     TrackerInstructions instructions,
                                                     int32_t threads);

/// Gives the room back.
void tracker_workspace_destroy(TrackerWorkspace *workspace);

/// Evaluates the network.
///
/// - gradient: of the whole cost, penalty included; NULL if not wanted
/// - probabilities: outputs, row-major, count × classes; NULL if not wanted
/// - saturated: for each layer after the inputs how many outputs have a slope of at most a thousandth
///   of the largest possible (for ReLU: are 0); `layer_count` numbers
/// - dead: for each hidden layer of ReLUs how many units are 0 in every row; `layer_count` numbers, of other
///   layers 0
/// - returns: 0 if there is no memory left
int32_t tracker_evaluate(TrackerWorkspace *workspace, const double *parameters,
                         const TrackerExamples *examples, double *_Nullable gradient,
                         double *_Nullable probabilities, TrackerTotals *totals,
                         uint64_t *saturated, uint64_t *dead);

/// The difference quotient of the cost with respect to every parameter, by following each change
/// through the network instead of evaluating it again: Θ[i,j] of the last layer changes output j alone,
/// one layer earlier hidden unit j and then the logits by a matrix of rank one.
///
/// The change of a stable cost is computed as such, log1p(σ(z)·expm1(δ)), and not subtracted from two
/// costs. That of a clamped cost is the difference of clamped costs, output by output.
///
/// - returns: 0 if there is no memory left
int32_t tracker_differences(TrackerWorkspace *workspace, const double *parameters,
                            const TrackerExamples *examples, TrackerDifference method,
                            double epsilon, double *quotients);

/// The elementary functions that all of the above is made of, element by element, so that their errors
/// can be measured. Stated in units in the last place (ulp) of the correctly rounded result; NaN
/// gives NaN.
typedef enum __attribute__((enum_extensibility(closed))) : int32_t {
  /// e^x for x ≤ 0, 1 ulp; 0 below −708.75.
  TrackerFunctionExp,
  /// e^x − 1, 2 ulp; ∞ from 709.
  TrackerFunctionExpm1,
  /// log x for x = 0, normal x and ∞, 1 ulp.
  TrackerFunctionLog,
  /// log(1 + x), 2 ulp.
  TrackerFunctionLog1p,
  /// 1 / (1 + e^−x), 3 ulp; 0 below −708.75.
  TrackerFunctionSigmoid,
  /// tanh x, 3 ulp.
  TrackerFunctionTanh,
  /// log(1 + e^x), 3 ulp; max(x, 0) where |x| > 708.75.
  TrackerFunctionSoftplus,
} TrackerFunction;

/// max |x|, with the best instructions of this processor; NaN if any element is, 0 of no elements.
double tracker_maximum_norm(const double *x, size_t count);

/// One update by Adam: first ← β₁ first + (1 − β₁) g, second ← β₂ second + (1 − β₂) g²,
/// θ ← θ − rate · first / (spread · √second + ε), element by element.
typedef struct {
  double first_decay, second_decay, rate, spread, epsilon;
} TrackerAdam;

/// Does one update by Adam, with the best instructions of this processor.
void tracker_adam_update(TrackerAdam settings, const double *gradient, double *first, double *second,
                         double *parameters, size_t count);

/// One step with momentum, with the best instructions of this processor: v ← μ v − η g; θ ← θ + v, or,
/// looking ahead as Nesterov, θ ← θ + μ v − η g.
void tracker_momentum_update(double rate, double momentum, int32_t looks_ahead, const double *gradient,
                             double *velocity, double *parameters, size_t count);

/// out ← function(x), `count` elements.
void tracker_apply(TrackerFunction function, TrackerInstructions instructions, const double *x,
                   double *out, size_t count);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
