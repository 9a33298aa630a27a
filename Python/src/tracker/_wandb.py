"""Names of W&B that scripts use and that have no meaning here: they say so once, and do nothing."""

from __future__ import annotations

import enum
from typing import Any, Iterator

from ._session import tell

#: Names of W&B's module and runs that are accepted and do nothing.
_WORDS = """
    Api Audio Graph Molecule Object3D Plotly Settings Video agent controller errors joinTable link_artifact link_model
    log_code log_model mark_preempting plot plots require restore sdk sweep teardown unwatch upsert_artifact use_artifact
    use_model
"""
UNSUPPORTED = frozenset(_WORDS.split())


class AlertLevel(enum.Enum):
    """How grave an alert is."""

    INFO = "info"
    WARN = "warning"
    ERROR = "error"


class Unsupported:
    """Something that tracker does not have. Whatever is done with it does nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        tell(f"note: {name} is not supported; it does nothing")

    def __call__(self, *_: Any, **__: Any) -> Unsupported:
        return self

    def __getattr__(self, name: str) -> Unsupported:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Unsupported:
        return self

    def __exit__(self, *_: Any) -> None:
        return None

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<{self._name}: not supported>"


def login(*_: Any, **__: Any) -> bool:
    """Nothing to log in to."""
    return True


def setup(*_: Any, **__: Any) -> None:
    """Nothing to set up."""


def generate_id(length: int = 8) -> str:
    """A name for ``init(id=…)``."""
    import random
    import string

    return "".join(random.SystemRandom().choices(string.ascii_lowercase + string.digits, k=length))
