#ifndef TRACKER_BENCHMARK_PEAK_H
#define TRACKER_BENCHMARK_PEAK_H

/// The multiply-adds of doubles that one core does in a second when nothing else holds it up, in GFLOP/s
/// (a multiply-add counts two): the best of several short runs.
double peak_gflops(void);

#endif
