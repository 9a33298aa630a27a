// How outputs and costs change with a single parameter, without a forward pass for it.
//
// A step of Θ[i,j] changes the input of unit j by d = ±ε x_i, and its output by
//
//     σ(z + d) − σ(z) = σ′(z) q / (1 + σ(z) q),   q = e^d − 1,
//
// and the like for tanh, with q = tanh d. The logits change by a multiple of unit j's weights, and a stable
// cost, log(1 + e^z) summed over outputs, by
//
//     Σ_k log1p(s_k (e^δ_k − 1)) = log(Π_k (1 + u_k)),   u_k = s_k (e^δ_k − 1),
//
// where s_k is σ(z_k), and for the label's output σ(−z_k) with −δ_k. Of a softmax it is log1p(Σ_k u_k) with s_k
// its probabilities and δ_k less the label's. Nothing is subtracted but the two sides of a central
// difference.

/// q of the formulas above; d itself for ReLU.
INLINE Vector step_factor(TrackerHidden hidden, Vector d) {
  switch (hidden) {
    case TrackerHiddenSigmoid: return expm1_vector(d);
    case TrackerHiddenTanh: return tanh_vector(d);
    case TrackerHiddenRelu: return d;
  }
}

/// How the output of hidden units changes; `slope` is the input itself for ReLU.
INLINE Vector output_change(TrackerHidden hidden, Vector a, Vector slope, Vector q) {
  if (hidden != TrackerHiddenRelu) return slope * q / (1 + a * q);
  Vector after = slope + q;
  return select(slope > 0, select(after > 0, q, -slope), select(after > 0, after, splat(0)));
}

/// The derivative of the output of hidden units along a change d of their inputs.
INLINE Vector output_tangent(TrackerHidden hidden, Vector slope, Vector d) {
  return hidden == TrackerHiddenRelu ? select(slope > 0, d, splat(0)) : slope * d;
}

/// Replaces inputs of hidden units by outputs, and writes their slopes.
static void activate_with_slopes(TrackerHidden hidden, double *values, double *slopes,
                                 size_t count_) {
  for (size_t i = 0; i < count_; i += LANES) {
    Vector z = load(values + i), a, slope;
    switch (hidden) {
      case TrackerHiddenSigmoid: {
        Vector complement;
        a = sigmoid(z, &complement);
        slope = a * complement;
        break;
      }
      case TrackerHiddenTanh: {
        Vector e = exponential(-2 * magnitude(z)), root = 1 / (1 + e);
        a = tanh_vector(z);
        slope = 4 * e * root * root;
        break;
      }
      case TrackerHiddenRelu:
        a = select(z < 0, splat(0), z);
        slope = z;
        break;
    }
    store(values + i, a);
    store(slopes + i, slope);
  }
}

/// What the changes of one row's cost are computed from, one number for each output:
/// the derivatives of the cost for a complex step; s_k of a stable cost; the cost of each output for the
/// forward difference of a clamped sigmoid; the probabilities for a clamped softmax.
INLINE void cost_factors(const TrackerNetwork *network, TrackerDifference method, int columns,
                         const double *z, int label, double *out) {
  bool is_tangent = method == TrackerDifferenceComplexStep;
  bool is_clamped = network->cost == TrackerCostClamped;
  if (network->output == TrackerOutputSigmoid) {
    for (int k = 0; k < columns; k += LANES) {
      Bits is_label = lane_numbers(k) == label;
      Vector complement, a = sigmoid(load(z + k), &complement), factor;
      if (!is_clamped) {
        factor = select(is_label, complement, a);
        if (is_tangent) factor = select(is_label, -factor, factor);
      } else if (is_tangent) {
        // As complex arithmetic does it, with the cancellation in 1 − a.
        factor = select(is_label, -complement, a * complement / (1 - a));
        factor = select(a == 1, splat(0), factor);
        factor = select(~is_label & (a == 0), splat(__builtin_nan("")), factor);
      } else {
        factor = clamped_cost(a, is_label);
      }
      store(out + k, select(is_lane_used(k, columns), factor, splat(0)));
    }
    return;
  }
  SoftmaxSums sums = softmax(z, columns, label, out);
  double total = sums.label + sums.others;
  bool has_zero = false;
  for (int k = 0; k < columns; k++) {
    out[k] /= total;
    has_zero |= k != label && out[k] == 0;
  }
  double p = sums.label / total;
  out[label] = is_clamped ? p : sums.others / total;
  if (is_tangent) {
    out[label] = -sums.others / total;
    if (is_clamped && p == 1)
      for (int k = 0; k < columns; k++) out[k] = 0;
  }
  if (is_clamped && has_zero) out[0] = __builtin_nan("");
}

/// log((1 + up) / (1 + down)).
INLINE Vector log_ratio(Vector up, Vector down) {
  return log1p_finite((up - down) / (1 + down));
}

/// −log p of the label's probability after its logit changed by e, the label's q, and the sum of all
/// u by `total`; 1 replaced by 0.999999.
INLINE double clamped_softmax_cost(double p, double q, double total) {
  double changed = p * (1 + q) / (1 + total);
  return -log(changed == 1 ? 0.999999 : changed);
}
