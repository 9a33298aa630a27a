"""Callbacks for frameworks of machine learning; each imports its framework only when it is used."""

from __future__ import annotations

import importlib
from typing import Any, Dict, Optional, Tuple

import tracker

_NAMES = ("accelerate", "jax", "keras", "lightgbm", "lightning", "pytorch", "sklearn", "transformers", "xgboost")


def run_for(run: Optional[tracker.Run], options: Dict[str, Any]) -> Tuple[tracker.Run, bool]:
    """The run that a callback writes to, and whether it is to end it: the given one, the newest, or a new one.

    A run that has ended, as that of a callback's earlier training, is no longer the one; one that records nothing is.
    """
    usable = (None, "disabled")
    if run is not None and run.ended in usable:
        return run, False
    newest: Optional[tracker.Run] = tracker.run
    if newest is not None and newest.ended in usable:
        return newest, False
    return tracker.init(**options), True


def reopened(run: tracker.Run, options: Dict[str, Any]) -> tracker.Run:
    """A run that its callback has ended, in the store that the options name: what comes after the training goes on in it."""
    place = {key: value for key, value in options.items() if key in ("db", "dir", "token")}
    return tracker.init(id=run.uuid, resume="allow", **place)


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
