"""Each callback with its real framework."""

import numpy as np
import pytest

import tracker


def data(count=80):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, 4)).astype("float32")
    return x, (x.sum(axis=1) > 0).astype("float32")


def test_keras(show):
    import keras
    x, y = data()
    model = keras.Sequential([keras.layers.Dense(8, activation="tanh"), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.build((None, 4))
    callback = tracker.integrations.keras.TrackerCallback(log_batches=2, name="k")
    model.fit(x, y, epochs=3, validation_split=0.25, verbose=0, callbacks=[callback])
    facts = show()
    assert facts["status"] == "finished" and facts["parameters"]["optimizer.name"] == "adam"
    for name in ("loss", "val_loss", "accuracy", "val_accuracy", "learning_rate"):
        assert facts["metrics"][name]["count"] == 3


def test_keras_watch(show):
    import keras
    x, y = data()
    model = keras.Sequential(
        [keras.layers.Dense(8, activation="tanh", name="one"), keras.layers.Dense(1, activation="sigmoid", name="two")]
    )
    model.compile("sgd", "binary_crossentropy")
    model.build((None, 4))
    with tracker.init() as run:
        model.fit(x, y, epochs=2, batch_size=16, verbose=0, callbacks=[tracker.watch(model, every=2, data=x[:8])])
    metrics = show(run.id)["metrics"]
    for layer in ("one", "two"):
        assert metrics[f"weights/{layer}/norm"]["last"] > 0 and 0 < metrics[f"updates/{layer}/ratio"]["last"] < 1
        assert 0 <= metrics[f"activations/{layer}/saturated"]["last"] <= 1
        if keras.backend.backend() == "jax":
            assert metrics[f"gradients/{layer}/norm"]["last"] > 0 and metrics[f"gradients/{layer}/nonfinite"]["max"] == 0


def test_scikit_learn(show):
    from sklearn.neural_network import MLPClassifier

    x, y = data()
    model = MLPClassifier((8,), max_iter=20, random_state=0)
    fitted = tracker.integrations.sklearn.fit(model, x[:60], y[:60], test=(x[60:], y[60:]))
    assert fitted is model
    facts = show()
    assert facts["name"] == "MLPClassifier" and facts["parameters"]["max_iter"] == 20
    assert facts["metrics"]["train/loss"]["count"] == 20 and 0 <= facts["metrics"]["test/score"]["last"] <= 1


def test_scikit_learn_that_fails(show):
    from sklearn.linear_model import LogisticRegression

    with pytest.raises(ValueError):
        tracker.integrations.sklearn.fit(LogisticRegression(), np.ones((3, 2)), np.ones(3))
    assert show()["status"] == "failed" and "ValueError" in show()["error"]


def test_xgboost(show):
    import xgboost
    x, y = data()
    train, test = xgboost.DMatrix(x[:60], y[:60]), xgboost.DMatrix(x[60:], y[60:])
    xgboost.train(
        {"objective": "binary:logistic", "max_depth": 2},
        train,
        num_boost_round=5,
        evals=[(train, "train"), (test, "test")],
        callbacks=[tracker.integrations.xgboost.TrackerCallback()],
        verbose_eval=False,
    )
    facts = show()
    assert facts["status"] == "finished" and facts["parameters"]["objective"] == "binary:logistic"
    assert facts["metrics"]["test/logloss"]["count"] == 5


def test_lightgbm(show):
    import lightgbm
    x, y = data()
    train = lightgbm.Dataset(x[:60], y[:60])
    test = lightgbm.Dataset(x[60:], y[60:], reference=train)
    lightgbm.train(
        {"objective": "binary", "verbose": -1, "min_data_in_leaf": 2},
        train,
        num_boost_round=6,
        valid_sets=[test],
        valid_names=["test"],
        callbacks=[tracker.integrations.lightgbm.callback()],
    )
    facts = show()
    assert facts["status"] == "finished" and facts["metrics"]["test/binary_logloss"]["count"] == 6
    assert facts["parameters"]["objective"] == "binary"


def test_lightgbm_again(show):
    import lightgbm
    x, y = data()
    callback = tracker.integrations.lightgbm.callback()
    for rounds in (3, 4, 5):
        train = lightgbm.Dataset(x[:60], y[:60])
        stop = [lightgbm.early_stopping(1, verbose=False, min_delta=9)] if rounds == 4 else []  # Leaves the second run open.
        lightgbm.train(
            {"objective": "binary", "verbose": -1, "min_data_in_leaf": 2},
            train,
            num_boost_round=rounds,
            valid_sets=[lightgbm.Dataset(x[60:], y[60:], reference=train)],
            callbacks=[callback, *stop],
        )
    runs = [show(number) for number in (1, 2, 3)]
    assert [run["status"] for run in runs] == ["finished"] * 3
    assert [run["metrics"]["valid_0/binary_logloss"]["count"] for run in runs] == [3, 2, 5]


def test_jax_and_optax(show):
    import jax
    import optax
    jnp = jax.numpy
    x, y = data()
    params = {"dense": {"w": jnp.zeros(4), "b": jnp.zeros(())}}
    optimizer = optax.adam(0.1)

    def loss_of(params):
        z = x @ params["dense"]["w"] + params["dense"]["b"]
        return optax.sigmoid_binary_cross_entropy(z, y).mean()

    @jax.jit
    def step(params, state, number):
        loss, grads = jax.value_and_grad(loss_of)(params)
        updates, state = optimizer.update(grads, state)
        tracker.integrations.jax.log({"loss": loss, **tracker.integrations.jax.norms(grads, "g")}, number)
        return optax.apply_updates(params, updates), state, grads

    with tracker.init() as run:
        state = optimizer.init(params)
        watching = tracker.watch(params, every=2)
        for number in range(6):
            new, state, grads = step(params, state, number)
            watching(params, grads, new)
            params = new
        jax.effects_barrier()
    metrics = show(run.id)["metrics"]
    assert metrics["loss"]["count"] == 6 and metrics["loss"]["last"] < metrics["loss"]["first"]
    assert metrics["g/dense/w/norm"]["count"] == 6
    assert metrics["gradients/dense/norm"]["count"] == 3 and metrics["gradients/dense/nonfinite"]["max"] == 0
    assert metrics["updates/dense/ratio"]["count"] == 3


def test_a_callback_is_used_again_and_records_nothing_for_a_disabled_run(tmp_path):
    import xgboost
    x, y = data()
    callback = tracker.integrations.xgboost.TrackerCallback()

    def train():
        xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(x, y), 2, callbacks=[callback])

    train()
    train()
    assert len(tracker.runs()) == 2
    tracker.init(mode="disabled")
    callback = tracker.integrations.xgboost.TrackerCallback()
    train()
    assert len(tracker.runs()) == 2
