"""What numpy, scipy and scikit-learn do for the same problems: the peers that the engine is measured against.

Every function returns (seconds, figure): the wall time of one call and a number that shows that the work was done
(a cost, an accuracy). The problems are those of the Swift program beside this file, made by the same formulas.
"""

import time
import warnings
from pathlib import Path

import numpy as np
import scipy.optimize
from sklearn.neural_network import MLPClassifier

DIGITS = Path(__file__).resolve().parents[2] / "Sources/CTrackerEmbedded/Data/digits.csv"
LAMBDA = 0.5


def spread(count, amplitude):
    """Numbers in -amplitude...amplitude that need no generator: the same in numpy and in Swift."""
    turns = np.arange(1, count + 1) * 0.6180339887498949
    return amplitude * (2 * (turns - np.floor(turns)) - 1)


class Problem:
    """A network of sigmoids with a cross-entropy cost from the logits, and its gradient, as one writes it in numpy."""

    def __init__(self, features, labels, hidden, classes):
        self.x = np.hstack([np.ones((len(features), 1)), features])
        self.labels = labels
        self.y = np.eye(classes)[labels]
        self.shapes = [(features.shape[1] + 1, hidden), (hidden + 1, classes)]
        self.split = self.shapes[0][0] * self.shapes[0][1]
        self.count = self.split + self.shapes[1][0] * self.shapes[1][1]
        self.start = spread(self.count, 0.12)
        self.evaluations = 0

    def cost_and_gradient(self, theta):
        self.evaluations += 1
        m = len(self.x)
        theta1 = theta[: self.split].reshape(self.shapes[0])
        theta2 = theta[self.split :].reshape(self.shapes[1])
        a2 = np.empty((m, self.shapes[1][0]))
        a2[:, 0] = 1
        hidden = 1 / (1 + np.exp(-(self.x @ theta1)))
        a2[:, 1:] = hidden
        z3 = a2 @ theta2
        penalty = (theta1[1:] ** 2).sum() + (theta2[1:] ** 2).sum()
        cost = (np.logaddexp(0, z3) - self.y * z3).sum() / m + LAMBDA / (2 * m) * penalty
        d3 = (1 / (1 + np.exp(-z3)) - self.y) / m
        g2 = a2.T @ d3
        g1 = self.x.T @ ((d3 @ theta2[1:].T) * hidden * (1 - hidden))
        g1[1:] += LAMBDA / m * theta1[1:]
        g2[1:] += LAMBDA / m * theta2[1:]
        return cost, np.concatenate([g1.ravel(), g2.ravel()])

    def cost(self, theta):
        return self.cost_and_gradient(theta)[0]


def digits():
    table = np.loadtxt(DIGITS, delimiter=",", dtype=int)
    return Problem(table[:, :64] / 16.0, table[:, 64], 100, 10)


def mnist_sized():
    rows, columns = 60_000, 784
    features = (np.arange(rows * columns, dtype=np.int64) * 2654435761 % 1024 / 1023.0).reshape(rows, columns)
    return Problem(features, np.arange(rows) * 7 % 10, 300, 10)


def timed(work):
    begin = time.perf_counter()
    figure = work()
    return time.perf_counter() - begin, figure


class Peers:
    def __init__(self):
        self.digits = digits()
        self.mnist = None

    def cost_gradient(self):
        """One evaluation of many in a row, the median of those of 0.3 s: threads that wake up may share a processor at first."""
        end, evaluations = time.perf_counter() + 0.3, []
        while not evaluations or time.perf_counter() < end:
            evaluations.append(timed(lambda: self.digits.cost_and_gradient(self.digits.start)[0]))
        return sorted(evaluations)[len(evaluations) // 2]

    def mnist_cost_gradient(self):
        self.mnist = self.mnist or mnist_sized()
        return timed(lambda: self.mnist.cost_and_gradient(self.mnist.start)[0])

    def lbfgs_200(self):
        return timed(lambda: scipy.optimize.minimize(
            self.digits.cost_and_gradient, self.digits.start, jac=True, method="L-BFGS-B",
            options=dict(maxiter=200, maxfun=10_000, maxcor=10, ftol=0, gtol=0)).fun)

    def tnc_400(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return timed(lambda: scipy.optimize.minimize(
                self.digits.cost_and_gradient, self.digits.start, jac=True, method="TNC",
                options=dict(maxfun=400, ftol=0, gtol=0, xtol=0)).fun)

    def bfgs_step(self):
        """One step is what two steps take beyond one."""
        def steps(n):
            return timed(lambda: scipy.optimize.minimize(
                self.digits.cost_and_gradient, self.digits.start, jac=True, method="BFGS",
                options=dict(maxiter=n, gtol=0)).fun)
        one, two = steps(1), steps(2)
        return two[0] - one[0], two[1]

    def epoch(self, solver):
        network = MLPClassifier((100,), activation="logistic", solver=solver, batch_size=32, momentum=0.9,
                                learning_rate_init=0.01 if solver == "sgd" else 0.001, alpha=LAMBDA, random_state=0)
        x, y = self.digits.x[:, 1:], self.digits.labels
        network.partial_fit(x, y, classes=np.arange(10))
        return timed(lambda: network.partial_fit(x, y).loss_)

    def sgd_epoch(self):
        return self.epoch("sgd")

    def adam_epoch(self):
        return self.epoch("adam")

    def check(self, parameters=60):
        """Naive central differences of some parameters, scaled up to all: each costs two whole evaluations of the cost."""
        def some():
            theta, worst = self.digits.start.copy(), 0.0
            analytic = self.digits.cost_and_gradient(theta)[1]
            for i in np.linspace(0, self.digits.count - 1, parameters).astype(int):
                theta[i] += 1e-4
                up = self.digits.cost(theta)
                theta[i] -= 2e-4
                down = self.digits.cost(theta)
                theta[i] += 1e-4
                worst = max(worst, abs((up - down) / 2e-4 - analytic[i]))
            return worst
        seconds, worst = timed(some)
        return seconds * self.digits.count / parameters, worst
