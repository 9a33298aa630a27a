"""Makes statistics.json: what scipy.stats says of samples. Run with numpy and scipy installed."""

import json
import os

import numpy as np
from scipy import stats

rng = np.random.default_rng(7)
cases = []
for n, m, shift, scale in [(2, 2, 0, 1), (3, 5, 1, 2), (5, 5, 0.008, 0.01), (10, 4, 3, 1), (30, 40, 0.1, 1),
                           (5, 5, 100, 1e-3), (8, 3, -2, 50), (200, 2, 0, 1)]:
    a, b = rng.normal(1, 1, n), rng.normal(1 + shift, scale, m)
    test = stats.ttest_ind(a, b, equal_var=False)
    interval = test.confidence_interval(0.95)
    pooled = np.sqrt(((n - 1) * a.var(ddof=1) + (m - 1) * b.var(ddof=1)) / (n + m - 2))
    low, high = stats.t.interval(0.95, n - 1, loc=a.mean(), scale=stats.sem(a))
    cases.append({
        "a": a.tolist(), "b": b.tolist(), "mean": a.mean(), "standardDeviation": a.std(ddof=1), "low": low, "high": high,
        "statistic": test.statistic, "degrees": test.df, "pValue": test.pvalue, "differenceLow": interval.low,
        "differenceHigh": interval.high, "hedges": (a.mean() - b.mean()) / pooled * (1 - 3 / (4 * (n + m) - 9)),
    })


class Generator:
    """SplitMix64, and Lemire's numbers below a bound, as the program draws its resamples."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        bits = self.state
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB % 2**64
        return bits ^ (bits >> 31)

    def below(self, bound):
        product = self.next() * bound
        while product % 2**64 < 2**64 % bound:
            product = self.next() * bound
        return product >> 64


def mean(values, axis=-1):
    """In order, so that ties with a resample of the same values are ties."""
    return np.apply_along_axis(lambda row: sum(float(value) for value in row) / len(row), axis, np.asarray(values))


class Resampled:
    """What scipy takes a bootstrap's distribution from."""

    def __init__(self, values):
        generator, means = Generator(0), []
        for _ in range(9999):
            counts = [0.0] * len(values)
            for _ in values:
                counts[generator.below(len(values))] += 1
            total = 0.0
            for count, value in zip(counts, values):
                total += count * float(value)
            means.append(total / len(values))
        self.bootstrap_distribution = np.array(means)


bootstraps = []
for values in [rng.lognormal(0, 1, 5), rng.lognormal(0, 1, 8), rng.lognormal(0, 2, 20), -rng.exponential(1, 12),
               rng.normal(0.97, 0.002, 5), np.array([1.0, 1.0, 1.0, 1.0, 3.0]), rng.lognormal(0, 1, 100)]:
    result = stats.bootstrap((values,), mean, method="BCa", n_resamples=0, bootstrap_result=Resampled(values))
    interval = result.confidence_interval
    bootstraps.append({"values": values.tolist(), "low": interval.low, "high": interval.high,
                       "skewness": stats.skew(values, bias=False)})
quantiles = [{"probability": p, "z": stats.norm.ppf(p)} for p in (1e-300, 1e-12, 0.025, 0.3, 0.5, 0.975, 1 - 1e-12)]
tails = [{"t": t, "degrees": nu, "tail": 2 * stats.t.sf(t, nu)}
         for t in (0.0, 1e-6, 0.1, 1, 2.5, 10, 60) for nu in (0.7, 1, 2.3, 5, 30, 1e3, 1e6)]
with open(os.path.join(os.path.dirname(__file__), "statistics.json"), "w") as file:
    json.dump({"samples": cases, "tails": tails, "bootstraps": bootstraps, "quantiles": quantiles}, file)
