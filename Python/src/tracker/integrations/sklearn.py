"""scikit-learn: ``tracker.integrations.sklearn.fit(model, x, y, test=(x2, y2))``."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

import tracker
from tracker._wandb import Unsupported


def fit(
    model: Any,
    x: Any,
    y: Any,
    *,
    test: Optional[Tuple[Any, Any]] = None,
    run: Optional[tracker.Run] = None,
    fit_options: Optional[Dict[str, Any]] = None,
    **options: Any,
) -> Any:
    """Fits an estimator and records it: parameters, scores, and the curve of its loss where it keeps one.

    Args:
        model: the estimator, or a pipeline
        x: the data, n × features
        y: the targets, n
        test: held-out data and targets
        run: the run; by default the newest, else a new one, which ends with the fit
        fit_options: options of ``model.fit``
        options: what a new run is started with: see :func:`tracker.init`

    Returns:
        the fitted estimator
    """
    options.setdefault("name", type(model).__name__)
    run, is_own = tracker.integrations.run_for(run, options)
    try:
        parameters = model.get_params()
        run.config.setdefaults(
            {key: value for key, value in parameters.items() if not hasattr(value, "get_params") and key != "steps"}
        )
        run.config.setdefaults({"estimator": type(model).__name__, "examples": len(x)})
        model.fit(x, y, **(fit_options or {}))
        record(model, run)
        scores = {"train/score": model.score(x, y)}
        if test is not None:
            scores["test/score"] = model.score(*test)
        run.log(scores)
    except BaseException as error:
        if is_own:
            run.__exit__(type(error), error, error.__traceback__)
        raise
    if is_own:
        run.finish()
    return model


def record(model: Any, run: tracker.Run) -> None:
    """Records the curves that a fitted estimator keeps: of its loss and of its scores."""
    last = model.steps[-1][1] if hasattr(model, "steps") else model
    curves = {
        "train/loss": getattr(last, "loss_curve_", getattr(last, "train_score_", None)),
        "val/score": getattr(last, "validation_scores_", getattr(last, "validation_score_", None)),
    }
    for name, curve in curves.items():
        for step, value in enumerate(curve if curve is not None else []):
            run.log({name: value}, step=step)
    if hasattr(last, "n_iter_"):
        count = last.n_iter_
        run.set_tags({"iterations": max(count) if hasattr(count, "__len__") else count})


def __getattr__(name: str) -> Any:
    # W&B's functions that draw.
    if name.startswith("plot_"):
        return Unsupported(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
