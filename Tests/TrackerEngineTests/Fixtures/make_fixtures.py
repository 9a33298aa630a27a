"""Makes the fixtures beside this file: `python3 make_fixtures.py`, with numpy and mpmath.

networks.csv     cost and gradient of small networks, every activation x output x cost x depth, by plain numpy in float64
digits.csv       cost, gradient norm and some derivatives of the 64-100-10 network on the digits
functions.csv    elementary functions, rounded from 60 digits

Inputs are numbers that need no generator: spread(i) below is the same in numpy and in Swift, to the bit.
"""

from pathlib import Path

import mpmath
import numpy as np

HERE = Path(__file__).resolve().parent
DIGITS = HERE.parents[2] / "Sources/CTrackerEmbedded/Data/digits.csv"


def spread(count, amplitude):
    turns = np.arange(1, count + 1) * 0.6180339887498949
    return amplitude * (2 * (turns - np.floor(turns)) - 1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


HIDDEN = {
    "sigmoid": (sigmoid, lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0) * 1.0),
}


def evaluate(sizes, activation, output, form, weight, x, labels, theta):
    """The cost and gradient as one writes them in numpy."""
    function, slope = HIDDEN[activation]
    m, y, matrices, offset = len(x), np.eye(sizes[-1])[labels], [], 0
    for inputs, units in zip(sizes, sizes[1:]):
        matrices.append(theta[offset : offset + (inputs + 1) * units].reshape(inputs + 1, units))
        offset += (inputs + 1) * units
    layers = [x]
    for index, matrix in enumerate(matrices):
        z = np.hstack([np.ones((m, 1)), layers[-1]]) @ matrix
        if index < len(matrices) - 1:
            layers.append(function(z))
    if output == "sigmoid":
        a = sigmoid(z)
        stable = np.logaddexp(0, z) - y * z
    else:
        e = np.exp(z - z.max(axis=1, keepdims=True))
        a = e / e.sum(axis=1, keepdims=True)
        stable = y * (np.log(e.sum(axis=1, keepdims=True)) + z.max(axis=1, keepdims=True) - z)
    if form == "stable":
        data = stable.sum() / m
    else:
        a = np.where(a == 1, 0.999999, a)
        terms = y * np.log(a) + (1 - y) * np.log(1 - a) if output == "sigmoid" else y * np.log(a)
        data = -terms.sum() / m
    penalty = weight / (2 * m) * sum((matrix[1:] ** 2).sum() for matrix in matrices)
    delta, gradients = (a - y) / m, []
    for index in reversed(range(len(matrices))):
        gradient = np.hstack([np.ones((m, 1)), layers[index]]).T @ delta
        gradient[1:] += weight / m * matrices[index][1:]
        gradients.insert(0, gradient.ravel())
        if index > 0:
            delta = (delta @ matrices[index][1:].T) * slope(layers[index])
    accuracy = (z.argmax(axis=1) == labels).mean()
    return data + penalty, penalty, accuracy, np.concatenate(gradients)


def count(sizes):
    return sum((inputs + 1) * units for inputs, units in zip(sizes, sizes[1:]))


def numbers(values):
    return ",".join(repr(float(value)) for value in values)


def networks():
    rows, x = [], spread(43 * 5, 2.0).reshape(43, 5)
    labels = np.arange(43) * 7 % 3
    for sizes in ([5, 3], [5, 4, 3], [5, 9, 3], [5, 4, 6, 3], [5, 3, 4, 2, 3]):
        for activation in HIDDEN:
            for output in ("sigmoid", "softmax"):
                for form in ("stable", "clamped"):
                    theta = spread(count(sizes), 1.5)
                    cost, penalty, accuracy, gradient = evaluate(
                        sizes, activation, output, form, 0.7, x, labels, theta)
                    name = "-".join(map(str, sizes))
                    rows.append(f"{name},{activation},{output},{form},{numbers([cost, penalty, accuracy, *gradient])}")
    (HERE / "networks.csv").write_text("\n".join(rows) + "\n")


def digits():
    table = np.loadtxt(DIGITS, delimiter=",", dtype=int)
    sizes, rows = [64, 100, 10], []
    for name, divisor, form, theta in (
        ("small", 16.0, "stable", spread(7510, 0.12)),
        ("small-clamped", 1.0, "clamped", spread(7510, 0.12)),
        ("saturated", 1.0, "stable", 1.5 + spread(7510, 1.5)),
        ("saturated-clamped", 1.0, "clamped", 1.5 + spread(7510, 1.5)),
    ):
        cost, penalty, accuracy, gradient = evaluate(
            sizes, "sigmoid", "sigmoid", form, 0.5, table[:, :64] / divisor, table[:, 64], theta)
        rows.append(f"{name},{numbers([cost, penalty, accuracy, np.sqrt((gradient**2).sum()), *gradient[::751]])}")
    (HERE / "digits.csv").write_text("\n".join(rows) + "\n")


def functions():
    mpmath.mp.dps = 60
    one = mpmath.mpf(1)
    table = {
        "exp": (mpmath.exp, [-708.3, -700, -100, -37.5, -5, -1, -0.35, -0.3, -1e-3, -1e-17, 0], (-40, 0)),
        "expm1": (mpmath.expm1, [-800, -38, -5, -1, -0.4, -1e-3, -1e-9, 1e-300, 1e-9, 0.1, 1, 30, 708.9], (-3, 3)),
        "log": (mpmath.log, [2.3e-308, 1e-100, 1e-9, 0.3, 0.7071, 0.99999, 1, 1.00001, 1.4143, 2, 1e10, 1e308], (0.01, 3)),
        "log1p": (mpmath.log1p, [-0.999999, -0.5, -0.1, -1e-9, 1e-300, 1e-17, 1e-9, 0.3, 0.4143, 1, 1e10, 1e300], (-0.9, 2)),
        "sigmoid": (lambda x: one / (1 + mpmath.exp(-x)), [-708.3, -100, -37, -1e-9, 0, 1e-9, 36.7, 40, 800], (-40, 40)),
        "tanh": (mpmath.tanh, [-30, -0.3, -1e-9, 1e-300, 1e-9, 0.2, 0.55, 19, 400], (-4, 4)),
        "softplus": (lambda x: mpmath.log1p(mpmath.exp(x)), [-708.3, -100, -1e-9, 0, 1e-9, 36.7, 700], (-40, 40)),
    }
    rows = []
    for name, (function, points, (low, high)) in table.items():
        points = points + list((low + high) / 2 + spread(60, (high - low) / 2))
        for x in points:
            x = float(x)
            # Below the smallest normal number a result is 0 here.
            rows.append(f"{name},{x.hex()},{float(function(mpmath.mpf(x))).hex()}")
    (HERE / "functions.csv").write_text("\n".join(rows) + "\n")


networks()
digits()
functions()
