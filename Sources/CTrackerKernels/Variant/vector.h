// Vectors and what all other parts of a variant do with them. Included once for each instruction set, with
// WIDTH defined, the doubles that one register holds.
//
// A `Register` is what products are made of. A `Vector` is two of them, for all that goes element by element:
// their work is independent, so that one's latency hides behind the other's, and each constant is loaded once
// for both.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Multiplications are fused with additions wherever the instruction set can.
#pragma STDC FP_CONTRACT ON

// How a vector wider than a register is passed to a function is not a question: all of them are inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES (2 * WIDTH)

typedef double Register __attribute__((vector_size(8 * WIDTH), aligned(8), may_alias));
typedef double Vector __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef int64_t Bits __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
typedef uint64_t Words __attribute__((vector_size(8 * LANES), aligned(8), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE Register load_register(const double *from) { return *(const Register *)from; }
INLINE void store_register(double *to, Register value) { *(Register *)to = value; }
INLINE Vector load(const double *from) { return *(const Vector *)from; }
INLINE void store(double *to, Vector value) { *(Vector *)to = value; }

// x − 0 is x for every x, which x + 0 is not for −0: the compiler need not keep the subtraction.
INLINE Register fill_register(double value) { return value - (Register){}; }
INLINE Vector splat(double value) { return value - (Vector){}; }

/// `mask` lane by lane all ones: `yes`; all zeros: `no`.
INLINE Vector select(Bits mask, Vector yes, Vector no) {
  return (Vector)((mask & (Bits)yes) | (~mask & (Bits)no));
}

/// Whether the sign is set: a comparison of bits, which costs nothing before `select`.
INLINE Bits is_negative(Vector x) { return (Bits)x < 0; }

INLINE Vector magnitude(Vector x) { return (Vector)((Bits)x & INT64_MAX); }
INLINE Vector with_sign_of(Vector x, Vector sign) {
  return (Vector)(((Bits)x & INT64_MAX) | ((Bits)sign & INT64_MIN));
}

/// The numbers first, first + 1, … of the lanes.
INLINE Bits lane_numbers(int64_t first) {
  Bits numbers;
  for (int lane = 0; lane < LANES; lane++) numbers[lane] = first + lane;
  return numbers;
}

/// The sum of all lanes, the halves of the vector first, then the halves of their sum, and so on.
INLINE double sum(Vector x) {
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int lane = 0; lane < half; lane++) x[lane] += x[lane + half];
  return x[0];
}

/// The largest lane; NaN counts as nothing.
INLINE double maximum(Vector x) {
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int lane = 0; lane < half; lane++)
      x[lane] = x[lane + half] > x[lane] ? x[lane + half] : x[lane];
  return x[0];
}

/// How many lanes of a mask, or of many masks added up, are all ones.
INLINE uint64_t count(Bits masks) { return (uint64_t)-__builtin_reduce_add(masks); }

/// Whether any lane of `mask` is all ones.
INLINE bool any(Bits mask) { return __builtin_reduce_or(mask) != 0; }
