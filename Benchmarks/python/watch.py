"""What `tracker.watch` adds to a training step at its default interval, in PyTorch, JAX and Keras.

    v/bin/python Benchmarks/python/watch.py [torch jax keras]

A 784-300-300-10 network on batches of 64 and of 256, Adam, one thread where that can be said. Blocks of steps without a watch and
with one that looks at every step, in turn; a look is the median over pairs of blocks of what it adds, in steps, by the processor time
of this process, which strangers on the machine disturb least. By default one step in 100 is looked at.
"""

import importlib.util
import os
import statistics
import sys
import tempfile
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "..", "Python", "src"))
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np  # noqa: E402

import tracker  # noqa: E402

STEPS = 60
PAIRS = int(os.environ.get("PAIRS", "9"))
SIZES = (784, 300, 300, 10)
generator = np.random.default_rng(0)


def data(batch):
    x = generator.random((batch * STEPS, 784), dtype=np.float32)
    return x, generator.integers(0, 10, batch * STEPS)


def torch(batch):
    import torch

    torch.set_num_threads(1)
    model = torch.nn.Sequential(
        torch.nn.Linear(784, 300), torch.nn.ReLU(), torch.nn.Linear(300, 300), torch.nn.ReLU(), torch.nn.Linear(300, 10)
    )
    optimizer = torch.optim.Adam(model.parameters())
    x, y = (torch.from_numpy(part) for part in data(batch))

    def block(watched):
        watching = tracker.watch(model, every=1) if watched else None
        for step in range(STEPS):
            part = slice(step * batch, (step + 1) * batch)
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(x[part]), y[part]).backward()
            optimizer.step()
        if watching:
            watching.close()

    return block


def jax(batch):
    import jax
    import jax.numpy as jnp
    import optax

    keys = jax.random.split(jax.random.key(0), len(SIZES))
    params = [
        {"kernel": jax.random.normal(key, (m, n)) / m**0.5, "bias": jnp.zeros(n)}
        for key, m, n in zip(keys, SIZES, SIZES[1:])
    ]
    optimizer = optax.adam(1e-3)
    state = optimizer.init(params)
    x, y = (jnp.asarray(part) for part in data(batch))

    def cost(params, x, y):
        for layer in params[:-1]:
            x = jax.nn.relu(x @ layer["kernel"] + layer["bias"])
        logits = x @ params[-1]["kernel"] + params[-1]["bias"]
        return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()

    @jax.jit
    def step(params, state, x, y):
        grads = jax.grad(cost)(params, x, y)
        updates, state = optimizer.update(grads, state)
        return optax.apply_updates(params, updates), grads, state

    def block(watched):
        nonlocal params, state
        watching = tracker.watch(params, every=1) if watched else None
        for number in range(STEPS):
            part = slice(number * batch, (number + 1) * batch)
            new, grads, state = step(params, state, x[part], y[part])
            if watching:
                watching(params, grads, new)
            params = new
        jax.block_until_ready(params)

    return block


def keras(batch):
    import keras

    layers = [keras.layers.Dense(300, "relu"), keras.layers.Dense(300, "relu"), keras.layers.Dense(10)]
    models = {}
    x, y = data(batch)
    for watched in (False, True):
        # A model is compiled with or without; the same start for both.
        keras.utils.set_random_seed(0)
        copies = [type(layer).from_config(layer.get_config()) for layer in layers]
        models[watched] = keras.Sequential([keras.Input((784,)), *copies])
        models[watched].compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))

    def block(watched):
        model = models[watched]
        callbacks = [tracker.watch(model, every=1)] if watched else []
        model.fit(x, y, batch_size=batch, shuffle=False, verbose=0, callbacks=callbacks)

    return block


def main():
    tracker.init(db=os.path.join(tempfile.mkdtemp(), "tracker.sqlite"), system_metrics=False)
    print(f"{'':16}{'ms a step':>12}{'a look, steps':>16}{'by default':>12}")
    for kind in (torch, jax, keras):
        if kind.__name__ not in (sys.argv[1:] or [kind.__name__]) or not importlib.util.find_spec(kind.__name__):
            continue
        for batch in (64, 256):
            block = kind(batch)
            block(False), block(True)
            looks, plain = [], []
            for pair in range(PAIRS):
                taken = {}
                for watched in (False, True) if pair % 2 else (True, False):
                    began = time.process_time()
                    block(watched)
                    taken[watched] = time.process_time() - began
                looks.append(taken[True] / taken[False] - 1)
                plain.append(taken[False] / STEPS)
            look = statistics.median(looks)
            name = f"{kind.__name__}, {batch} rows"
            print(f"{name:16}{statistics.median(plain) * 1e3:12.2f}{look:16.2f}{look / 100:12.2%}")
    tracker.finish()


main()
