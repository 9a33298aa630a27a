"""Checks of gradients of numpy, JAX and PyTorch."""

import numpy as np
import pytest

import tracker


def quadratic(theta):
    return float(0.5 * (theta**2).sum())


def test_a_right_gradient_passes(show):
    result = tracker.check_gradients(quadratic, lambda theta: theta, np.linspace(-1, 1, 7))
    assert result and result.passed and result.checked == 7 and "all 7 derivatives agree" in str(result)
    facts = show(result.run)
    assert facts["status"] == "finished" and facts["gradientChecks"][0]["passed"]


def test_a_wrong_gradient_is_explained_and_recorded_with_the_run(show):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 4)), rng.normal(size=(20, 3))

    def cost(theta):
        return 0.5 * ((x @ theta["w"] + theta["b"] - y) ** 2).sum() / 20

    def gradient(theta):
        error = x @ theta["w"] + theta["b"] - y
        return {"w": -(x.T @ error) / 20, "b": -error.sum(axis=0) / 20}

    with tracker.init() as run:
        run.log({"loss": 1.0})
        result = run.check(cost, gradient, {"w": rng.normal(size=(4, 3)), "b": rng.normal(size=3)}, step=7)
    assert not result and result.failed == 15 and result.run == run.id
    assert result.findings[0]["cause"] == "sign-error" and "sign-error" in str(result)
    (check,) = show(run.id)["gradientChecks"]
    assert check["step"] == 7 and [block["name"] for block in check["blocks"]] == ["w", "b"]


def test_a_cost_that_returns_its_gradient():
    assert tracker.check_gradients(lambda t: (quadratic(t), t), True, np.ones(3))


def test_large_gradients_are_sampled():
    theta = {"a": np.ones((200, 100)), "b": np.ones(50)}

    def cost(theta):
        return quadratic(theta["a"]) + quadratic(theta["b"])

    right = tracker.check_gradients(cost, lambda t: dict(t), theta)
    assert right and right.checked == 250 and len(right.directions) == 4
    assert right.evaluations < 700
    wrong = tracker.check_gradients(cost, lambda t: {**t, "a": 2 * t["a"]}, theta)
    assert not wrong and wrong.failed == 200 and not all(agrees for *_, agrees in wrong.directions)


def test_a_cost_that_does_not_repeat_itself():
    rng = np.random.default_rng(0)
    result = tracker.check_gradients(
        lambda t: quadratic(t) + rng.normal(), lambda t: t, np.linspace(-1, 1, 30)
    )
    assert not result


def test_what_does_not_fit_is_said():
    with pytest.raises(tracker.Error, match="entries"):
        tracker.check_gradients(quadratic, lambda t: t[:2], np.ones(3))
    with pytest.raises(tracker.Error, match="not one number"):
        tracker.check_gradients(lambda t: "x", lambda t: t, np.ones(3))
    with pytest.raises(tracker.Error, match="theta"):
        tracker.check_gradients(quadratic)


def test_jax_trees_and_custom_derivatives():
    import jax
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    theta = {"layer": {"w": jnp.ones((3, 2)) * 0.3, "b": jnp.zeros(2)}}
    x = jnp.arange(12.0).reshape(4, 3) / 10

    def cost(tree):
        return jnp.mean(jnp.tanh(x @ tree["layer"]["w"] + tree["layer"]["b"]) ** 2)

    result = tracker.check_gradients(cost, theta=theta)
    assert result and {block["name"] for block in result.blocks} == {"layer/w", "layer/b"}

    @jax.custom_vjp
    def square(v):
        return v * v

    square.defvjp(lambda v: (v * v, v), lambda v, g: (3 * v * g,))
    wrong = tracker.check_gradients(lambda v: square(v).sum(), theta=jnp.array([1.0, 2.0, -1.5, 0.3]))
    assert not wrong and wrong.failed == 4
    jax.config.update("jax_enable_x64", False)


@pytest.mark.parametrize(
    "cost, gradient, theta, told",
    [
        (lambda t: t**2, lambda t: t, np.ones(3), "float64 of shape \\(3,\\), not one number"),
        (lambda t: None, lambda t: t, np.ones(3), "the cost is None"),
        (lambda t: 1j, lambda t: t, np.ones(3), "the cost is a complex"),
        (np.ones(3), quadratic, lambda t: t, "order is cost, gradient, theta"),
        (quadratic, lambda t: t[1:], np.ones(3), "2 entries for 3"),
        (quadratic, lambda t: None, np.ones(3), "the gradient of theta is None"),
        (quadratic, lambda t: t * 1j, np.ones(3), "complex128"),
        (quadratic, True, np.ones(3), "Return cost, gradient"),
        (lambda p: quadratic(p["a"]), lambda p: {"b": p["a"]}, {"a": np.ones(3)}, "has no 'a'\nIt has 'b'"),
        (quadratic, lambda t: t, np.ones(3) * 1j, "real and imaginary parts"),
        (quadratic, lambda t: t, np.ones(3, "float16"), "too few digits"),
        (quadratic, lambda t: t, np.array([1, np.nan]), "its entry 1 is nan"),
        (quadratic, lambda t: t, np.zeros(0), "no parameters"),
    ],
)
def test_what_cannot_be_checked_is_said(cost, gradient, theta, told):
    with pytest.raises(tracker.Error, match=told):
        tracker.check_gradients(cost, gradient, theta)


@pytest.mark.parametrize("option", [{"epsilon": 0}, {"epsilon": "1e-4"}, {"tolerance": -1}, {"samples": 0}, {"examples": -3}])
def test_an_option_that_is_no_number_above_0_is_refused(option):
    with pytest.raises(tracker.Error, match=f"{next(iter(option))} cannot be .*\nIt is a number above 0"):
        tracker.check_gradients(quadratic, lambda t: t, np.ones(3), **option)


def test_a_check_that_is_refused_leaves_no_run_open(show):
    with pytest.raises(tracker.Error, match="hold 4 parameters"):
        tracker.check_gradients(quadratic, lambda t: t, np.ones(3), layout="W:2x2")
    first = tracker.get("latest")
    assert first.status == "failed"
    assert tracker.check_gradients(quadratic, lambda t: t, np.ones(3)).run != first.id


def test_a_check_that_passes_has_no_findings_of_another_one():
    with tracker.init():
        assert tracker.check_gradients(quadratic, lambda t: t, np.ones(3)).findings[0]["cause"] == "no-fault"
        assert tracker.check_gradients(quadratic, lambda t: -t, np.ones(3)).findings[0]["cause"] == "sign-error"
        assert tracker.check_gradients(quadratic, lambda t: t, np.ones(3)).findings == []
