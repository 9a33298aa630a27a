"""A program of its own that knows no tracker: a small network in plain Python learns two half-moons. It prints a line of
JSON a step, for `tracker record -- python3 moons.py …`. A learning rate that is too large ends in NaN, as it does elsewhere.
"""

import argparse
import json
import math
import os
import random
import signal


def moons(count, chance):
    """Points of two half-moons that reach into each other, with noise, and the moon of each."""
    rows = []
    for index in range(count):
        angle = chance.uniform(0, math.pi)
        x, y = (math.cos(angle), math.sin(angle)) if index % 2 else (1 - math.cos(angle), 0.4 - math.sin(angle))
        rows.append((x + chance.gauss(0, 0.18), y + chance.gauss(0, 0.18), index % 2))
    return rows


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > -500 else 0.0


def logarithm(p):
    return math.log(p) if p > 0 else -math.inf


def cost(z, label):
    """The cross-entropy, as it is often written: where the output is exactly 0 or 1, it is 0 × ∞, and NaN."""
    p = sigmoid(z)
    return -label * logarithm(p) - (1 - label) * logarithm(1 - p)


class Network:
    """Two inputs, hidden units, one logit."""

    def __init__(self, hidden, activation, chance):
        self.first = [[chance.gauss(0, 1), chance.gauss(0, 1), 0.0] for _ in range(hidden)]
        self.second = [chance.gauss(0, 1 / math.sqrt(hidden)) for _ in range(hidden)] + [0.0]
        self.activation = activation

    def forward(self, x, y):
        sums = [a * x + b * y + c for a, b, c in self.first]
        units = [math.tanh(z) if self.activation == "tanh" else max(0.0, z) for z in sums]
        return sums, units, sum(w * unit for w, unit in zip(self.second, units)) + self.second[-1]

    def gradient(self, rows):
        first, second, total = [[0.0] * 3 for _ in self.first], [0.0] * len(self.second), 0.0
        for x, y, label in rows:
            sums, units, z = self.forward(x, y)
            total += cost(z, label)
            delta = (sigmoid(z) - label) / len(rows)
            second[-1] += delta
            for index, unit in enumerate(units):
                second[index] += delta * unit
                slope = 1 - unit * unit if self.activation == "tanh" else float(sums[index] > 0)
                back = delta * self.second[index] * slope
                for place, value in enumerate((x, y, 1.0)):
                    first[index][place] += back * value
        return total / len(rows), first, second

    def judge(self, rows):
        """The mean cost and the share that is right."""
        logits = [self.forward(x, y)[2] for x, y, _ in rows]
        costs = [cost(z, label) for z, (_, _, label) in zip(logits, rows)]
        return sum(costs) / len(rows), sum((z > 0) == label for z, (_, _, label) in zip(logits, rows)) / len(rows)


def norm(values):
    return math.sqrt(sum(value * value for value in values))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--hidden", type=int, default=8)
    parser.add_argument("--activation", choices=("tanh", "relu"), default="tanh")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--power-cut", type=int, help="the step at which the machine goes down")
    options = parser.parse_args()
    data, chance = random.Random(0), random.Random(options.seed)
    train, val = moons(240, data), moons(120, data)
    network = Network(options.hidden, options.activation, chance)
    for step in range(options.steps):
        if step == options.power_cut:
            os.kill(os.getppid(), signal.SIGKILL)
            return
        loss, first, second = network.gradient(chance.sample(train, 16))
        line = {"train/loss": loss, "grad_norm/layer1": norm(sum(first, [])), "grad_norm/layer2": norm(second)}
        if step % 5 == 0 or step == options.steps - 1:
            line["val/loss"], line["val/acc"] = network.judge(val)
        for own, slopes in zip(network.first, first):
            for place in range(3):
                own[place] -= options.lr * slopes[place]
        network.second = [own - options.lr * slope for own, slope in zip(network.second, second)]
        print(json.dumps({"step": step, **line}), flush=True)


if __name__ == "__main__":
    main()
