// Vectors of WIDTH doubles and what all other parts of a variant do with them. Included once for each
// instruction set, with WIDTH defined.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Multiplications are fused with additions wherever the instruction set can.
#pragma STDC FP_CONTRACT ON

typedef double Vector __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));
typedef int64_t Bits __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));
typedef uint64_t Words __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE Vector load(const double *from) { return *(const Vector *)from; }
INLINE void store(double *to, Vector value) { *(Vector *)to = value; }
INLINE Vector splat(double value) { return (Vector){} + value; }

/// `mask` lane by lane all ones: `yes`; all zeros: `no`.
INLINE Vector select(Bits mask, Vector yes, Vector no) {
  return (Vector)((mask & (Bits)yes) | (~mask & (Bits)no));
}

INLINE Vector magnitude(Vector x) { return (Vector)((Bits)x & INT64_MAX); }
INLINE Vector with_sign_of(Vector x, Vector sign) {
  return (Vector)(((Bits)x & INT64_MAX) | ((Bits)sign & INT64_MIN));
}

/// The numbers first, first + 1, … of the lanes.
INLINE Bits lane_numbers(int64_t first) {
  Bits numbers;
  for (int lane = 0; lane < WIDTH; lane++) numbers[lane] = first + lane;
  return numbers;
}

/// The sum of all lanes, from the first to the last.
INLINE double sum(Vector x) {
  double total = 0;
  for (int lane = 0; lane < WIDTH; lane++) total += x[lane];
  return total;
}

/// How many lanes of `mask` are all ones.
INLINE uint64_t count(Bits mask) {
  int64_t total = 0;
  for (int lane = 0; lane < WIDTH; lane++) total -= mask[lane];
  return (uint64_t)total;
}
