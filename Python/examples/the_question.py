"""The program that this project began with, in numpy, and what its gradient check says.

A network of 64 pixels, 100 hidden units and 10 digits; back-propagation by hand. The first 6,500 derivatives agree with
difference quotients, and many of the last 1,010 do not. Why?

All of the last 1,010 are checked here, and as many of the others. `--whole` checks every one, `--quick` 100 of each block.
"""

import os
import sys

# For matrices of this size one thread is faster than several.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

import tracker

try:
    from sklearn.datasets import load_digits

    pixels, digits = load_digits(return_X_y=True)
except ImportError:
    sys.exit("This example needs scikit-learn for its data: pip install scikit-learn")

x = np.hstack([np.ones((len(pixels), 1)), pixels])
y = np.eye(10)[digits]
m, lam = len(x), 0.5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(theta1, theta2):
    a2 = np.hstack([np.ones((m, 1)), sigmoid(x @ theta1)])
    return a2, sigmoid(a2 @ theta2)


def cost(theta):
    theta1, theta2 = theta
    _, a3 = forward(theta1, theta2)
    a3 = np.where(a3 == 1, 0.999999, a3)  # to avoid log(1)
    data = -(y * np.log(a3) + (1 - y) * np.log(1 - a3)).sum() / m
    return data + lam / (2 * m) * ((theta1[1:] ** 2).sum() + (theta2[1:] ** 2).sum())


def gradient(theta):
    theta1, theta2 = theta
    a2, a3 = forward(theta1, theta2)
    d3 = a3 - y
    d2 = (d3 @ theta2[1:].T) * a2[:, 1:] * (1 - a2[:, 1:])
    g1, g2 = x.T @ d2 / m, a2.T @ d3 / m
    g1[1:] += lam / m * theta1[1:]
    g2[1:] += lam / m * theta2[1:]
    return [g1, g2]


def check(low, high):
    generator = np.random.default_rng(0)
    theta = [generator.uniform(low, high, shape) for shape in ((65, 100), (101, 10))]
    print(f"\nΘ uniform in {low} … {high}")
    with tracker.init(experiment="the question", config={"initRange": f"{low}:{high}", "lambda": lam}) as run:
        result = run.check(
            cost,
            gradient,
            theta,
            epsilon=1e-7 if low == 0 else 1e-4,
            shapes="65x100,101x10",
            bias="first-row",
            examples=m,
            regularization=lam,
            activation="sigmoid",
            samples=None if "--whole" in sys.argv else 100 if "--quick" in sys.argv else 1010,
        )
    print(result)


check(0, 3)
check(-0.12, 0.12)
