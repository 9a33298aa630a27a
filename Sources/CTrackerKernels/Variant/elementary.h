// Elementary functions on vectors. The errors are stated in include/CTrackerKernels.h and tested.
//
// The methods are the classic ones (W. J. Cody and W. Waite, Software Manual for the Elementary
// Functions, 1980: reduction by ln 2 in two parts; P. T. P. Tang, ACM TOMS 15 and 16, 1989–90, and
// Sun's fdlibm: log by s = f / (2 + f) with f − (f²/2 − s (f²/2 + R))). The polynomials are Chebyshev
// fits made in 40 digits with mpmath's chebyfit.

#define LOG2_E 0x1.71547652b82fep+0
#define LN2_HIGH 0x1.62e42fefa0000p-1
#define LN2_LOW 0x1.cf79abc9e3b3ap-40
/// Adding it leaves the nearest whole number in the low bits.
#define ROUNDER 0x1.8p52
/// ln 2^−1022.5, and a little below: there powers of e vanish.
#define SMALLEST_EXPONENT -708.75

/// e^r − 1 for |r| ≤ ½ ln 2, as r + r² p(r); p is right to 5e−19.
INLINE Vector expm1_reduced(Vector r) {
  Vector r2 = r * r, r4 = r2 * r2;
  Vector low = (0.5 + 0.16666666666666670991 * r) +
               (0.041666666666666669755 + 0.0083333333333261351258 * r) * r2;
  Vector middle = (0.0013888888888883748305 + 0.00019841269874820625271 * r) +
                  (0.000024801587325547741216 + 2.755725540020642443e-6 * r) * r2;
  Vector high = (2.7557273643110295328e-7 + 2.5105217004720745164e-8 * r) +
                2.0914686968086877233e-9 * r2;
  Vector p = low + (middle + high * r4) * r4;
  return r + r2 * p;
}

/// e^x − 1 for |x| ≤ 1/8, as x + x² p(x); p is right to 2e−17.
INLINE Vector expm1_small(Vector x) {
  Vector p = splat(2.7565149086134029681e-6);
  p = p * x + 0.000024810200365624756149;
  p = p * x + 0.00019841269076602317116;
  p = p * x + 0.0013888888047727039774;
  p = p * x + 0.0083333333333572295973;
  p = p * x + 0.041666666666929534995;
  p = p * x + 0.166666666666666655;
  p = p * x + 0.49999999999999987165;
  return x + x * x * p;
}

/// x = n ln 2 + r with |r| ≤ ½ ln 2; returns r, and 2ⁿ for −1022 ≤ n ≤ 1023, 0 for n = −1023.
INLINE Vector reduced(Vector x, Vector *power) {
  Vector shifted = x * LOG2_E + ROUNDER;
  Vector n = shifted - ROUNDER;
  *power = (Vector)((Words)((Bits)shifted + 1023) << 52);
  return (x - n * LN2_HIGH) - n * LN2_LOW;
}

/// e^x for x ≤ 0.
INLINE Vector exponential(Vector x) {
  Vector power;
  Vector r = reduced(select(x < SMALLEST_EXPONENT, splat(SMALLEST_EXPONENT), x), &power);
  return power * expm1_reduced(r) + power;
}

/// e^x − 1.
INLINE Vector expm1_vector(Vector x) {
  Bits overflows = x > 709;
  Vector limited = select(x < -40, splat(-40), select(overflows, splat(709), x));
  Vector power;
  Vector r = reduced(limited, &power);
  return select(overflows, splat(__builtin_inf()), power * expm1_reduced(r) + (power - 1));
}

/// log(1 + u) for a normal y > 0 that is 1 + u rounded, and c what that rounding changed the logarithm
/// by. Where √½ ≤ y < √2, u itself is used and needs no correction.
INLINE Vector log_of(Vector y, Vector u, Vector c) {
  // y = 2^k m with √½ ≤ m < √2; k + 1023 comes out of a logical shift.
  Words offset = (Words)y - 0x3fe6a09e667f3bcd + ((uint64_t)1023 << 52);
  Bits k = (Bits)(offset >> 52) - 1023;
  Vector m = (Vector)((Words)y - ((Words)k << 52));
  Vector exponent = (Vector)(k + (Bits)splat(ROUNDER)) - ROUNDER;
  Vector f = select(k == 0, u, m - 1);
  Vector s = f / (2 + f);
  Vector z = s * s;
  Vector p = splat(0.14616585424888621989);
  p = p * z + 0.15331710618210771568;
  p = p * z + 0.18182889455674946039;
  p = p * z + 0.22222211130259877029;
  p = p * z + 0.28571428626003268742;
  p = p * z + 0.39999999999899443233;
  p = p * z + 0.66666666666666696883;
  Vector half_square = 0.5 * f * f;
  Vector tail = s * (half_square + z * p) + (exponent * LN2_LOW + select(k == 0, splat(0), c));
  return exponent * LN2_HIGH - ((half_square - tail) - f);
}

/// log x for 0, normal numbers and ∞.
INLINE Vector logarithm(Vector x) {
  Vector result = log_of(x, x - 1, splat(0));
  result = select(x == 0, splat(-__builtin_inf()), result);
  result = select(x == __builtin_inf(), x, result);
  return select(x >= 0, result, splat(__builtin_nan("")));
}

/// log(1 + u) for u > −1.
INLINE Vector log1p_finite(Vector u) {
  Vector y = 1 + u;
  Vector added = y - 1;
  Vector lost = (1 - (y - added)) + (u - added);
  return log_of(y, u, lost / y);
}

/// log(1 + u).
INLINE Vector log1p_vector(Vector u) {
  Vector result = log1p_finite(u);
  result = select(u == -1, splat(-__builtin_inf()), result);
  result = select(u == __builtin_inf(), u, result);
  return select(u >= -1, result, splat(__builtin_nan("")));
}

/// σ(x), and σ(−x) = 1 − σ(x) without cancellation.
INLINE Vector sigmoid(Vector x, Vector *complement) {
  Vector e = exponential(-magnitude(x));
  Vector large = 1 / (1 + e);
  Vector small = e * large;
  *complement = select(is_negative(x), large, small);
  return select(is_negative(x), small, large);
}

/// log(1 + e^x), of what σ is made of as well: where both are wanted, e^−|x| and the quotient are computed once.
INLINE Vector softplus(Vector x) {
  Vector positive = select(is_negative(x), splat(0), x);
  Vector e = exponential(-magnitude(x));
  Vector y = 1 + e;
  return positive + log_of(y, e, (e - (y - 1)) * (1 / y));
}

/// tanh x.
INLINE Vector tanh_vector(Vector x) {
  Vector e = expm1_vector(-2 * magnitude(x));
  return with_sign_of(e / (e + 2), x);
}
