"""Makes corpus.jsonl: small trainings in numpy, right ones and wrong ones, each with what is wrong with it.

    python3 make-corpus.py > corpus.jsonl

Tasks: two to five blobs, moons, and regressions. `bad` is measured: the end is no better than 1.15 times what guessing
gets, or the accuracy is below 0.8 where the mended program reaches more. `causes` are the right names for it.
"""
import json, sys
import numpy as np

np.seterr(all="ignore")


def data(task, rng):
    if task == "moons":
        t = rng.uniform(0, np.pi, 400); k = rng.integers(0, 2, 400)
        x = np.c_[np.cos(t) * (1 - 2 * k) + k, np.sin(t) * (1 - 2 * k) + 0.5 * k] + rng.normal(0, 0.15, (400, 2))
        return x, k, 2
    if task.startswith("blobs"):
        n = int(task[5:]); k = rng.integers(0, n, 400); c = rng.normal(0, 2.5, (n, 6))
        return c[k] + rng.normal(0, 0.8, (400, 6)), k, n
    x = rng.normal(0, 1, (400, 5))
    return x, np.sin(x[:, 0]) + 0.5 * x[:, 1] * x[:, 2] + 0.1 * rng.normal(0, 1, 400), 0


ACT = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0) * 1.0), "sigmoid": (lambda z: 1 / (1 + np.exp(-np.clip(z, -500, 500))), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a * a), "linear": (lambda z: z, lambda a: np.ones_like(a)),
}


def train(o, seed):
    rng = np.random.default_rng(seed)
    x, y, k = data(o["task"], rng)
    x = x * o.get("input_scale", 1) + o.get("input_shift", 0)
    if k: target = np.eye(k)[y] if o["units"] > 1 or o["last"] == "softmax" and o["units"] > 1 else (y[:, None] * 1.0)
    else: target = (y[:, None] - y.mean()) / y.std() * o.get("target_scale", 1) + o.get("target_shift", 0)
    cut = 320; order = rng.permutation(len(x)); x, target, y = x[order], target[order], np.asarray(y)[order]
    sizes = [x.shape[1]] + o["hidden"] + [o["units"]]
    W = []
    for a, b in zip(sizes, sizes[1:]):
        s = {"glorot": np.sqrt(2 / (a + b)), "he": np.sqrt(2 / a), "normal1": 1.0, "zeros": 0.0}[o["init"]]
        W.append([rng.normal(0, 1, (a, b)) * s, np.zeros(b)])
    m = [[np.zeros_like(p) for p in layer] for layer in W]; v = [[np.zeros_like(p) for p in layer] for layer in W]; t = 0
    if o.get("warm"): pass

    def forward(x):
        a = [x]
        for i, (w, b) in enumerate(W):
            z = a[-1] @ w + b
            if i + 1 < len(W): a.append(ACT[o["act"]][0](z))
            elif o["last"] == "softmax": e = np.exp(z - z.max(1, keepdims=True)); a.append(e / e.sum(1, keepdims=True))
            else: a.append(ACT[o["last"]][0](z))
        return a

    def loss(p, t):
        p7 = np.clip(p, 1e-7, 1 - 1e-7)
        if o["loss"] == "categorical_crossentropy": return float(-(t * np.log(p7)).sum(1).mean())
        if o["loss"] == "binary_crossentropy": return float(-(t * np.log(p7) + (1 - t) * np.log(1 - p7)).mean())
        return float(((p - t) ** 2).mean()) if o["loss"] == "mean_squared_error" else float(np.abs(p - t).mean())

    def right(p, t):
        if not k: return None
        return float((p.argmax(1) == t.argmax(1)).mean() if o["units"] > 1 else ((p > 0.5) == (t > 0.5)).mean())

    curve = {"loss": [], "val_loss": [], "accuracy": [], "val_accuracy": []}
    for epoch in range(o["epochs"]):
        perm = rng.permutation(cut); seen = []
        for start in range(0, cut, o["batch"]):
            i = perm[start:start + o["batch"]]; a = forward(x[i]); p, q = a[-1], target[i]
            seen.append((loss(p, q), right(p, q)))
            n = len(i) if not o.get("sum") else 1
            inside = (p > 1e-7) & (p < 1 - 1e-7)
            if o["loss"] == "categorical_crossentropy":
                dp = -q / np.clip(p, 1e-7, 1) * inside / n
            elif o["loss"] == "binary_crossentropy":
                dp = (p - q) / np.clip(p * (1 - p), 1e-7, None) * inside / (n * q.shape[1])
            elif o["loss"] == "mean_squared_error": dp = 2 * (p - q) / (n * q.shape[1])
            else: dp = np.sign(p - q) / (n * q.shape[1])
            d = p * (dp - (dp * p).sum(1, keepdims=True)) if o["last"] == "softmax" else dp * ACT[o["last"]][1](p)
            for layer in range(len(W) - 1, -1, -1):
                g = [a[layer].T @ d + o.get("l2", 0) * 2 * W[layer][0], d.sum(0)]
                d = d @ W[layer][0].T * ACT[o["act"]][1](a[layer]) if layer else d
                if layer == len(W) - 1: t += 1
                for j in (0, 1):
                    gj = -g[j] if o.get("ascent") else g[j]
                    if o["optimizer"] == "adam":
                        m[layer][j] = 0.9 * m[layer][j] + 0.1 * gj; v[layer][j] = 0.999 * v[layer][j] + 0.001 * gj * gj
                        W[layer][j] -= o["lr"] * (m[layer][j] / (1 - 0.9 ** t)) / (np.sqrt(v[layer][j] / (1 - 0.999 ** t)) + 1e-8)
                    else: W[layer][j] -= o["lr"] * gj
        p = forward(x[cut:])[-1]
        curve["loss"].append(float(np.mean([s[0] for s in seen]))); curve["val_loss"].append(loss(p, target[cut:]))
        if k: curve["accuracy"].append(float(np.mean([s[1] for s in seen]))); curve["val_accuracy"].append(right(p, target[cut:]))
    p = forward(x[:cut])[-1]
    end = right(p, target[:cut]) if k else 1 - float(((p - target[:cut]) ** 2).mean() / target.var())
    bad = not np.isfinite(end) or not np.isfinite(curve["loss"][-1]) or end < (0.8 if k else 0.3)
    if k and end >= 0.8 and curve["loss"][-1] < 0: bad = True
    return curve, bad, x, target, k


right_c = dict(act="relu", last="softmax", loss="categorical_crossentropy", optimizer="adam", lr=0.01, batch=32, epochs=40, init="he", hidden=[24])
right_b = dict(right_c, last="sigmoid", loss="binary_crossentropy", units=1)
right_r = dict(right_c, last="linear", loss="mean_squared_error", units=1)
cases = []
def case(name, causes, **o): cases.append((name, causes, o))
for task, base in (("moons", right_b), ("blobs2", right_b), ("blobs3", dict(right_c, units=3)), ("blobs5", dict(right_c, units=5)), ("regression", right_r)):
    b = dict(base, task=task); last = "wrong-output-activation"
    many = b["units"] > 1
    case("right", [], **b); case("right-sgd", [], **dict(b, optimizer="sgd", lr=0.1)); case("right-tanh", [], **dict(b, act="tanh", init="glorot"))
    case("right-deep", [], **dict(b, hidden=[24, 24, 24])); case("right-long", [], **dict(b, epochs=150)); case("right-large-batch", [], **dict(b, batch=160, epochs=80))
    case("softmax-of-one", [last], **dict(b, units=1, last="softmax"))
    case("rate-low", ["learning-rate-too-low", "too-few-epochs"], **dict(b, optimizer="sgd", lr=1e-5, epochs=40))
    case("rate-low-adam", ["learning-rate-too-low", "too-few-epochs"], **dict(b, lr=1e-6, epochs=30))
    case("rate-high", ["learning-rate-too-high", "diverged", "exploding-gradient", "dead-units"], **dict(b, optimizer="sgd", lr=60.0))
    case("rate-high-adam", ["learning-rate-too-high", "diverged", "dead-units"], **dict(b, lr=3.0, hidden=[24, 24]))
    case("few-epochs", ["too-few-epochs", "learning-rate-too-low"], **dict(b, lr=0.0003, epochs=2))
    case("inputs-large", ["inputs-not-scaled"], **dict(b, input_scale=3000, optimizer="sgd", lr=0.1))
    case("inputs-shifted", ["inputs-not-scaled", "dead-units"], **dict(b, input_shift=800, optimizer="sgd", lr=0.05))
    case("vanishing", ["vanishing-gradient", "redundant-layer", "wrong-activation"], **dict(b, act="sigmoid", hidden=[16] * 9, init="glorot", optimizer="sgd", lr=0.05))
    case("zeros", ["constant-initialization"], **dict(b, init="zeros", hidden=[24, 24]))
    case("large-start", ["saturated-initialization", "exploding-gradient"], **dict(b, init="normal1", hidden=[200, 200, 200], optimizer="sgd", lr=0.1))
    case("ascent", ["gradient-ascent", "diverged"], **dict(b, ascent=True, lr=0.001))
    case("sum", ["wrong-loss", "learning-rate-too-high", "diverged", "exploding-gradient"], **dict(b, sum=True, optimizer="sgd", lr=0.5))
    case("penalty", ["overregularized"], **dict(b, l2=5.0))
    if task == "regression":
        case("sigmoid-out", ["targets-out-of-range", last, "targets-not-scaled"], **dict(b, last="sigmoid", target_scale=40, target_shift=100))
        case("relu-out", ["targets-out-of-range", last, "targets-not-scaled"], **dict(b, last="relu", target_shift=-3))
        case("targets-large", ["targets-not-scaled", "inputs-not-scaled", "learning-rate-too-low"], **dict(b, target_scale=1e5, target_shift=3e5, lr=0.001))
    else:
        case("relu-before", [last], **dict(b, last="relu"))
        case("mae", ["wrong-loss", "learning-rate-too-low"], **dict(b, loss="mean_absolute_error", last="sigmoid", optimizer="sgd", lr=0.01))
        if many: case("labels-shuffled-units", [last, "wrong-loss", "labels-misencoded"], **dict(b, units=1, last="sigmoid", loss="binary_crossentropy"))

r5 = lambda v: None if v is None else ("NaN" if v != v else ("Infinity" if v == np.inf else "-Infinity" if v == -np.inf else float(f"{v:.6g}")))
for number, (name, causes, o) in enumerate(cases):
    curve, bad, x, target, k = train(o, number)
    if bool(causes) != bad: continue          # a fault that training outlived, or a hard task: not in the corpus
    if name == "labels-shuffled-units" and target.max() <= 1: continue
    mean = lambda a: float(np.mean(a)); rng_ = lambda a: dict(min=r5(float(a.min())), max=r5(float(a.max())), mean=r5(mean(a)), std=r5(float(a.std())))
    params = dict(loss=o["loss"], optimizer=o["optimizer"], learning_rate=o["lr"], batch_size=o["batch"], epochs=o["epochs"], last_activation=o["last"],
        output_units=o["units"], hidden_activations=[o["act"]] * len(o["hidden"]), layers=len(o["hidden"]) + 1, initializer=o["init"], l2=o.get("l2", 0), n_train=320,
        task="classification" if k else "regression", input=rng_(x), target=rng_(target))
    if k: params["classes"] = int(k)
    if o.get("sum"): params["reduction"] = "sum"
    curve = {key: [r5(v) for v in values] for key, values in curve.items() if values}
    if o["epochs"] > 60: curve = {key: values[::4] for key, values in curve.items()}
    print(json.dumps(dict(name=f"{o['task']}/{name}", causes=causes, params=params, curves=curve), separators=(",", ":")))
