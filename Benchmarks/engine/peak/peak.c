#include "CPeak.h"

#include <time.h>

typedef double V __attribute__((vector_size(64)));

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Twelve independent chains hide the latency of each.
#define BODY                                                                                   \
  V a = {0}, x[12];                                                                            \
  for (int i = 0; i < 8; i++) a[i] = 1 - 1e-9 * i;                                             \
  for (int k = 0; k < 12; k++) x[k] = a + (double)k;                                           \
  for (long n = 0; n < count; n++) {                                                           \
    _Pragma("clang loop unroll(full)") for (int k = 0; k < 12; k++) x[k] = x[k] * a + a;       \
  }                                                                                            \
  V sum = x[0];                                                                                \
  for (int k = 1; k < 12; k++) sum += x[k];                                                    \
  return sum[0];

#pragma clang fp contract(fast)
#if defined(__x86_64__)
__attribute__((target("avx512f"))) static double chain512(long count) { BODY }
__attribute__((target("avx2,fma"))) static double chain256(long count) { BODY }
#endif
static double chain(long count) { BODY }

double peak_gflops(void) {
  double (*run)(long) = chain;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) run = chain512;
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) run = chain256;
#endif
  const long count = 3000000;
  double best = 0;
  volatile double sink = 0;
  for (int repeat = 0; repeat < 15; repeat++) {
    double begin = seconds();
    sink += run(count);
    double rate = 12.0 * 8 * 2 * (double)count / (seconds() - begin) / 1e9;
    if (rate > best) best = rate;
  }
  return best;
}
