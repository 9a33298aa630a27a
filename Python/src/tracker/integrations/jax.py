"""JAX and Optax: ``jax.debug.callback`` from compiled functions, and the norms of trees."""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, Optional

import jax
import jax.numpy as jnp

import tracker


def log(values: Mapping[str, Any], step: Any = None, run: Optional[tracker.Run] = None) -> None:
    """Records values from inside a compiled function (``jax.jit``, ``lax.scan``).

    Args:
        values: scalars by the metrics' names; they may be traced
        step: the step, which may be traced too
        run: the run; by default the newest
    """

    def record(values: Mapping[str, Any], step: Any) -> None:
        target = run if run is not None else tracker.run
        if target is None:
            raise tracker.Error("there is no run\nStart one with tracker.init().")
        target.log({key: float(value) for key, value in values.items()}, None if step is None else int(step))

    if step is None:
        jax.debug.callback(lambda values: record(values, None), dict(values), ordered=True)
    else:
        jax.debug.callback(record, dict(values), step, ordered=True)


def norms(tree: Any, prefix: str) -> Dict[str, Any]:
    """The Euclidean norm of each leaf: ``{"gradients/dense/kernel/norm": …}``; may be compiled."""
    leaves = jax.tree_util.tree_flatten_with_path(tree)[0]
    return {f"{prefix}/{name(path)}/norm": jnp.linalg.norm(jnp.ravel(leaf)) for path, leaf in leaves}


def name(path: Any) -> str:
    """A leaf's place in its tree: ``dense/kernel``."""
    words = [str(getattr(key, "key", getattr(key, "name", getattr(key, "idx", key)))) for key in path]
    return "/".join(words) or "value"


def observed(step: Callable[..., Any], every: int = 1, run: Optional[tracker.Run] = None) -> Callable[..., Any]:
    """Wraps a training step that returns a mapping of metrics last, and records that on every ``every``-th call."""
    count = 0

    def wrapped(*arguments: Any, **options: Any) -> Any:
        nonlocal count
        result = step(*arguments, **options)
        metrics = result[-1] if isinstance(result, tuple) else result
        if count % every == 0:
            target = run if run is not None else tracker.run
            if target is not None:
                target.log({key: float(value) for key, value in metrics.items()}, step=count)
        count += 1
        return result

    return wrapped
