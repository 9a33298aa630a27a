"""Writes held_out.json: how near Optuna's TPE comes to the minimum of functions that no setting was chosen on.

    python3 -m venv env && env/bin/pip install optuna
    env/bin/python make_held_out.py

Each function is searched 30 times, with the seeds 100 to 129 and 100 trials, by Optuna's default
TPESampler, one trial after the other. The functions are those of Support/HeldOutFunctions.swift, their ranges
set off the centre where the minimum would lie on it. Last run: optuna 5.0.0.
"""

import json
import math
import pathlib
from concurrent.futures import ProcessPoolExecutor

import optuna

HERE = pathlib.Path(__file__).parent


def point(trial, count, low, high):
    return [trial.suggest_float(f"x{i}", low, high) for i in range(count)]


def levy(trial):
    w = [1 + (x - 1) / 4 for x in point(trial, 4, -10, 10)]
    inner = sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])
    last = (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)
    return math.sin(math.pi * w[0]) ** 2 + inner + last


def styblinskiTang(trial):
    return sum(x**4 - 16 * x**2 + 5 * x for x in point(trial, 5, -5, 5)) / 2


def ackley(trial):
    x = point(trial, 5, -15, 30)
    root = math.sqrt(sum(v * v for v in x) / 5)
    waves = sum(math.cos(2 * math.pi * v) for v in x) / 5
    return -20 * math.exp(-0.2 * root) - math.exp(waves) + 20 + math.e


RATE = {"sigmoid": -0.5, "tanh": -2.0, "relu": -3.0}
OFFSET = {"sigmoid": 0.3, "tanh": 0.1, "relu": 0.0}


def network(trial):
    kind = trial.suggest_categorical("activation", list(RATE))
    layers = trial.suggest_int("layers", 1, 5)
    units = math.log2(trial.suggest_int("units", 8, 512, log=True))
    rate = math.log10(trial.suggest_float("rate", 1e-6, 1, log=True))
    dropout = trial.suggest_float("dropout", 0, 0.9)
    return (
        OFFSET[kind]
        + (rate - RATE[kind] + 0.3 * layers) ** 2
        + 0.2 * (layers - 3) ** 2
        + 0.3 * (units - 6.5 - 4 * dropout) ** 2
        + 5 * (dropout - 0.2) ** 2
    )


A3 = [[3, 10, 30], [0.1, 10, 35], [3, 10, 30], [0.1, 10, 35]]
P3 = [
    [0.3689, 0.1170, 0.2673],
    [0.4699, 0.4387, 0.7470],
    [0.1091, 0.8732, 0.5547],
    [0.0381, 0.5743, 0.8828],
]


def hartmann3(trial):
    x = point(trial, 3, 0, 1)
    return -sum(
        alpha * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(row, x, centre)))
        for alpha, row, centre in zip([1.0, 1.2, 3.0, 3.2], A3, P3)
    )


def rastrigin(trial):
    return sum(v * v - 10 * math.cos(2 * math.pi * v) + 10 for v in point(trial, 3, -4, 6))


def sixHumpCamel(trial):
    x, y = trial.suggest_float("x0", -3, 3), trial.suggest_float("x1", -2, 2)
    return (4 - 2.1 * x * x + x**4 / 3) * x * x + x * y + (4 * y * y - 4) * y * y


def forest(trial):
    criterion = trial.suggest_categorical("criterion", ["gini", "entropy"])
    features = trial.suggest_categorical("features", ["sqrt", "log2", "third", "half", "all"])
    depth = trial.suggest_int("depth", 2, 20)
    leaf = math.log(trial.suggest_int("leaf", 1, 100, log=True))
    sample = trial.suggest_float("sample", 0.1, 1)
    penalty = {"sqrt": 0.0, "log2": 0.05, "third": 0.1, "half": 0.3, "all": 0.8}[features]
    depths = 12 if criterion == "gini" else 8
    return (
        penalty
        + (0.15 if criterion == "entropy" else 0)
        + ((depth - depths) / 6) ** 2
        + 0.4 * (leaf - 1.5) ** 2
        + abs(sample - 0.7)
    )


FUNCTIONS = [
    levy, styblinskiTang, ackley, network, hartmann3, rastrigin, sixHumpCamel, forest,
]


def best(job):
    function, seed = job
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(function, n_trials=100)
    return study.best_value


if __name__ == "__main__":
    with ProcessPoolExecutor() as pool:
        results = {
            f.__name__: list(pool.map(best, [(f, seed) for seed in range(100, 130)]))
            for f in FUNCTIONS
        }
    (HERE / "held_out.json").write_text(json.dumps(results, indent=1) + "\n")
