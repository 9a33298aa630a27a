// Compares the kernels with the fixtures of TrackerEngineTests, in the bounds of its tests, on any processor that C
// can be compiled for: `Tests/Kernels/run` says how. Arguments: the folder of the fixtures, instructions to use (0, 1, 2).

#include <CTrackerKernels.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static void expect(int holds, const char *what, double found, double right) {
  if (holds) return;
  failures++;
  if (failures <= 20) printf("  %s: %.17g, but %.17g is right\n", what, found, right);
}

/// As numpy and the Swift tests make them.
static void spread(double *out, size_t count, double amplitude) {
  for (size_t i = 0; i < count; i++) {
    double turns = (double)(i + 1) * 0.6180339887498949;
    out[i] = amplitude * (2 * (turns - floor(turns)) - 1);
  }
}

static FILE *open_fixture(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "r");
  if (!file) {
    fprintf(stderr, "error: cannot read %s\n", path);
    exit(66);
  }
  return file;
}

/// The place of `name` in `names`, which ends with NULL.
static int32_t index_of(const char *name, const char *const *names) {
  for (int32_t i = 0; names[i]; i++)
    if (strcmp(name, names[i]) == 0) return i;
  fprintf(stderr, "error: the fixtures name %s, which is not known here\n", name);
  exit(65);
}

static void check_functions(const char *folder, TrackerInstructions instructions) {
  const char *names[] = {"exp", "expm1", "log", "log1p", "sigmoid", "tanh", "softplus", NULL};
  const double bounds[] = {1, 2, 1, 2, 3, 3, 3};
  FILE *file = open_fixture(folder, "functions.csv");
  char name[32], x_text[64], right_text[64];
  int count = 0;
  while (fscanf(file, "%31[^,],%63[^,],%63s\n", name, x_text, right_text) == 3) {
    double x = strtod(x_text, NULL), right = strtod(right_text, NULL), out;
    int32_t function = index_of(name, names);
    tracker_apply((TrackerFunction)function, instructions, &x, &out, 1);
    double ulp = nextafter(fabs(right), INFINITY) - fabs(right);
    expect(fabs(out - right) <= bounds[function] * ulp, name, out, right);
    count++;
  }
  fclose(file);
  expect(count >= 400, "elementary functions that were compared", count, 400);
}

enum { ROWS = 43, FEATURES = 5, CLASSES = 3, MOST = 512 };

/// The numbers of units in a text such as 5-4-3; returns how many there are.
static int32_t parse_sizes(const char *text, int32_t *sizes) {
  int32_t count = 0;
  char *rest;
  do {
    sizes[count++] = (int32_t)strtol(text, &rest, 10);
    text = rest + 1;
  } while (*rest == '-');
  return count;
}

static void check_network(const char *line, TrackerInstructions instructions) {
  const char *const hidden[] = {"sigmoid", "tanh", "relu", NULL};
  const char *const outputs[] = {"sigmoid", "softmax", NULL};
  const char *const costs[] = {"stable", "clamped", NULL};
  char layers[32], activation[16], output[16], form[16], name[96];
  int length = 0;
  sscanf(line, "%31[^,],%15[^,],%15[^,],%15[^,],%n", layers, activation, output, form, &length);
  snprintf(name, sizeof name, "%s %s %s %s", layers, activation, output, form);
  int32_t sizes[8];
  TrackerNetwork network = {
      .sizes = sizes,
      .layer_count = parse_sizes(layers, sizes) - 1,
      .hidden = (TrackerHidden)index_of(activation, hidden),
      .output = (TrackerOutput)index_of(output, outputs),
      .cost = (TrackerCost)index_of(form, costs),
      .lambda = 0.7};
  double right[MOST];
  int count = 0;
  char *rest;
  for (const char *number = line + length; count < MOST && *number; number = *rest ? rest + 1 : rest)
    right[count++] = strtod(number, &rest);

  double features[ROWS * FEATURES], parameters[MOST], gradient[MOST], exact[MOST];
  int32_t labels[ROWS];
  spread(features, ROWS * FEATURES, 2);
  for (int row = 0; row < ROWS; row++) labels[row] = row * 7 % CLASSES;
  size_t parameter_count = (size_t)count - 3;
  spread(parameters, parameter_count, 1.5);
  TrackerExamples examples = {.features = features, .labels = labels, .count = ROWS, .whole_count = ROWS};
  TrackerTotals totals;
  uint64_t saturated[8], dead[8];
  TrackerWorkspace *workspace = tracker_workspace_create(&network, instructions, 2);
  tracker_evaluate(workspace, parameters, &examples, gradient, NULL, &totals, saturated, dead);
  tracker_differences(workspace, parameters, &examples, TrackerDifferenceComplexStep, 1e-20, exact);
  tracker_workspace_destroy(workspace);
  double penalty = network.lambda / (2 * ROWS) * totals.squares;
  double cost = totals.cost / ROWS + penalty;
  expect(fabs(cost - right[0]) <= 1e-14 * right[0], name, cost, right[0]);
  expect(fabs(penalty - right[1]) <= 1e-15, name, penalty, right[1]);
  expect((double)totals.correct / ROWS == right[2], name, (double)totals.correct / ROWS, right[2]);
  for (size_t i = 0; i < parameter_count; i++) {
    expect(fabs(gradient[i] - right[i + 3]) <= 8e-15, name, gradient[i], right[i + 3]);
    expect(fabs(exact[i] - right[i + 3]) <= 1e-13, name, exact[i], right[i + 3]);
  }
}

static void check_networks(const char *folder, TrackerInstructions instructions) {
  FILE *file = open_fixture(folder, "networks.csv");
  static char line[16384];
  int count = 0;
  while (fgets(line, sizeof line, file)) {
    check_network(line, instructions);
    count++;
  }
  fclose(file);
  expect(count == 60, "networks that were compared", count, 60);
}

/// What no better set than `most` may be used for is done with it, or with the best that there is.
static void check_limit(TrackerInstructions most) {
  TrackerInstructions best = tracker_best_instructions();
  tracker_limit_instructions(most);
  TrackerInstructions used = tracker_best_instructions();
  if (used != (most < best ? most : best)) {
    printf("limited to instructions %d, %d are used\n", (int)most, (int)used);
    failures++;
  }
  const double norms[] = {-3, 0.5, -0.0, 2, 1, -2.5, 0, 1, 2};
  if (tracker_maximum_norm(norms, sizeof norms / sizeof *norms) != 3) {
    printf("the largest magnitude with instructions %d is not 3\n", (int)used);
    failures++;
  }
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: agree FIXTURES 0|1|2\n");
    return 64;
  }
  TrackerInstructions instructions = (TrackerInstructions)atoi(arguments[2]);
  check_functions(arguments[1], instructions);
  check_networks(arguments[1], instructions);
  check_limit(instructions);
  printf(failures ? "%d differences\n" : "elementary functions and networks agree\n", failures);
  return failures > 0;
}
