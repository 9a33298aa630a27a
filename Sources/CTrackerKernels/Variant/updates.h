// The updates of mini-batch methods, element by element.

INLINE Vector adam_lane(const TrackerAdam *s, Vector slope, Vector *mean, Vector *square) {
  *mean = s->first_decay * *mean + (1 - s->first_decay) * slope;
  *square = s->second_decay * *square + (1 - s->second_decay) * (slope * slope);
  return s->rate * *mean / (s->spread * __builtin_elementwise_sqrt(*square) + s->epsilon);
}

static void adam(const TrackerAdam *settings, const double *gradient, double *first, double *second,
                 double *parameters, size_t count_) {
  size_t i = 0;
  for (; i + LANES <= count_; i += LANES) {
    Vector mean = load(first + i), square = load(second + i);
    Vector step = adam_lane(settings, load(gradient + i), &mean, &square);
    store(first + i, mean);
    store(second + i, square);
    store(parameters + i, load(parameters + i) - step);
  }
  for (; i < count_; i++) {
    Vector mean = splat(first[i]), square = splat(second[i]);
    Vector step = adam_lane(settings, splat(gradient[i]), &mean, &square);
    first[i] = mean[0];
    second[i] = square[0];
    parameters[i] -= step[0];
  }
}

INLINE Vector momentum_lane(double rate, double momentum, bool looks_ahead, Vector slope,
                            Vector *velocity) {
  *velocity = momentum * *velocity - rate * slope;
  return looks_ahead ? momentum * *velocity - rate * slope : *velocity;
}

static void momentum(double rate, double momentum, int32_t looks_ahead, const double *gradient,
                     double *velocity, double *parameters, size_t count_) {
  size_t i = 0;
  for (; i + LANES <= count_; i += LANES) {
    Vector v = load(velocity + i);
    Vector step = momentum_lane(rate, momentum, looks_ahead, load(gradient + i), &v);
    store(velocity + i, v);
    store(parameters + i, load(parameters + i) + step);
  }
  for (; i < count_; i++) {
    Vector v = splat(velocity[i]);
    Vector step = momentum_lane(rate, momentum, looks_ahead, splat(gradient[i]), &v);
    velocity[i] = v[0];
    parameters[i] += step[0];
  }
}
