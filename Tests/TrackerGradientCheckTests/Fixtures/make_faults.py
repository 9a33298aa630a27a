"""Writes faults.csv: gradients of a small network in numpy, each with one fault, and their quotients.

    python3 make_faults.py > faults.csv          # numpy 2.4

A second implementation beside the Swift one of the tests: matrices instead of loops, whole costs in
numpy's order of summation. A case is a line "# cause layers m lambda epsilon method", then a line
"analytic,numerical,theta" for each parameter.
"""
import numpy as np

sizes, m, lam = [6, 7, 4], 40, 0.5
rng = np.random.default_rng(7)
X = rng.uniform(0, 1, (m, sizes[0]))
# Classes that the inputs tell apart, unequal in number.
labels = np.minimum((X @ rng.uniform(0, 1, sizes[0]) * 2.1).astype(int) % 5, sizes[-1] - 1)
Y = np.eye(sizes[-1])[labels]
ones = lambda A: np.c_[np.ones(len(A)), A]
sigma = lambda z: 1 / (1 + np.exp(-z))


def unpack(t):
    cut = (sizes[0] + 1) * sizes[1]
    return t[:cut].reshape(sizes[0] + 1, sizes[1]), t[cut:].reshape(sizes[1] + 1, sizes[2])


def cost(t, X=X, lam=lam, hidden=sigma, clamp=False, dtype=np.float64):
    t = t.astype(dtype)
    T1, T2 = unpack(t)
    z = ones(hidden(ones(X.astype(dtype)) @ T1)).astype(dtype) @ T2
    if clamp:
        a = sigma(z)
        a[a == 1] = 0.999999
        J = -(Y * np.log(a) + (1 - Y) * np.log(1 - a)).sum() / m
    else:
        J = (np.maximum(z, 0) + np.log1p(np.exp(-abs(z))) - Y.astype(dtype) * z).sum() / m
    return dtype(J + lam / 2 / m * ((T1[1:] ** 2).sum() + (T2[1:] ** 2).sum()))


def gradient(t, X=X, Y=Y, hidden=sigma, slope=lambda a: a * (1 - a)):
    T1, T2 = unpack(t)
    a2 = hidden(ones(X) @ T1)
    delta = sigma(ones(a2) @ T2) - Y
    return ones(X).T @ (delta @ T2[1:].T * slope(a2)) / m, ones(a2).T @ delta / m


def penalty(t):
    P = [T * lam / m for T in unpack(t)]
    for p in P:
        p[0] = 0
    return P


def central(J, t, e):
    n = np.empty(len(t))
    for i in range(len(t)):
        d = np.zeros(len(t))
        d[i] = e
        n[i] = (J(t + d) - J(t - d)) / (2 * e)
    return n


def flat(G):
    return np.concatenate([g.ravel() for g in G])


def case(cause, a, n, t, epsilon=1e-5, method="central"):
    print("#", cause, ",".join(map(str, sizes)), m, lam, epsilon, method)
    for row in zip(a, n, t):
        print(",".join(map(repr, map(float, row))))


count = (sizes[0] + 1) * sizes[1] + (sizes[1] + 1) * sizes[2]
t = rng.uniform(-0.5, 0.5, count)
D, P = gradient(t), penalty(t)
right = flat([d + p for d, p in zip(D, P)])
n = central(cost, t, 1e-5)
T = unpack(t)

case("no-fault", right, n, t)
case("missing-mean", flat([m * d + p for d, p in zip(D, P)]), n, t)
case("missing-regularization", flat(D), n, t)
case("bias-regularized", flat([d + lam / m * w for d, w in zip(D, T)]), n, t)
case("regularization-not-averaged", flat([d + m * p for d, p in zip(D, P)]), n, t)
case("regularization-doubled", flat([d + 2 * p for d, p in zip(D, P)]), n, t)
case("sign-error", -right, n, t)
plain = gradient(t, slope=lambda a: 1.0)
case("missing-activation-derivative", flat([d + p for d, p in zip(plain, P)]), n, t)
# The whole delta, its bias column kept, and the last column cut off instead.
a2 = sigma(ones(X) @ T[0])
whole = (sigma(ones(a2) @ T[1]) - Y) @ T[1].T * ones(a2 * (1 - a2))
kept = ones(X).T @ whole[:, :-1] / m
case("bias-column-misaligned", flat([kept + P[0], D[1] + P[1]]), n, t)
case("transposed-block", flat([(D[0] + P[0]).T, D[1] + P[1]]), n, t)
case("block-scaled", flat([D[0] + P[0], 0.5 * (D[1] + P[1])]), n, t)
case("block-scaled", right, 2 * n, t)
case("labels-misencoded", flat([d + p for d, p in zip(gradient(t, Y=np.roll(Y, 1, 1)), P)]), n, t)
case("labels-misencoded", flat([d + p for d, p in zip(gradient(t, Y=np.roll(Y, 1, 0)), P)]), n, t)
case("epsilon-too-small", right, central(cost, t, 1e-13), t, 1e-13)
case("epsilon-too-large", right, central(cost, t, 0.2), t, 0.2)
case("epsilon-too-large", right, np.array([(cost(t + 0.01 * e) - cost(t)) / 0.01
                                           for e in np.eye(count)]), t, 0.01, "forward")
case("single-precision", right,
     central(lambda t: np.float64(cost(t, dtype=np.float32)), t, 1e-3), t, 1e-3)
case("perturbation-not-restored", right, np.cumsum(n), t)

relu = lambda z: np.maximum(z, 0)
# One example's unit is moved to within ε of its kink.
k = t.copy()
k[0] -= (ones(X) @ unpack(k)[0])[3, 0] - 1e-4
case("non-smooth-activation",
     flat([d + p for d, p in zip(gradient(k, hidden=relu, slope=lambda a: (a > 0) * 1.0), penalty(k))]),
     central(lambda t: cost(t, hidden=relu), k, 1e-3), k, 1e-3)

# The question in small: raw inputs, weights from 0 up, the clamp.
raw, s = 16 * X, rng.uniform(0, 12, count)
case("saturated-clamped-output",
     flat([d + p for d, p in zip(gradient(s, X=raw), penalty(s))]),
     central(lambda t: cost(t, X=raw, clamp=True), s, 1e-7), s, 1e-7)
