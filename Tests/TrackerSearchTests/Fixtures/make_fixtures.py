"""Writes optuna.json: how near Optuna's TPE comes to the minimum of usual test functions.

    python3 -m venv env && env/bin/pip install optuna
    env/bin/python make_fixtures.py

Each function is searched 30 times, with the seeds 0 to 29 and 100 trials, by Optuna's default
TPESampler, one trial after the other. The functions are those of Support/TestFunctions.swift. Last run:
optuna 5.0.0.
"""

import json
import math
import pathlib

import optuna

HERE = pathlib.Path(__file__).parent


def sphere(trial):
    return sum(trial.suggest_float(f"x{i}", -5, 5) ** 2 for i in range(5))


def branin(trial):
    x, y = trial.suggest_float("x0", -5, 10), trial.suggest_float("x1", 0, 15)
    b, c, t = 5.1 / (4 * math.pi**2), 5 / math.pi, 1 / (8 * math.pi)
    return (y - b * x * x + c * x - 6) ** 2 + 10 * (1 - t) * math.cos(x) + 10


def rosenbrock(trial):
    x, y = (trial.suggest_float(f"x{i}", -2.048, 2.048) for i in range(2))
    return 100 * (y - x * x) ** 2 + (1 - x) ** 2


ALPHA = [1.0, 1.2, 3.0, 3.2]
A = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
]
P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def hartmann(trial):
    x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(6)]
    return -sum(
        alpha * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(row, x, centre)))
        for alpha, row, centre in zip(ALPHA, A, P)
    )


OFFSET = {"sigmoid": 0.5, "tanh": 0.2, "relu": 0.0, "linear": 2.0}
RATE = {"sigmoid": -0.5, "tanh": -1.5, "relu": -2.5, "linear": -3.0}


def mixed(trial):
    kind = trial.suggest_categorical("kind", list(OFFSET))
    rate = math.log10(trial.suggest_float("rate", 1e-5, 1, log=True))
    units = trial.suggest_int("units", 1, 200)
    decay = trial.suggest_float("decay", 0, 1)
    return OFFSET[kind] + (rate - RATE[kind]) ** 2 + ((units - 80) / 60) ** 2 + 4 * (decay - 0.3) ** 2


def best(function, seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(function, n_trials=100)
    return study.best_value


optuna.logging.set_verbosity(optuna.logging.WARNING)
functions = [sphere, branin, rosenbrock, hartmann, mixed]
results = {f.__name__: [best(f, seed) for seed in range(30)] for f in functions}
(HERE / "optuna.json").write_text(json.dumps(results, indent=1) + "\n")
