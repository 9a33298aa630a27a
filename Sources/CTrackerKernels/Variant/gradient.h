// What becomes of a gradient after its products: it is added up from its shares, and its largest element is looked for.

static void add_up_row(double *const *share_sums, int shares, size_t offset, size_t units,
                       double factor, double penalty, const double *parameters,
                       double shift, double *restrict out) {
  // Each instruction set rounds as the others do.
#pragma clang fp contract(off)
  const double *sum = share_sums[0] + offset;
  for (int share = 1; share < shares; share++) {
    const double *restrict next = share_sums[share] + offset;
    for (size_t j = 0; j < units; j++) out[j] = sum[j] + next[j];
    sum = out;
  }
  if (!parameters)
    for (size_t j = 0; j < units; j++) out[j] = sum[j] * factor;
  else
    for (size_t j = 0; j < units; j++)
      out[j] = sum[j] * factor + penalty * (parameters[j] + shift);
}

/// max |x|; NaN if any element is: magnitudes are ordered as their bits are, and NaN comes after infinity.
static double maximum_norm(const double *x, size_t count_) {
  Vector largest = {};
  size_t i = 0;
  for (; i + LANES <= count_; i += LANES) {
    Vector value = magnitude(load(x + i));
    largest = select((Bits)value > (Bits)largest, value, largest);
  }
  for (; i < count_; i++) {
    Vector value = magnitude(splat(x[i]));
    largest = select((Bits)value > (Bits)largest, value, largest);
  }
  int64_t bits = __builtin_reduce_max((Bits)largest);
  return ((Vector)(bits - (Bits){}))[0];
}
