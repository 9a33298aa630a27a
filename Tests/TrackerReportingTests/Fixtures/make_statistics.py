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
tails = [{"t": t, "degrees": nu, "tail": 2 * stats.t.sf(t, nu)}
         for t in (0.0, 1e-6, 0.1, 1, 2.5, 10, 60) for nu in (0.7, 1, 2.3, 5, 30, 1e3, 1e6)]
with open(os.path.join(os.path.dirname(__file__), "statistics.json"), "w") as file:
    json.dump({"samples": cases, "tails": tails}, file)
