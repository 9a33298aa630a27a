// How much of a core's multiply-add peak a cost with its gradient reaches, with each set of instructions that the
// processor has, and how much faster two threads are. The best of many rounds, in turn with the peak's own loop.
// Argument: the rounds.

#include <CPeak.h>
#include <CTrackerKernels.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LAYERS = 2, MOST_THREADS = 2, SETS = 3, PROBLEMS = 2 };

typedef struct {
  const char *name;
  int32_t sizes[LAYERS + 1];
  size_t rows;
  /// Evaluations of a round.
  int repeats;
  double *features, *parameters, *gradient;
  int32_t *labels;
  TrackerWorkspace *workspaces[SETS][MOST_THREADS];
  double best[SETS][MOST_THREADS];
} Problem;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double spread(size_t index, double amplitude) {
  double turns = (double)(index + 1) * 0.6180339887498949;
  return amplitude * (2 * (turns - (double)(long)turns) - 1);
}

static void make(Problem *problem) {
  const int32_t *sizes = problem->sizes;
  size_t inputs = (size_t)sizes[0], count = problem->rows * inputs;
  size_t parameters = 0;
  for (int l = 0; l < LAYERS; l++) parameters += (size_t)(sizes[l] + 1) * (size_t)sizes[l + 1];
  problem->features = malloc(count * sizeof(double));
  problem->labels = malloc(problem->rows * sizeof(int32_t));
  problem->parameters = malloc(parameters * sizeof(double));
  problem->gradient = malloc(parameters * sizeof(double));
  for (size_t i = 0; i < count; i++)
    problem->features[i] = (double)((i * 2654435761u) % 1024) / 1023;
  for (size_t i = 0; i < problem->rows; i++) problem->labels[i] = (int32_t)(i * 7 % 10);
  for (size_t i = 0; i < parameters; i++) problem->parameters[i] = spread(i, 0.12);
  TrackerNetwork network = {.sizes = sizes, .layer_count = LAYERS, .lambda = 0.5};
  for (int set = 0; set < SETS; set++)
    for (int threads = 1; threads <= MOST_THREADS; threads++) {
      problem->workspaces[set][threads - 1] =
          tracker_workspace_create(&network, (TrackerInstructions)set, threads);
      problem->best[set][threads - 1] = 1e9;
    }
}

static void evaluate(Problem *problem, int set, int threads) {
  TrackerExamples examples = {.features = problem->features,
                              .labels = problem->labels,
                              .count = problem->rows,
                              .whole_count = problem->rows};
  TrackerTotals totals;
  uint64_t saturated[LAYERS], dead[LAYERS];
  double *best = &problem->best[set][threads - 1];
  for (int repeat = 0; repeat < problem->repeats; repeat++) {
    double begin = seconds();
    tracker_evaluate(problem->workspaces[set][threads - 1], problem->parameters, &examples,
                     problem->gradient, NULL, &totals, saturated, dead);
    double taken = seconds() - begin;
    if (taken < *best) *best = taken;
  }
}

/// Forward and the gradient are a product for each layer, and the deltas one for each but the first.
static double operations(const Problem *problem) {
  const int32_t *sizes = problem->sizes;
  double products = 2.0 * sizes[0] * sizes[1] + 3.0 * sizes[1] * sizes[2];
  return 2 * products * (double)problem->rows;
}

int main(int count, char **arguments) {
  int rounds = count > 1 ? atoi(arguments[1]) : 20;
  const char *names[] = {"baseline", "AVX2", "AVX-512"};
  Problem problems[PROBLEMS] = {
      {.name = "digits, 1,797 x 64-100-10", .sizes = {64, 100, 10}, .rows = 1797, .repeats = 20},
      {.name = "60,000 x 784-300-10", .sizes = {784, 300, 10}, .rows = 60000, .repeats = 1}};
  for (int p = 0; p < PROBLEMS; p++) make(&problems[p]);
  int sets = (int)tracker_best_instructions() + 1;
  double peak = 0;
  for (int round = 0; round < rounds; round++) {
    double measured = peak_gflops();
    if (measured > peak) peak = measured;
    for (int set = 0; set < sets; set++)
      for (int p = 0; p < PROBLEMS; p++)
        for (int threads = 1; threads <= MOST_THREADS; threads++) evaluate(&problems[p], set, threads);
  }
  printf("peak of one core: %.1f GFLOP/s; processors that may be used: %d\n", peak, tracker_processor_count());
  printf("%-10s%-28s%10s%10s%10s%12s\n", "", "", "ms", "GFLOP/s", "of peak", "2 threads");
  for (int set = 0; set < sets; set++)
    for (int p = 0; p < PROBLEMS; p++) {
      const double *best = problems[p].best[set];
      double rate = operations(&problems[p]) / best[0] / 1e9;
      printf("%-10s%-28s%10.3f%10.1f%10.3f%10.2f x\n", names[set], problems[p].name, best[0] * 1e3, rate,
             rate / peak, best[0] / best[1]);
    }
}
