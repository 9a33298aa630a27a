"""Records trainings in one SQLite file, and explains them.

    import tracker

    run = tracker.init(experiment="mnist", config={"lr": 1e-3})
    for epoch in range(10):
        run.log({"train/loss": 0.41, "val/acc": 0.93}, step=epoch)
    run.finish()

Then in a terminal: ``tracker list``, ``tracker show latest``, ``tracker report --html``. Scripts written for Weights & Biases
run with ``import tracker as wandb``.
"""

from __future__ import annotations

from typing import Any, List, Mapping, Optional

from . import _run, _wandb
from ._config import Config
from ._media import Artifact, Histogram, Html, Image, Table
from ._program import Error
from ._reading import Point, Runs, StoredRun, get, query, runs
from ._run import Run, init
from ._session import Refused
from ._wandb import AlertLevel, login, setup

__version__ = "0.1.0"

__all__ = [
    "AlertLevel",
    "Artifact",
    "Config",
    "Error",
    "Histogram",
    "Html",
    "Image",
    "Point",
    "Refused",
    "Run",
    "Runs",
    "StoredRun",
    "Table",
    "alert",
    "check_gradients",
    "define_metric",
    "finish",
    "get",
    "init",
    "log",
    "log_artifact",
    "log_figure",
    "log_histogram",
    "log_image",
    "log_model",
    "log_table",
    "log_text",
    "login",
    "query",
    "runs",
    "save",
    "setup",
    "watch",
]


def _newest() -> Run:
    if _run.newest is None:
        raise Error("there is no run\nStart one with tracker.init().")
    return _run.newest


def log(data: Mapping[str, Any], step: Optional[int] = None, commit: Optional[bool] = None) -> None:
    """Records values of metrics of the newest run: see :meth:`Run.log`."""
    _newest().log(data, step, commit)


def finish(exit_code: Optional[int] = None, **options: Any) -> None:
    """Ends the newest run: see :meth:`Run.finish`."""
    if _run.newest is not None:
        _run.newest.finish(exit_code, **options)


def log_artifact(artifact: Any, *arguments: Any, **options: Any) -> Any:
    """Keeps files with the newest run: see :meth:`Run.log_artifact`."""
    return _newest().log_artifact(artifact, *arguments, **options)


def log_text(text: str, name: str = "text.txt") -> None:
    """Keeps a text with the newest run."""
    _newest().log_text(text, name)


def log_image(image: Any, *arguments: Any, **options: Any) -> None:
    """Keeps a picture with the newest run: see :meth:`Run.log_image`."""
    _newest().log_image(image, *arguments, **options)


def log_figure(figure: Any, *arguments: Any, **options: Any) -> None:
    """Keeps a figure of matplotlib with the newest run: see :meth:`Run.log_figure`."""
    _newest().log_figure(figure, *arguments, **options)


def log_histogram(values: Any, *arguments: Any, **options: Any) -> None:
    """Keeps how values are spread with the newest run: see :meth:`Run.log_histogram`."""
    _newest().log_histogram(values, *arguments, **options)


def log_table(table: Any, *arguments: Any, **options: Any) -> None:
    """Keeps a table with the newest run: see :meth:`Run.log_table`."""
    _newest().log_table(table, *arguments, **options)


def alert(title: str, text: str = "", level: Any = "warning", **options: Any) -> None:
    """Records an alert of the newest run: see :meth:`Run.alert`."""
    _newest().alert(title, text, level, **options)


def save(glob_str: Any, *arguments: Any, **options: Any) -> List[str]:
    """Keeps the files that a pattern names with the newest run: see :meth:`Run.save`."""
    return _newest().save(glob_str, *arguments, **options)


def log_model(path: Any, name: Optional[str] = None, **options: Any) -> None:
    """Keeps the files of a model with the newest run."""
    _newest().log_model(path, name, **options)


def define_metric(name: str, *arguments: Any, **options: Any) -> None:
    """Accepted, so that scripts for W&B run."""
    _newest().define_metric(name, *arguments, **options)


def watch(model: Any, *arguments: Any, **options: Any) -> Any:
    """Records what goes on in a model's layers: see :func:`tracker._watch.watch`."""
    from . import _watch

    return _watch.watch(model, *arguments, **options)


def check_gradients(*arguments: Any, **options: Any) -> Any:
    """Checks a gradient against difference quotients: see :func:`tracker._gradients.check_gradients`."""
    from . import _gradients

    return _gradients.check_gradients(*arguments, **options)


_before_init: Optional[Config] = None


def __getattr__(name: str) -> Any:
    # `tracker.run`, `tracker.config` and `tracker.summary` are those of the newest run.
    global _before_init
    if name == "run":
        # As scripts ask whether there is one.
        return _run.newest if _run.newest is not None and _run.newest.ended in (None, "disabled") else None
    if name == "config":
        if _run.newest is not None:
            return _run.newest.config
        if _before_init is None:
            _before_init = Config(None, lambda values, replaces: None)
        return _before_init
    if name == "summary":
        return _newest().summary
    if name == "integrations":
        import importlib

        return importlib.import_module(".integrations", __name__)
    meant = _wandb.of_module(name)
    if meant is not None:
        return meant
    raise AttributeError(f"module 'tracker' has no attribute {name!r}")
