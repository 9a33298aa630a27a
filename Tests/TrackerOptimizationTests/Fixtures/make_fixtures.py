"""Writes reference.json: what scipy and scikit-learn reach on the problems of the tests.

    python3 -m venv env && env/bin/pip install numpy scipy scikit-learn
    OPENBLAS_NUM_THREADS=1 env/bin/python make_fixtures.py

Problems and starts are made by formulas that the tests repeat (Support/TestObjectives.swift), so that
only results are stored. Last run: numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1.
"""

import json
import math
import pathlib

import numpy as np
from scipy.optimize import minimize, rosen, rosen_der
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

HERE = pathlib.Path(__file__).parent
DIGITS = HERE.parents[2] / "Sources/CTrackerEmbedded/Data/digits.csv"
MASK = 2**64 - 1


class SplitMix64:
    """The generator of the paper that SplitMix64.swift names."""

    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound):
        product = self.next() * bound
        if product & MASK < bound:
            threshold = (2**64 - bound) % bound
            while product & MASK < threshold:
                product = self.next() * bound
        return product >> 64

    def uniform(self, lower, upper, count):
        return np.array([lower + (upper - lower) * ((self.next() >> 11) * 2.0**-53) for _ in range(count)])


def pass_order(seed, number, count):
    generator = SplitMix64((SplitMix64(seed).next() + number) & MASK)
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        other = generator.below(last + 1)
        order[last], order[other] = order[other], order[last]
    return order


def rosenbrock(count):
    start = np.array([-1.2 if i % 2 == 0 else 1.0 for i in range(count)])
    return (lambda x: (rosen(x), rosen_der(x))), start


def quadratic(count, condition):
    mirror = np.array([1.0 if i % 2 == 0 else -1.0 for i in range(count)]) / math.sqrt(count)
    curvature = condition ** (np.arange(count) / (count - 1))

    def reflect(x):
        return x - 2 * mirror * (mirror @ x)

    def evaluate(x):
        rotated = reflect(x - 1)
        return 0.5 * curvature @ rotated**2, reflect(curvature * rotated)

    return evaluate, np.zeros(count)


class Logistic:
    """Mean logistic loss + penalty / 2m |w|^2 over made data; the last parameter is the bias."""

    rows, features, penalty = 200, 10, 1.0

    def __init__(self):
        generator = SplitMix64(2026)
        self.x = generator.uniform(-1, 1, self.rows * self.features).reshape(self.rows, self.features)
        noise = generator.uniform(-1, 1, self.rows)
        self.y = (self.x @ np.array([(-1.0) ** j * (j + 1) for j in range(self.features)]) * 0.3 + noise > 0) * 1.0

    def __call__(self, t, examples=slice(None)):
        x, y = self.x[examples], self.y[examples]
        z = x @ t[:-1] + t[-1]
        cost = (np.logaddexp(0, z) - y * z).mean() + self.penalty / (2 * self.rows) * t[:-1] @ t[:-1]
        delta = (expit(z) - y) / len(y)
        return cost, np.r_[x.T @ delta + self.penalty / self.rows * t[:-1], delta.sum()]


def digits(hidden=12, rows=500, penalty=0.5):
    """64 - hidden - 10, sigmoid, cross-entropy, L2, pixels over 16, biases first in each block."""
    data = np.loadtxt(DIGITS, delimiter=",")[:rows]
    inputs = np.c_[np.ones(rows), data[:, :64] / 16]
    labels = np.eye(10)[data[:, 64].astype(int)]
    split = 65 * hidden

    def evaluate(t):
        first, second = t[:split].reshape(65, hidden), t[split:].reshape(hidden + 1, 10)
        activations = np.c_[np.ones(rows), expit(inputs @ first)]
        z = activations @ second
        squares = (first[1:] ** 2).sum() + (second[1:] ** 2).sum()
        cost = (np.logaddexp(0, z) - labels * z).sum() / rows + penalty / (2 * rows) * squares
        delta = (expit(z) - labels) / rows
        second_gradient = activations.T @ delta
        second_gradient[1:] += penalty / rows * second[1:]
        inner = delta @ second[1:].T * activations[:, 1:] * (1 - activations[:, 1:])
        first_gradient = inputs.T @ inner
        first_gradient[1:] += penalty / rows * first[1:]
        return cost, np.r_[first_gradient.ravel(), second_gradient.ravel()]

    return evaluate, SplitMix64(7).uniform(-0.12, 0.12, split + (hidden + 1) * 10)


METHODS = {
    "lbfgs": ("L-BFGS-B", dict(ftol=0, gtol=1e-6, maxfun=10**6, maxiter=10**6, maxcor=10)),
    "tnc": ("TNC", dict(maxfun=10**6)),
    "bfgs": ("BFGS", dict(gtol=1e-6)),
    "cg": ("CG", dict(gtol=1e-6)),
}


class Enough(Exception):
    pass


def scipy_result(problem, method, evaluate, start, limit):
    """The lowest cost that an iteration of scipy's had reached within the limit."""
    name, options = METHODS[method]
    evaluations, best = 0, evaluate(start)[0]

    def counted(x):
        nonlocal evaluations
        if evaluations == limit:
            raise Enough
        evaluations += 1
        return evaluate(x)

    def after_iteration(x):
        nonlocal best
        best = min(best, evaluate(x)[0])

    try:
        minimize(counted, start, jac=True, method=name, options=options, callback=after_iteration)
    except Enough:
        pass
    return dict(problem=problem, method=method, evaluations=evaluations, cost=float(best))


def passes(optimizer_of, problem, batch, count, seed):
    """Parameters after some passes with one of scikit-learn's own optimisers."""
    parameters = [np.zeros(problem.features + 1)]
    optimizer = optimizer_of(parameters)
    for number in range(count):
        order = pass_order(seed, number, problem.rows)
        for first in range(0, problem.rows, batch):
            gradient = problem(parameters[0], order[first : first + batch])[1]
            optimizer.update_params(parameters, [gradient])
    return parameters[0].tolist()


def main():
    logistic = Logistic()
    # Of each problem the budgets on the way, and those by which a method is to have arrived.
    problems = {
        "rosenbrock2": (*rosenbrock(2), [40], [400]),
        "rosenbrock10": (*rosenbrock(10), [40, 100, 200], [2000]),
        "rosenbrock100": (*rosenbrock(100), [40, 100, 200, 400, 1000], [3000]),
        "quadratic": (*quadratic(50, 1e6), [40, 100, 200, 400, 1000], [2000]),
        "logistic": (logistic, np.zeros(11), [], [100]),
        "digits": (*digits(), [40, 200], [100, 250]),
        # The start of the project's first question, whose units are all saturated.
        "digitsSaturated": (digits()[0], SplitMix64(7).uniform(0, 3, len(digits()[1])), [40, 100, 150, 200], [250]),
    }
    results = [
        dict(scipy_result(name, method, evaluate, start, limit), isEnd=limit in ends)
        for name, (evaluate, start, ways, ends) in problems.items()
        for method in METHODS
        for limit in sorted(ways + ends)
    ]
    model = LogisticRegression(C=1 / logistic.penalty, tol=1e-12, max_iter=10**5).fit(logistic.x, logistic.y)
    optimum = np.r_[model.coef_[0], model.intercept_]
    document = dict(
        scipy=results,
        logistic=dict(
            optimum=float(logistic(optimum)[0]),
            parameters=optimum.tolist(),
            momentum=passes(lambda p: SGDOptimizer(p, 0.05, momentum=0.9, nesterov=False), logistic, 32, 20, 5),
            nesterov=passes(lambda p: SGDOptimizer(p, 0.05, momentum=0.9, nesterov=True), logistic, 32, 20, 5),
            adam=passes(lambda p: AdamOptimizer(p, 0.01), logistic, 32, 20, 5),
        ),
    )
    (HERE / "reference.json").write_text(json.dumps(document, indent=1) + "\n")
    for result in results:
        print(result)
    print("logistic optimum", document["logistic"]["optimum"])


main()
